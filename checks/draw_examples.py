"""Draw the examples of the shipped protocols from seeded phantoms: ``python -m checks.draw_examples``.

They are written to ``src/unisono/annotate/protocols/examples`` and ship with the package; nothing of a
patient is in them.
"""

import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from unisono.bench.phantom import Heart, make_heart

FOLDER = Path(__file__).parents[1] / "src" / "unisono" / "annotate" / "protocols" / "examples"
ROWS, COLUMNS = 300, 400
WEBP_QUALITY = 82
SEED = 11
QUALITIES = {"quality-good": 0.98, "quality-borderline": 0.45, "quality-wrong": 0.0}
COLOUR = (216, 200, 94)
"""The accent of the page, in the order that OpenCV writes."""
OUTSIDE, SHORT = 1.22, 0.9
"""How far a wrong border lies outside of the true one, and how much of the length a short one has."""


def heart(quality: float) -> Heart:
    """Return the phantom of the examples."""
    return make_heart(np.random.default_rng(SEED), frames=8, rows=ROWS, columns=COLUMNS, quality=quality)


def borders(drawn: Heart) -> dict[str, NDArray[np.float64]]:
    """Return a true, a foreshortened and an outer border of the end-diastolic frame, px."""
    true = drawn.curves[drawn.ed_frame]
    base = (true[0] + true[-1]) / 2
    along = drawn.apex[drawn.ed_frame] - base
    along /= np.hypot(*along)
    length = ((true - base) @ along)[:, None]
    short = true - length * along * (1 - SHORT)
    return {"border-good": true, "border-borderline": short, "border-wrong": base + (true - base) * OUTSIDE}


def traced(image: NDArray[np.uint8], border: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Return the image in colour with a border on it, dark halo below."""
    colour = np.asarray(cv2.cvtColor(image, cv2.COLOR_GRAY2BGR), np.uint8)
    points = [np.round(border * 16).astype(np.int32)]
    for shade, width in (((0, 0, 0), 4), (COLOUR, 2)):
        cv2.polylines(colour, points, False, shade, width, cv2.LINE_AA, 4)
    return colour


def pictures() -> dict[str, NDArray[np.uint8]]:
    """Return every picture by the stem of its name."""
    drawn = {name: heart(quality) for name, quality in QUALITIES.items()}
    shown = {name: np.asarray(h.images[h.ed_frame], np.uint8) for name, h in drawn.items()}
    clear = drawn["quality-good"]
    still = shown["quality-good"]
    return shown | {name: traced(still, border) for name, border in borders(clear).items()}


def main() -> int:
    """Write the pictures."""
    FOLDER.mkdir(exist_ok=True)
    for name, image in pictures().items():
        cv2.imwrite(str(FOLDER / f"{name}.webp"), image, [cv2.IMWRITE_WEBP_QUALITY, WEBP_QUALITY])
    return 0


if __name__ == "__main__":
    sys.exit(main())
