"""Time the way of a clip from DICOM to masked PNG masters, beside the usual ways and the physical floor.

Every line is a process of its own that converts the same clips, made here: 60 frames of 800 x 600, JPEG
baseline 4:2:2, quality 90. CPU time is of the process and its children, so that other work on the machine
counts little; the floor is decoding and deflating alone, in the same run.

    python benchmarks/ingest.py            all lines
    python benchmarks/ingest.py LINE DIR   one of them, for the process that is measured
"""

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import pydicom
import simplejpeg
from isal import isal_zlib
from numpy.typing import NDArray
from PIL import Image
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate, generate_frames
from pydicom.sequence import Sequence as Items
from pydicom.uid import JPEGBaseline8Bit

from unisono.base.errors import IngestError
from unisono.ingest import prepare as preparing
from unisono.ingest.gate import run_gate
from unisono.ingest.identity import derive_keys
from unisono.ingest.mask import plan_mask
from unisono.ingest.peek import peek
from unisono.ingest.prepare import Job, prepare
from unisono.ingest.sources import Source
from unisono.ingest.workers import Workers

ROWS, COLUMNS, N_FRAMES, N_CLIPS = 600, 800, 60, 4
US_MULTI = "1.2.840.10008.5.1.4.1.1.3.1"
KEYS = derive_keys(bytes(range(32)))
PEEKS, ROUNDS = 50, 3


def make_frames(rng: np.random.Generator, n_frames: int = N_FRAMES) -> NDArray[np.uint8]:
    """Return speckle in a fan, shape (n_frames, rows, columns, 3)."""
    y, x = np.mgrid[:ROWS, :COLUMNS]
    dx, dy = x - COLUMNS / 2, y + 20.0
    inside = (np.abs(np.arctan2(dx, dy)) < 0.65) & (np.hypot(dx, dy) > 60) & (np.hypot(dx, dy) < 590)
    frames = np.zeros((n_frames, ROWS, COLUMNS, 3), np.uint8)
    for frame in frames:
        noise = cv2.GaussianBlur(rng.integers(0, 256, (ROWS, COLUMNS), dtype=np.uint8), (0, 0), 2)
        speckle = cv2.convertScaleAbs(noise, alpha=2.5, beta=-200)
        frame[:] = (speckle * inside)[..., None]
        frame[300:360, 380:440] = frame[300:360, 380:440] // 2 + np.array([100, 20, 10], np.uint8)
    return frames


