"""Change recordings at random for some minutes and take each in: no parent may die, nothing may hang.

    python tests/fuzz/mutate.py [MINUTES] [SEED] [FOLDER...]

Each round takes a file (made here in many syntaxes and kinds, and those under the folders), flips, drops,
repeats or overwrites some of its bytes, packs some into archives, and takes them in as the product does: this
process scans (kinds, sizes of numbered images, members of archives), caged workers read what was found. What
comes back is counted by code. A worker may die of a codec's fault: that costs its file, and the seed that did
it is printed, so that it can be made again. Whatever else is not foreseen is printed, too.
"""

import argparse
import io
import sys
import tarfile
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.ingest import codings, makers  # noqa: E402  # the makers of the tests
from tests.ingest.known_secret import KEYS  # noqa: E402
from tests.ingest.readers.private.test_ge import beams, movie_file  # noqa: E402
from unisono.base.errors import IngestError  # noqa: E402
from unisono.ingest.files.sources import Source, scan  # noqa: E402
from unisono.ingest.prepare import Job, prepare  # noqa: E402
from unisono.ingest.workers import Workers  # noqa: E402

LARGEST_BYTES = 3 * 1024 * 1024
BATCH, PACKED_SHARE, LOOPS_SHARE, N_STILLS = 20, 0.15, 0.05, 10
ARCHIVES = ("zip", "zip, stored", "tar", "tar.gz")
CHANGES = ("overwrite", "drop", "repeat", "ones", "zeros", "cut")


def seeds_of_files() -> Iterator[bytes]:
    """Yield recordings made here: one a syntax, and some of each other kind."""
    colour = next(case for case in codings.CASES if case.name == "YBR_PARTIAL_420")
    plain = next(case for case in codings.CASES if case.name == "RGB")
    for syntax in (*codings.NATIVE, *codings.STREAMS):
        yield codings.dicom(syntax, plain)
    for syntax in (f"{codings.BASE}.4.{n}" for n in (100, 102, 107)):
        yield codings.dicom(syntax, colour)
    yield movie_file(beams())
    yield makers.dicom_bytes(makers.loop(3), SequenceOfUltrasoundRegions=makers.regions(makers.region()))
    frames = list(makers.in_colour(makers.loop(8)))
    with tempfile.TemporaryDirectory() as folder:
        for suffix, codec, pixels in (
            ("mp4", "h264", "yuv420p"),
            ("avi", "mpeg4", "yuv420p"),
            ("gif", "gif", "gray"),
            ("webm", "libvpx-vp9", "yuv420p"),
        ):
            path = Path(folder, f"a.{suffix}")
            yield makers.write_video(path, frames, codec=codec, pixels=pixels).read_bytes()


def seeds_of_images() -> Iterator[bytes]:
    """Yield `N_STILLS` still images, of every kind that is read."""
    for suffix in ("png", "jpg", "bmp", "tiff", "webp"):
        for image in (makers.loop(1)[0], makers.in_colour(makers.loop(1))[0]):
            yield cv2.imencode(f".{suffix}", image)[1].tobytes()


def packed(data: bytes, kind: str) -> bytes:
    """Return an archive of a file, and of a small one beside it."""
    out, members = io.BytesIO(), {"a/file": data, "a/other.txt": b"other"}
    if kind.startswith("tar"):
        with tarfile.open(fileobj=out, mode="w:gz" if kind == "tar.gz" else "w") as tar:
            for name, content in members.items():
                info = tarfile.TarInfo(name)
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
        return out.getvalue()
    method = zipfile.ZIP_STORED if kind == "zip, stored" else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def mutant(files: list[bytes], rng: np.random.Generator) -> bytes:
    """Return one of the files, changed; now and then it is packed before or after."""
    data = files[int(rng.integers(len(files)))]
    kind = ARCHIVES[int(rng.integers(len(ARCHIVES)))]
    if rng.random() < PACKED_SHARE:
        return mutated(packed(data, kind), rng)
    data = mutated(data, rng)
    return packed(data, kind) if rng.random() < PACKED_SHARE else data


def mutated(data: bytes, rng: np.random.Generator) -> bytes:
    """Return a file with one to six changes; half of them near its start, where headers are."""
    for _ in range(int(rng.integers(1, 7))):
        end = len(data) if rng.random() < 0.5 else min(len(data), 1500)
        at, n = int(rng.integers(0, max(end, 1))), int(rng.integers(1, 9))
        kinds = CHANGES if rng.random() < 0.2 else CHANGES[:-1]  # a cut hides what the others would find
        data = edited(data, kinds[int(rng.integers(0, len(kinds)))], at, rng.bytes(n))
    return data


