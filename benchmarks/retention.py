"""Measure how much of a known sector is kept, and how much else, on drawn screens.

Fans, rectangles and trapezia of many angles, depths and sizes, with dark edges, colour boxes, banners,
letters, scales and ECG strips, lossless and as JPEG. Beside our shapes stand the convex hull of what moves,
and the declared box alone (the smallest one round the sector, 4 % larger on each side, as scanners have it).
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.ingest.screens import Scene, Screen, draw, random_scene
from unisono.base.errors import IngestError
from unisono.ingest.masks.mask import blackened, plan_mask
from unisono.ingest.masks.sector import find_evidence, hull, pieces

Area = NDArray[np.bool_]
BOX_MARGIN = 0.04
ROWS, COLUMNS, ROUNDS = 600, 800, 200
COLUMNS_OF_PICTURE = 480


def ours(scene: Scene, screen: Screen) -> Area:
    return plan_mask(list(screen.frames), (), lossless=scene.quality is None, is_declared=True).keep


def hull_only(scene: Scene, screen: Screen) -> Area:
    found = pieces(find_evidence(list(screen.frames), lossless=scene.quality is None))
    if not found:
        raise IngestError("E_NO_MASK", "nothing moves")
    return np.asarray(np.logical_or.reduce([hull(piece) for piece in found]))


def box_only(scene: Scene, screen: Screen) -> Area:
    ys, xs = np.flatnonzero(screen.sector.any(axis=1)), np.flatnonzero(screen.sector.any(axis=0))
    dy, dx = int(BOX_MARGIN * scene.rows), int(BOX_MARGIN * scene.columns)
    area = np.zeros_like(screen.sector)
    area[max(0, ys[0] - dy) : ys[-1] + dy + 1, max(0, xs[0] - dx) : xs[-1] + dx + 1] = True
    return area


WAYS: dict[str, Callable[[Scene, Screen], Area]] = {"ours": ours, "hull": hull_only, "box": box_only}


def measure(n_clips: int, n_frames: int) -> None:
    rows: dict[str, list[tuple[float, float, int, float]]] = {name: [] for name in WAYS}
    refused = dict.fromkeys(WAYS, 0)
    for seed in range(n_clips):
        scene = random_scene(np.random.default_rng(seed), n_frames=n_frames)
        screen = draw(scene)
        n_sector = int(np.count_nonzero(screen.sector))
        for name, way in WAYS.items():
            start = time.process_time()
            try:
                keep = way(scene, screen)
            except IngestError as error:
                refused[name] += 1
                print(f"  {name} refused seed {seed}: {error.code}")
                continue
            spent_s = time.process_time() - start
            kept = int(np.count_nonzero(keep & screen.sector)) / n_sector
            over = int(np.count_nonzero(keep & ~screen.sector)) / n_sector
            letters = int(np.count_nonzero(keep & screen.drawn))
            rows[name].append((kept, over, letters, spent_s))
            if name == "ours" and (kept < 0.98 or letters):
                print(f"  seed {seed}: kept {kept:.2%}, letters {letters} px: {scene}")
    for name, found in rows.items():
        table = np.array(found)
        print(
            f"{name:5} kept median {np.median(table[:, 0]):.2%} min {table[:, 0].min():.2%}, "
            f"under 98 %: {int((table[:, 0] < 0.98).sum())}; beyond median {np.median(table[:, 1]):.2%} "
            f"max {table[:, 1].max():.2%}; clips with letters kept: {int((table[:, 2] > 0).sum())}; "
            f"refused {refused[name]}; median {1000 * np.median(table[:, 3]):.0f} ms"
        )


def time_apply() -> None:
    frame = np.random.default_rng(0).integers(0, 256, (ROWS, COLUMNS, 3), dtype=np.uint8)
    scene = Scene(rows=ROWS, columns=COLUMNS)
    plan = plan_mask(list(draw(scene).frames), (), lossless=True)
    stencil = plan.stencil(3)
    start = time.process_time()
    for _ in range(ROUNDS):
        blackened(frame, stencil)
    print(f"apply {1000 * (time.process_time() - start) / ROUNDS:.2f} ms a frame of {COLUMNS} x {ROWS} x 3")


def draw_pictures(folder: Path) -> None:
    """Write the two pictures of docs/masks.md: a fan with a dark side, and four shapes."""
    dark = Scene(dark=("left",), extras=frozenset({"banner", "text", "scale", "colour"}), seed=3)
    write_picture(folder / "mask-dark-side.png", [before_and_after(dark)])
    shapes = [Scene(shape=s, near_share=n, seed=4) for s, n in (("convex", 0.35), ("cropped", 0.3))]
    shapes += [Scene(shape=s, half_angle_deg=20, seed=5) for s in ("linear", "trapezium")]
    outlined = [before_and_after(scene)[:, COLUMNS_OF_PICTURE:] for scene in shapes]
    write_picture(folder / "mask-shapes.png", [np.hstack(outlined[:2]), np.hstack(outlined[2:])])


def before_and_after(scene: Scene) -> NDArray[np.uint8]:
    """Return a frame with the border of its mask, and the same frame masked, side by side."""
    screen = draw(scene)
    plan = plan_mask(list(screen.frames), (), lossless=True)
    before, after = screen.frames[0].copy(), plan.apply(screen.frames[0])
    borders, _ = cv2.findContours(plan.keep.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    for picture in (before, after):
        cv2.drawContours(picture, borders, -1, (90, 220, 90), 2)
    return np.hstack(
        [cv2.resize(p, (COLUMNS_OF_PICTURE, 360), interpolation=cv2.INTER_AREA) for p in (before, after)]
    )


def write_picture(path: Path, rows: list[NDArray[np.uint8]]) -> None:
    cv2.imwrite(str(path), np.vstack(rows)[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 9])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=200)
    parser.add_argument("--frames", type=int, default=8)
    parser.add_argument("--pictures", type=Path, help="write the pictures of the documents here, and stop")
    given = parser.parse_args()
    if given.pictures:
        draw_pictures(given.pictures)
    else:
        measure(given.clips, given.frames)
        time_apply()