def write_clip(path: Path, frames: NDArray[np.uint8], uid: str) -> None:
    """Write the frames as an ultrasound file."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = JPEGBaseline8Bit
    data = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    data.SOPClassUID, data.SOPInstanceUID, data.Modality = US_MULTI, uid, "US"
    data.NumberOfFrames, data.Rows, data.Columns, data.SamplesPerPixel = *frames.shape[:3], 3
    data.PhotometricInterpretation, data.PlanarConfiguration, data.FrameTime = "YBR_FULL_422", 0, "20"
    data.PixelRepresentation, data.BitsAllocated, data.BitsStored, data.HighBit = 0, 8, 8, 7
    region = Dataset()
    region.RegionSpatialFormat, region.RegionLocationMinX0, region.RegionLocationMinY0 = 1, 0, 20
    region.RegionLocationMaxX1, region.RegionLocationMaxY1 = COLUMNS - 1, ROWS - 1
    data.SequenceOfUltrasoundRegions = Items([region])
    data.PixelData = encapsulate([simplejpeg.encode_jpeg(f, 90, "RGB", "422") for f in frames])
    data["PixelData"].VR = "OB"
    data["PixelData"].is_undefined_length = True
    data.save_as(path)


def clips_in(folder: Path) -> list[Path]:
    """Return the clips of a folder."""
    return sorted(folder.glob("*.dcm"))


def usual(folder: Path) -> None:
    """Read whole clips with pydicom's ``pixel_array`` (Pillow), mask them, write PNG with Pillow."""
    for path in clips_in(folder):
        frames = pydicom.dcmread(path).pixel_array
        keep = plan_mask(list(frames[:: N_FRAMES // 24 + 1]), (), lossless=False).keep
        for i, frame in enumerate(frames):
            Image.fromarray(frame * keep[..., None]).save(folder / f"{path.stem}-{i:04d}.png")


def dcmtk(folder: Path) -> None:
    """Let dcmj2pnm write every frame as PNG, unmasked."""
    for path in clips_in(folder):
        program = ["dcmj2pnm", "+Fa", "+on", str(path), str(folder / path.stem)]
        subprocess.run(program, check=True, capture_output=True)


def floor(folder: Path) -> None:
    """Decode by libjpeg-turbo and deflate by ISA-L: less cannot be done."""
    for path in clips_in(folder):
        data = pydicom.dcmread(path).PixelData
        for jpeg in generate_frames(data, number_of_frames=N_FRAMES):
            pixels = simplejpeg.decode_jpeg(jpeg, "RGB")
            isal_zlib.compress(pixels.reshape(ROWS, -1), 1)


def masters(folder: Path) -> None:
    """Ours: mask, PNG masters and hashes; without the gate and the page's pictures."""
    setattr(preparing, "encode_page_image", _no_picture)  # noqa: B010  # measured apart
    with_pictures(folder)


def _no_picture(_: object) -> bytes:
    return b""


def with_pictures(folder: Path) -> None:
    """Ours: mask, PNG masters, hashes, and the pictures that the page plays."""
    for path in clips_in(folder):
        prepare(_job(path, folder)).drop()


def gate(folder: Path) -> None:
    """Ours, and the text gate, which has a process of its own in a run."""
    for path in clips_in(folder):
        prepared = prepare(_job(path, folder))
        run_gate(prepared.shown, prepared.private.identifiers)
        prepared.drop()


LINES: dict[str, Callable[[Path], None]] = {
    f.__name__: f for f in (usual, dcmtk, floor, masters, with_pictures, gate)
}


def _job(path: Path, folder: Path) -> Job:
    return Job(Source(str(path), "dicom", (str(path),)), "01", KEYS, folder / "drafts")


def peak_mb() -> float:
    """Return this process's peak memory; ``ru_maxrss`` would be the parent's, which it inherits."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def measured(line: str, folder: Path) -> tuple[float, float]:
    """Return CPU-seconds and peak MB of a line in a process of its own."""
    program = [sys.executable, __file__, line, str(folder)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = subprocess.run(program, check=True, capture_output=True, text=True).stdout.split()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)
    return cpu_s, float(said[-1])


def net_rates(lines: Sequence[str], folders: dict[int, Path]) -> Iterator[tuple[str, float, float]]:
    """Yield each line's frames per CPU-second, start-up taken off by two sizes of load, and its peak MB."""
    few, many = min(folders), max(folders)
    for line in lines:
        runs = [(measured(line, folders[few]), measured(line, folders[many])) for _ in range(ROUNDS)]
        cost_s = sorted(more[0] - less[0] for less, more in runs)[len(runs) // 2]
        yield line, (many - few) * N_FRAMES / cost_s, runs[0][1][1]


def peek_ms(path: Path) -> float:
    """Return the time to read and check a header."""
    size = path.stat().st_size
    took = []
    for _ in range(PEEKS):
        with path.open("rb") as file:
            start = time.process_time()
            peek(file, size)
            took.append(time.process_time() - start)
    return 1000 * float(np.median(took))


def workers_gain(folder: Path) -> float:
    """Return how much faster two workers are than one, wall time, start-up taken off."""
    jobs = [_job(path, folder) for path in clips_in(folder)] * 3
    took = []
    for workers in (1, 2):
        with Workers(workers, "") as pool:
            list(pool.map(prepare, jobs[: 2 * workers]))
            start = time.perf_counter()
            for _, prepared in pool.map(prepare, jobs):
                if isinstance(prepared, IngestError):
                    raise prepared
                prepared.drop()
            took.append(time.perf_counter() - start)
    return took[0] / took[1]


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        folders = {n: Path(name, str(n)) for n in (1, N_CLIPS)}
        rng = np.random.default_rng(1)
        for n, folder in folders.items():
            folder.mkdir()
            for k in range(n):
                write_clip(folder / f"{k}.dcm", make_frames(rng), f"1.2.826.{k + 1}")
        long = Path(name, "long")
        long.mkdir()
        write_clip(long / "0.dcm", make_frames(rng, 5 * N_FRAMES), "1.2.826.9")
        lines = [line for line in LINES if line != "dcmtk" or shutil.which("dcmj2pnm")]
        rates = {line: (rate, mb) for line, rate, mb in net_rates(lines, folders)}
        _print(rates)
        print(f"{5 * N_FRAMES} frames in one clip: peak {measured('with_pictures', long)[1]:.0f} MB")
        gate_s = N_FRAMES * (1 / rates["gate"][0] - 1 / rates["with_pictures"][0])
        print(f"text gate: {gate_s:.2f} CPU-s a clip")
        print(f"header: {peek_ms(clips_in(long)[0]):.1f} ms")
        print(f"two workers: {workers_gain(folders[N_CLIPS]):.2f} times one")


def _print(rates: dict[str, tuple[float, float]]) -> None:
    print(f"{N_FRAMES} frames of {COLUMNS} x {ROWS}, JPEG 4:2:2: frames per CPU-second")
    for line, (rate, peak_mb) in rates.items():
        said = (LINES[line].__doc__ or "").split("\n", maxsplit=1)[0]
        against = f"{rate / rates['usual'][0]:5.1f}x usual {rate / rates['floor'][0]:5.0%} of the floor"
        print(f"  {line:14} {rate:7.1f}  {against}  {peak_mb:5.0f} MB  {said}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        LINES[sys.argv[1]](Path(sys.argv[2]))
        print(peak_mb())
    else:
        main()
