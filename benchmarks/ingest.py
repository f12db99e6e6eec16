"""Time the way of a clip from DICOM to masked PNG masters, beside the usual ways and the physical floor.

Each line converts one clip of 60 frames of 800 x 600, JPEG, in its turn, round by round. CPU time is counted,
of the process and its children and without start-up, so that other work on the machine counts little; a ratio
is the median of the rounds' ratios. Two workers are timed on the wall, in rounds in which cores were free.

usual      pydicom's ``pixel_array`` (Pillow decodes), a mask found beforehand, Pillow's PNG files
dcmj2pnm   DCMTK, when it is installed: PNG files, no mask; a part of the clip
floor      decoding by libjpeg-turbo, and deflating by ISA-L the very bytes that the masters hold, alone
unmasked   the same with the PNG filter, over whole frames: a floor that is easier to come near to
masters    ours: header, mask found and applied, PNG masters, hashes, one file a frame renamed into its place
pictures   the same, and the smaller pictures that the page plays
gate       ours: the text gate over a clip's two composites

    python benchmarks/ingest.py             all lines
    python benchmarks/ingest.py LINE DIR    one of them, for the process that is measured
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

import cv2
import numpy as np
import pydicom
import simplejpeg
from isal import isal_zlib
from PIL import Image
from pydicom.pixels.decoders.base import get_decoder
from pydicom.uid import JPEGBaseline8Bit

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.parts.loads import COLUMNS, ROWS, jpegs_of, make_jpegs, write_clip
from benchmarks.parts.rounds import Competitor, Spread, Turn, answer, busy_s, goal, machine, say, spread
from unisono.base.errors import IngestError
from unisono.ingest import drafting
from unisono.ingest.files.sources import Source
from unisono.ingest.gate.verdict import run_gate
from unisono.ingest.identity.codes import derive_keys
from unisono.ingest.identity.header import read_header
from unisono.ingest.masks.mask import plan_mask
from unisono.ingest.png import encode_png
from unisono.ingest.prepare import Job, prepare
from unisono.ingest.prepared import Prepared
from unisono.ingest.readers.peek import identifiers_of, peek
from unisono.ingest.workers import Workers

N_FRAMES, N_LONG, N_WARM = 60, 600, 12
ROUNDS, N_JOBS, N_WARM_JOBS, PEEKS = 5, 6, 8, 50
POOL_ROUNDS, MOST_POOL_ROUNDS, QUIET = 3, 5, 0.2
KEYS = derive_keys(np.random.default_rng(3).bytes(32))
SLOW = {"usual", "dcmj2pnm"}
"""They take seconds: their turn comes in every second round, beginning with the first."""
FRAMES = {"dcmj2pnm": N_WARM}
"""Frames of a turn, where they are fewer."""
_IDAT = slice(41, -16)
"""The deflated lines in a PNG of one IDAT: after signature, IHDR and two words, before checksum and IEND."""


def usual(path: Path) -> Turn:
    """Read by pydicom and Pillow, mask given, written by Pillow."""
    plugins = get_decoder(JPEGBaseline8Bit).available_plugins
    if plugins != ("pillow",):
        raise SystemExit(f"pydicom is to decode with Pillow alone; here it has {', '.join(plugins)}")
    sample = [simplejpeg.decode_jpeg(jpeg, "RGB") for jpeg in jpegs_of(path)[::3]]
    keep = plan_mask(sample, (), lossless=False).keep.view(np.uint8)

    def turn() -> None:
        for i, frame in enumerate(pydicom.dcmread(path).pixel_array):
            masked = cv2.bitwise_and(frame, frame, mask=keep)
            Image.fromarray(masked).save(path.with_name(f"usual-{i:04d}.png"))

    return turn


def dcmj2pnm(path: Path) -> Turn:
    """DCMTK, no mask."""
    program = ["dcmj2pnm", "+Fr", "1", str(N_WARM), "+on", str(path), str(path.with_name("dcmtk"))]

    def turn() -> None:
        subprocess.run(program, check=True, capture_output=True)

    return turn


def floor(path: Path) -> Turn:
    """libjpeg-turbo + ISA-L alone."""
    prepared = _prepared(path)
    lines = [isal_zlib.decompress(png.read_bytes()[_IDAT]) for png in prepared.pngs()]
    prepared.drop()

    def turn() -> None:
        for jpeg, data in zip(jpegs_of(path), lines, strict=True):
            simplejpeg.decode_jpeg(jpeg, "RGB")
            isal_zlib.compress(data, 1)

    return turn


def unmasked(path: Path) -> Turn:
    """libjpeg-turbo, PNG filter, ISA-L."""

    def turn() -> None:
        for jpeg in jpegs_of(path):
            encode_png(simplejpeg.decode_jpeg(jpeg, "RGB"))

    return turn


def masters(path: Path) -> Turn:
    """Ours, with masks and hashes."""
    if not hasattr(drafting, "encode_page_image"):
        raise SystemExit("the page's pictures are made elsewhere now; this line would count them")
    setattr(drafting, "encode_page_image", lambda _: b"")  # noqa: B010  # counted by the next line
    return pictures(path)


def pictures(path: Path) -> Turn:
    """Ours, and the page's pictures."""

    def turn() -> None:
        prepared = _prepared(path)
        for i, draft in enumerate(prepared.pngs()):
            draft.rename(path.with_name(f"master-{i:04d}.png"))
        prepared.drop()

    return turn


