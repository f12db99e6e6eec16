"""Time fsck over 100,000 frames, beside sha256sum over the same files as the floor.

The frames are small PNG files, made here in a temporary folder and removed after; their rows are written to
a catalog of their own. The folder lies in memory where the machine has that (/dev/shm), as both programs read
from the disk's cache anyway. They take turns. Memory is measured with a tenth of the frames and with all.

    python benchmarks/fsck.py         all lines
    python benchmarks/fsck.py HOME    fsck in every round, for the process that is measured
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import numpy as np
import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.parts.rounds import Competitor, Turn, answer, goal, machine, say, spread
from unisono.base.packs import encode_pack
from unisono.base.settings import Settings
from unisono.catalog.clips import Clip, Frame, insert_clip
from unisono.catalog.db import Catalog, open_catalog
from unisono.catalog.rows import now
from unisono.ingest.png import encode_png
from unisono.ingest.run.fsck import fsck

N_FRAMES, FRAMES_A_CLIP = 100_000, 50
ROWS = COLUMNS = 112
ROUNDS, CLIPS_A_WRITE = 3, 100
MEMORY, ROOM_BYTES = Path("/dev/shm"), 4 * 10**9  # noqa: S108  # nothing secret, and a name of its own
Made = tuple[Clip, list[Frame]]


def pictures(rng: np.random.Generator) -> Iterator[bytes]:
    """Yield PNG files that all differ: one speckle, each time with another row of it moved."""
    speckle = rng.integers(0, 256, (ROWS, COLUMNS), dtype=np.uint8)
    while True:
        speckle = np.roll(speckle, 1, axis=0)
        speckle[0] = rng.integers(0, 256, COLUMNS, dtype=np.uint8)
        yield encode_png(speckle)


def fill(catalog: Catalog, n_clips: int, rng: np.random.Generator) -> int:
    """Store so many clips, many in one transaction and without flushing files, and return their bytes."""
    images = pictures(rng)
    total = 0
    for first in range(0, n_clips, CLIPS_A_WRITE):
        made = [_made(catalog, number, images) for number in range(first, first + CLIPS_A_WRITE)]
        total += sum(clip.pack_bytes + sum(frame.png_bytes for frame in frames) for clip, frames in made)
        catalog.write(partial(_insert, made=made))
    return total


def _insert(connection: sa.Connection, made: Sequence[Made]) -> None:
    for clip, frames in made:
        insert_clip(connection, clip, frames)


def _made(catalog: Catalog, number: int, images: Iterator[bytes]) -> Made:
    """Write a clip's files and return its rows."""
    code = f"01-{hashlib.sha256(str(number).encode()).hexdigest()}"
    pngs = [next(images) for _ in range(FRAMES_A_CLIP)]
    pack = encode_pack(pngs[:1])
    sha256 = hashlib.sha256(pack).hexdigest()
    paths = [catalog.files.frame_path(f"{code}-{i:04d}") for i in range(FRAMES_A_CLIP)]
    for path, data in zip([*paths, catalog.files.pack_path(code, sha256)], [*pngs, pack], strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    frames = [Frame(code, i, hashlib.sha256(p).hexdigest(), "0" * 64, len(p)) for i, p in enumerate(pngs)]
    clip = Clip(
        code, "01", f"{number:016x}", "video", ROWS, COLUMNS, FRAMES_A_CLIP, None, "unknown", (), None,
        {}, {}, "benchmark", sha256, len(pack), f"{number:064x}", "", "", True, now(), "approved",
    )  # fmt: skip
    return clip, frames


def check(home: Path) -> Turn:
    """Return what checks a home once."""

    def turn() -> None:
        catalog = open_catalog(Settings(home=home))
        checked = fsck(catalog)
        catalog.close()
        if not checked.is_clean:
            raise SystemExit(f"{len(checked.faults)} faults, the first: {checked.faults[0]}")

    return turn


def filled(home: Path, n_frames: int) -> int:
    """Make a home and return its bytes."""
    start = time.perf_counter()
    catalog = open_catalog(Settings(home=home))
    n_bytes = fill(catalog, n_frames // FRAMES_A_CLIP, np.random.default_rng(1))
    catalog.close()
    say(f"{n_frames} frames of {n_bytes / 1e6:.0f} MB written in {time.perf_counter() - start:.0f} s")
    return n_bytes


def roomy() -> str | None:
    """Return the folder in memory when it has room; on a busy disk, removing so many files takes minutes."""
    is_roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM_BYTES
    return str(MEMORY) if is_roomy else None


def wall_s(act: Callable[[], object]) -> float:
    """Return the seconds that something takes."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    say(machine())
    with tempfile.TemporaryDirectory(dir=roomy()) as name, ExitStack() as stack:
        few, all_of_them = Path(name, "few"), Path(name, "all")
        filled(few, N_FRAMES // 10)
        n_bytes = filled(all_of_them, N_FRAMES)
        small, large = (
            stack.enter_context(Competitor(__file__, str(home))).ready() for home in (few, all_of_them)
        )
        program = f"find {all_of_them}/[p]* -type f -print0 | xargs -0 sha256sum > /dev/null"
        least_mb = small.turn().peak_mb
        took: dict[str, list[float]] = {"fsck": [], "sha256sum": []}
        for number in range(ROUNDS):
            took["fsck"].append(wall_s(large.turn))
            took["sha256sum"].append(wall_s(partial(subprocess.run, ["sh", "-c", program], check=True)))
            say(f"  round {number + 1}: " + ", ".join(f"{who} {s[-1]:.1f} s" for who, s in took.items()))
        for who, figures in took.items():
            median = spread(figures)
            say(f"  {who:10} {median.text(1, ' s'):26} {n_bytes / median.median / 1e6:5.0f} MB/s")
        cpu_s = spread([one.cpu_s for one in large.rounds])
        say(f"  fsck, CPU time {cpu_s.text(1, ' s')}: {1e6 * cpu_s.median / N_FRAMES:.0f} CPU-us a frame")
        peak_mb = large.rounds[-1].peak_mb
        say(f"  fsck, peak memory {least_mb:.0f} MB with a tenth of the frames, {peak_mb:.0f} MB with all")
        check_s = spread(took["fsck"])
        goal(
            f"fsck of {N_FRAMES} frames, warm cache",
            check_s.text(1, " s"),
            "<= 60 s",
            is_met=check_s.median <= 60,
        )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        answer(check(Path(sys.argv[1])), lambda: None)
    else:
        main()
