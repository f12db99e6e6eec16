"""Time fsck over 100,000 frames, beside sha256sum over the same files as the floor.

The frames are small PNG files, made here in a temporary folder and removed after; their rows are written to
a catalog of their own. Memory is measured with half of the frames and with all of them: it must not grow.

    python benchmarks/fsck.py              all lines
    python benchmarks/fsck.py check HOME   one fsck, for the process that is measured
"""

import hashlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from unisono.base.settings import Settings
from unisono.catalog.clips import Clip, Frame, insert_clip
from unisono.catalog.db import Catalog, open_catalog
from unisono.catalog.files import encode_pack
from unisono.catalog.rows import now
from unisono.ingest.png import encode_png
from unisono.ingest.run.fsck import fsck

N_FRAMES, FRAMES_A_CLIP = 100_000, 50
ROWS = COLUMNS = 112
GOAL_S = 60.0
ROUNDS = 3


def pictures(rng: np.random.Generator) -> Iterator[bytes]:
    """Yield PNG files that all differ: one speckle, each time with another row of it moved."""
    speckle = rng.integers(0, 256, (ROWS, COLUMNS), dtype=np.uint8)
    while True:
        speckle = np.roll(speckle, 1, axis=0)
        speckle[0] = rng.integers(0, 256, COLUMNS, dtype=np.uint8)
        yield encode_png(speckle)


def fill(catalog: Catalog, n_clips: int, rng: np.random.Generator) -> int:
    """Store so many clips without flushing a disk for each, and return their bytes."""
    total = 0
    images = pictures(rng)
    for number in range(n_clips):
        code = f"01-{hashlib.sha256(str(number).encode()).hexdigest()}"
        pngs = [next(images) for _ in range(FRAMES_A_CLIP)]
        pack = encode_pack(pngs[:1])
        sha256 = hashlib.sha256(pack).hexdigest()
        paths = [catalog.files.frame_path(f"{code}-{i:04d}") for i in range(FRAMES_A_CLIP)]
        paths.append(catalog.files.pack_path(code, sha256))
        for path, data in zip(paths, [*pngs, pack], strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            total += len(data)
        frames = [Frame(code, i, hashlib.sha256(p).hexdigest(), "0" * 64, len(p)) for i, p in enumerate(pngs)]
        clip = Clip(
            code, "01", f"{number:016x}", "video", ROWS, COLUMNS, FRAMES_A_CLIP, None, "unknown", (), None,
            {}, {}, "benchmark", sha256, len(pack), f"{number:064x}", "", "", True, now(), "approved",
        )  # fmt: skip
        catalog.write(partial(insert_clip, clip=clip, frames=frames))
    return total


def check(home: Path) -> None:
    """Check a home and print seconds, CPU-seconds, peak MB and frames."""
    catalog = open_catalog(Settings(home=home))
    start, cpu = time.perf_counter(), time.process_time()
    checked = fsck(catalog)
    took = time.perf_counter() - start, time.process_time() - cpu
    catalog.close()
    if not checked.is_clean:
        raise SystemExit(f"{len(checked.faults)} faults, the first: {checked.faults[0]}")
    print(*took, peak_mb(), checked.frames, checked.bytes)


def peak_mb() -> float:
    """Return the peak of this program's resident memory; getrusage would tell its parent's, if larger."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def measured(home: Path) -> list[float]:
    """Return what `check` prints, the median by time of some rounds in processes of their own."""
    program = [sys.executable, __file__, "check", str(home)]
    runs = [subprocess.run(program, check=True, capture_output=True, text=True) for _ in range(ROUNDS)]
    return sorted([float(word) for word in run.stdout.split()] for run in runs)[ROUNDS // 2]


def sha256sum_s(home: Path) -> float:
    """Return the time that sha256sum takes over all frames and packs."""
    program = f"find {home}/png-cache {home}/packs -type f -print0 | xargs -0 sha256sum > /dev/null"
    took = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        subprocess.run(["sh", "-c", program], check=True)
        took.append(time.perf_counter() - start)
    return sorted(took)[ROUNDS // 2]


def main() -> None:
    """Print the table."""
    rng = np.random.default_rng(1)
    peaks = {}
    with tempfile.TemporaryDirectory() as name:
        for n_frames in (N_FRAMES // 10, N_FRAMES):
            home = Path(name, str(n_frames))
            catalog = open_catalog(Settings(home=home))
            fill(catalog, n_frames // FRAMES_A_CLIP, rng)
            catalog.close()
            took_s, cpu_s, peaks[n_frames], found, n_bytes = measured(home)
        floor_s = sha256sum_s(home)
    print(f"{found:.0f} frames, {n_bytes / 1e6:.0f} MB, warm disk cache")
    print(f"  fsck       {took_s:6.1f} s  {n_bytes / took_s / 1e6:6.0f} MB/s  {cpu_s:.1f} CPU-s")
    print(f"  sha256sum  {floor_s:6.1f} s  {n_bytes / floor_s / 1e6:6.0f} MB/s  one process")
    print(f"  peak memory {peaks[N_FRAMES // 10]:.0f} MB with a tenth, {peaks[N_FRAMES]:.0f} MB with all")
    print(f"  goal: {GOAL_S:.0f} s: {'met' if took_s <= GOAL_S else 'MISSED'}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        check(Path(sys.argv[2]))
    else:
        main()