def edited(data: bytes, change: str, at: int, fill: bytes) -> bytes:
    """Return a file with one change, at a place, as long as what it would be filled with."""
    n = len(fill)
    match change:
        case "overwrite":
            return data[:at] + fill + data[at + n :]
        case "drop":
            return data[:at] + data[at + n :]
        case "repeat":
            return data[:at] + data[at : at + n * 16] + data[at:]
        case "ones":
            return data[:at] + b"\xff" * n + data[at + n :]
        case "zeros":
            return data[:at] + bytes(n) + data[at + n :]
        case _:
            return data[: max(at, 200)]


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def take(data: bytes) -> str:
    """Return the code of one file, ``taken`` when it passes; raise nothing foreseen."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "mutant")
        path.write_bytes(data)
        drafts = Path(folder, "drafts")
        return " ".join(sorted({_take(source, drafts) for source in scan([path])}))


def _take(source: Source, drafts: Path) -> str:
    if source.refusal:
        return source.refusal[0]
    try:
        prepare(Job(source, "01", KEYS, drafts))
    except IngestError as error:
        return error.code
    except Exception as error:  # noqa: BLE001  # the point: what was not foreseen is named and counted
        return f"UNFORESEEN {type(error).__name__}"
    return "taken"


def measured(job: Job) -> tuple[str, float]:
    """Return code and CPU seconds of one job, in a worker."""
    start = time.process_time()
    try:
        prepare(job).drop()
    except IngestError as error:
        return error.code, time.process_time() - start
    return "taken", time.process_time() - start


@dataclass
class Counts:
    """What came of all files so far."""

    codes: Counter[str] = field(default_factory=Counter)
    n_files: int = 0
    slowest_s: float = 0.0
    slowest_scan_s: float = 0.0

    def add(self, code: str, seconds: float = 0.0) -> None:
        """Count a source."""
        self.codes[code] += 1
        self.slowest_s = max(self.slowest_s, seconds)


def run_batch(pool: Workers, files: list[bytes], seed: int, folder: Path, counts: Counts) -> None:
    """Make the files of a seed, scan each in this process, and read what is found in the workers.

    The last `N_STILLS` of ``files`` are still images.
    """
    rng = np.random.default_rng(seed)
    jobs = []
    for i in range(BATCH):
        place = folder / f"{seed}-{i}"
        place.mkdir()
        write_mutant(place, files, rng)
        for source in scanned(place, seed, counts):
            if source.refusal:
                counts.add(source.refusal[0])
            else:
                jobs.append(Job(source, "01", KEYS, folder / "drafts"))
    for _, result in pool.map(measured, jobs):
        if isinstance(result, IngestError):
            counts.add(result.code)
            say(f"  seed {seed}: {result}")
        else:
            counts.add(*result)


def write_mutant(place: Path, files: list[bytes], rng: np.random.Generator) -> None:
    """Write one changed file, or a loop of three images of which one is changed."""
    if rng.random() >= LOOPS_SHARE:
        (place / "mutant").write_bytes(mutant(files, rng))
        return
    still = files[-1 - int(rng.integers(N_STILLS))]
    for number, frame in enumerate((still, mutated(still, rng), still)):
        (place / f"frame_{number:02}").write_bytes(frame)


def scanned(place: Path, seed: int, counts: Counts) -> list[Source]:
    """Return what the scan of a folder finds, in this process; whatever it raises is counted."""
    counts.n_files += 1
    start = time.process_time()
    try:
        return list(scan([place]))
    except Exception as error:  # noqa: BLE001  # as in _take
        say(f"  seed {seed}: the scan failed: {type(error).__name__}")
        counts.add(f"UNFORESEEN in the parent: {type(error).__name__}")
        return []
    finally:
        counts.slowest_scan_s = max(counts.slowest_scan_s, time.process_time() - start)


def asked(words: Sequence[str] | None = None) -> argparse.Namespace:
    """Return what a command line asks for: minutes, seed and folders."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("minutes", nargs="?", type=float, default=1.0, help="how long; 1 by default")
    parser.add_argument("seed", nargs="?", type=int, default=1, help="of the first round; 1 by default")
    parser.add_argument("folders", nargs="*", type=Path, help="files under them are changed, too")
    found = parser.parse_args(words)
    if not (found.minutes > 0 and found.seed >= 0):
        parser.error("minutes are more than 0, and a seed is 0 or more")
    missing = [folder for folder in found.folders if not folder.is_dir()]
    if missing:
        parser.error(f"no such folder: {missing[0]}")
    return found


def main() -> None:
    """Mutate until the time is over, then print the counts."""
    wanted = asked()
    minutes, seed = wanted.minutes, wanted.seed
    files = list(seeds_of_files())
    for folder in wanted.folders:
        paths = (p for p in sorted(folder.rglob("*")) if p.is_file())
        files += [p.read_bytes() for p in paths if p.stat().st_size <= LARGEST_BYTES]
    files += seeds_of_images()
    counts, end = Counts(), time.monotonic() + 60 * minutes
    with Workers(2, "") as pool:
        while time.monotonic() < end:
            with tempfile.TemporaryDirectory() as folder:
                run_batch(pool, files, seed, Path(folder), counts)
            seed += 1
    say(f"{counts.n_files} files from {len(files)}, {minutes:g} minutes, up to seed {seed - 1}")
    say(f"slowest: {counts.slowest_s:.1f} CPU-s to read, {counts.slowest_scan_s:.1f} to scan")
    for code, n in counts.codes.most_common():
        say(f"  {code:24} {n}")


if __name__ == "__main__":
    main()