def gate(path: Path) -> Turn:
    """Ours, the text gate."""
    prepared = _prepared(path)
    prepared.drop()

    def turn() -> None:
        run_gate(prepared.shown, prepared.private.identifiers)

    return turn


LINES: dict[str, Callable[[Path], Turn]] = {
    line.__name__: line for line in (usual, dcmj2pnm, floor, unmasked, masters, pictures, gate)
}


def _job(path: Path) -> Job:
    return Job(Source(str(path), "dicom", (str(path),)), "01", KEYS, path.with_name("drafts"))


def _prepared(path: Path) -> Prepared:
    return prepare(_job(path))


def rates(folder: Path) -> dict[str, list[float]]:
    """Let all take their turns, print every round, and return the figures of each line."""
    names = [name for name in LINES if name != "dcmj2pnm" or shutil.which(name)]
    with ExitStack() as stack:
        lines = {name: stack.enter_context(Competitor(__file__, name, str(folder))) for name in names}
        for line in lines.values():
            line.ready()
        for number in range(ROUNDS):
            due = [name for name in names if name not in SLOW or number % 2 == 0]
            said = [f"{name} {figure(name, lines[name].turn().cpu_s):.1f}" for name in due]
            say(f"  round {number + 1}: {', '.join(said)}")
        figures = {name: [figure(name, took.cpu_s) for took in line.rounds] for name, line in lines.items()}
        peaks = {name: line.rounds[-1].peak_mb for name, line in lines.items()}
    say(f"{N_FRAMES} frames of {COLUMNS} x {ROWS}, JPEG 4:2:2: median (least to most) of the rounds")
    for name, known in LINES.items():
        if name not in figures:
            say(f"  {name:9} not installed")
            continue
        unit = "CPU-s a clip" if name == "gate" else "frames a CPU-s"
        text = spread(figures[name]).text(2 if name == "gate" else 1)
        say(f"  {name:9} {text:25} {unit:15} peak {peaks[name]:4.0f} MB   {known.__doc__}")
    return figures


def figure(name: str, cpu_s: float) -> float:
    """Return frames a CPU-second; of the gate, CPU-seconds a clip."""
    return cpu_s if name == "gate" else FRAMES.get(name, N_FRAMES) / cpu_s


def judge(figures: dict[str, list[float]]) -> None:
    """Print the goals of speed."""
    ours = figures["masters"]
    rate = spread(ours)
    goal("masters, frames a CPU-second", rate.text(), ">= 150", is_met=rate.median >= 150)
    gain = ratio(ours[::2], figures["usual"])
    goal("masters, times pydicom + Pillow", gain.text(), ">= 8", is_met=gain.median >= 8)
    share = ratio(ours, figures["floor"], 100)
    goal("masters, share of the floor", share.text(0, " %"), ">= 50 %", is_met=share.median >= 50)
    goal("  the same, stretch", share.text(0, " %"), ">= 75 %", is_met=share.median >= 75)
    say(
        f"  {'masters, share of the unmasked floor':40} {ratio(ours, figures['unmasked'], 100).text(0, ' %')}"
    )
    took = spread(figures["gate"])
    goal("text gate, CPU-s a clip", took.text(2), "<= 1.2", is_met=took.median <= 1.2)


