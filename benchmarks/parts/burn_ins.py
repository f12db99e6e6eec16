"""Draw words that name somebody on pictures, as scanners burn them in: what, in which letters, where."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

FONT_FOLDER = Path("/usr/share/fonts/truetype/dejavu")
FONTS = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSansMono", "DejaVuSerif")
HERSHEY = "Hershey"
LAST = ("SMITH", "Nguyen", "GARCIA", "Okafor", "Kowalski", "TANAKA", "O'Brien", "Svensson", "PATEL", "Li")
FIRST = ("Mary", "JOHN", "Aisha", "Peter", "WEI", "Carlos", "Ingrid", "TOMAS", "Fatima", "Olga")
SHORT = ("LI", "WU", "NG", "HO", "MA", "XU", "YI", "OH", "LE", "KO")
PLACES = ("St Mary Hospital", "GENERAL HOSPITAL", "Univ. Klinikum", "Royal Infirmary", "CHU Nord")
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
Pixels = NDArray[np.uint8]


def identifier(rng: np.random.Generator) -> tuple[str, str]:
    """Return the kind and the text of something that names somebody."""
    kind = str(rng.choice(["name", "number", "date", "place"]))
    year, month, day = int(rng.integers(1930, 2026)), int(rng.integers(1, 13)), int(rng.integers(1, 29))
    last, first = str(rng.choice(LAST)), str(rng.choice(FIRST))
    digits = int(rng.integers(10**5, 10**8))
    forms = {
        "name": [f"{last}, {first}", f"{first} {last}", f"{last}^{first}", last],
        "number": [f"{digits}", f"MRN {digits}", f"ID:{digits}", f"{rng.choice(list('ABHPUX'))}{digits}"],
        "date": [
            f"{day:02}/{month:02}/{year}", f"{year}-{month:02}-{day:02}", f"{day:02}.{month:02}.{year}",
            f"{year}{month:02}{day:02}", f"{day:02} {MONTHS[month - 1]} {year}",
        ],
        "place": list(PLACES),
    }[kind]  # fmt: skip
    return kind, str(rng.choice(forms))


def ink(text: str, font: str, size_px: int) -> NDArray[np.float64]:
    """Return how much of every pixel a text covers, 0 to 1."""
    if font == HERSHEY:
        scale = size_px * 0.73 / 9  # capitals as high as those of the other fonts
        (width, height), below = cv2.getTextSize(text, cv2.FONT_HERSHEY_PLAIN, scale, 1)
        drawn = np.zeros((height + below + 4, width + 4), np.uint8)
        cv2.putText(drawn, text, (2, height + 2), cv2.FONT_HERSHEY_PLAIN, scale, 255, 1, cv2.LINE_AA)
        return drawn / 255
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415  # comes with the extra

    face = ImageFont.truetype(str(FONT_FOLDER / f"{font}.ttf"), size_px)
    left, top, right, bottom = (round(v) for v in face.getbbox(text))
    image = Image.new("L", (right - left + 4, bottom - top + 4))
    ImageDraw.Draw(image).text((2 - left, 2 - top), text, font=face, fill=255)
    return np.asarray(image) / 255


def place_for(rng: np.random.Generator, keep: NDArray[np.bool_], shape: tuple[int, int]) -> tuple[int, int]:
    """Return a random row and column where a text lies inside the mask, or (-1, -1)."""
    rows, columns = shape
    if rows >= keep.shape[0] or columns >= keep.shape[1]:
        return -1, -1
    total = cv2.integral(keep.astype(np.uint8))
    kept = total[rows:, columns:] - total[:-rows, columns:] - total[rows:, :-columns]
    found = np.argwhere(kept + total[:-rows, :-columns] >= 0.99 * rows * columns)
    row, column = found[rng.integers(len(found))] if len(found) else (-1, -1)
    return int(row), int(column)


def with_text(image: Pixels, text: NDArray[np.float64], row: int, column: int, grey: int) -> Pixels:
    """Return an image with a text on it."""
    out = image.copy()
    part = out[row : row + text.shape[0], column : column + text.shape[1]]
    part[:] = np.round(part * (1 - text) + grey * text)
    return out


def boxed(image: Pixels, text: NDArray[np.float64], row: int, column: int, grey: int, back: int) -> Pixels:
    """Return an image with a text on it in a filled box."""
    out = image.copy()
    out[row : row + text.shape[0], column : column + text.shape[1]] = back
    return with_text(out, text, row, column, grey)


def slanted(text: NDArray[np.float64], angle_deg: float) -> NDArray[np.float64]:
    """Return a text turned anticlockwise, whole."""
    rows, columns = text.shape
    side = int(np.ceil(np.hypot(rows, columns))) + 2
    turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), angle_deg, 1.0)
    turn[:, 2] += (side / 2 - columns / 2, side / 2 - rows / 2)
    there = cv2.warpAffine(text, turn, (side, side))
    x, y, width, height = cv2.boundingRect((there > 0.05).astype(np.uint8))  # a trace of ink
    return np.asarray(there[y : y + height, x : x + width], np.float64)


def short_name(rng: np.random.Generator) -> tuple[str, str]:
    """Return the kind and the text of a name of two letters."""
    name = str(rng.choice(SHORT))
    return "name", name if rng.random() < 0.5 else name.title()