def ratio(ours: Sequence[float], others: Sequence[float], times: float = 1) -> Spread:
    """Return the spread of the ratios of the rounds."""
    return spread([times * one / other for one, other in zip(ours, others, strict=True)])


def judge_memory(folder: Path, jpegs: list[bytes]) -> None:
    """Print the peak memory of a reader of a short and of a long clip, each in a new process."""
    for n_frames in (N_FRAMES, N_LONG):
        own = folder / str(n_frames)
        own.mkdir()
        write_clip(own / "clip.dcm", jpegs * (n_frames // N_FRAMES), "1.2.826.9")
        shutil.copy(folder / "warm.dcm", own / "warm.dcm")
        with Competitor(__file__, "pictures", str(own)) as reader:
            peak_mb = reader.ready().turn().peak_mb
        goal(f"a reader's memory, {n_frames} frames", f"{peak_mb:.0f} MB", "<= 200 MB", is_met=peak_mb <= 200)
        took = spread(header_ms(own / "clip.dcm"))
        goal(f"header, {n_frames} frames", took.text(2, " ms"), "<= 5 ms", is_met=took.median <= 5)


def header_ms(path: Path) -> list[float]:
    """Return the times to check a header, find its pixels, and clean it."""
    took = []
    for _ in range(PEEKS):
        start = time.process_time()
        with path.open("rb") as file:
            peeked = peek(file, path.stat().st_size)
            read_header(peeked.dataset)
            identifiers_of(peeked.dataset)
        took.append(1000 * (time.process_time() - start))
    return took


def judge_workers(path: Path) -> None:
    """Print how much faster two workers are than one, on the wall, turn by turn."""
    gains, busy = [], []
    with Workers(1, "") as one, Workers(2, "") as two:
        for pool in (one, two):
            _mapped(pool, path, N_WARM_JOBS)
        for _ in range(MOST_POOL_ROUNDS):
            (slow_s, others), (fast_s, more) = (_mapped(pool, path, N_JOBS) for pool in (one, two))
            busy.append(max(others, more))
            gains += [slow_s / fast_s] if busy[-1] <= QUIET else []
            if len(gains) == POOL_ROUNDS:
                break
    if not gains:
        say(f"  two workers: not measured, others kept {spread(busy).text(2)} of the cores busy")
        return
    gain = spread(gains)
    goal("two workers, times one, wall", gain.text(2), ">= 1.8", is_met=gain.median >= 1.8)
    say(f"    rounds in which others used at most {QUIET} of a core: {len(gains)} of {len(busy)}")


def _mapped(pool: Workers, path: Path, n_jobs: int) -> tuple[float, float]:
    """Return the seconds that so many clips took, and how many cores others used meanwhile."""
    machine_s, own_s, start = busy_s(), time.process_time(), time.perf_counter()
    children_s = 0.0
    for _, result in pool.map(timed_prepare, [_job(path)] * n_jobs):
        if isinstance(result, IngestError):
            raise result
        prepared, cpu_s = result
        prepared.drop()
        children_s += cpu_s
    took_s = time.perf_counter() - start
    ours_s = children_s + time.process_time() - own_s
    return took_s, (busy_s() - machine_s - ours_s) / took_s


def timed_prepare(job: Job) -> tuple[Prepared, float]:
    """Return what ingest makes of a clip, and the CPU-seconds of it."""
    start = time.process_time()
    return prepare(job), time.process_time() - start


def main() -> None:
    """Print the rounds, the table and the goals."""
    say(machine())
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        jpegs = make_jpegs(np.random.default_rng(1), N_FRAMES)
        write_clip(folder / "clip.dcm", jpegs, "1.2.826.1")
        write_clip(folder / "warm.dcm", jpegs[:N_WARM], "1.2.826.2")
        cpu_s = rates(folder)
        judge(cpu_s)
        judge_memory(folder, jpegs)
        judge_workers(folder / "clip.dcm")
    say(f"took {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        line, given = LINES[sys.argv[1]], Path(sys.argv[2])
        answer(line(given / "clip.dcm"), line(given / "warm.dcm"))
    else:
        main()
