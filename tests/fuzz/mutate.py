"""Change recordings at random for some minutes and take each in: no parent may die, nothing may hang.

    python tests/fuzz/mutate.py [MINUTES] [SEED] [FOLDER...]

Each round takes a file (made here in many syntaxes, and those under the folders), flips, drops, repeats or
overwrites some of its bytes, and puts it through `prepare` in a worker process with limits on memory and
time. What comes back is counted by code. A worker may die of a codec's fault (``E_DECODER_DIED``): that
costs its file, and the seed that did it is printed, so that it can be made again.
"""

import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.ingest import codings, makers  # noqa: E402  # the makers of the tests
from tests.ingest.private.test_ge import beams, movie_file  # noqa: E402
from unisono.base.errors import IngestError  # noqa: E402
from unisono.ingest.identity import derive_keys  # noqa: E402
from unisono.ingest.prepare import Job, prepare  # noqa: E402
from unisono.ingest.sources import scan  # noqa: E402

MIB = 1024 * 1024
MEMORY_BYTES, CPU_S, LARGEST_BYTES = 3072 * MIB, 600, 3 * MIB
BATCH = 20
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


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))


def take(data: bytes) -> str:
    """Return the code of one file, ``taken`` when it passes; raise nothing foreseen."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "mutant")
        path.write_bytes(data)
        source = next(iter(scan([path])))
        if source.refusal:
            return source.refusal[0]
        try:
            prepare(Job(source, "01", derive_keys(bytes(range(32))), Path(folder, "drafts")))
        except IngestError as error:
            return error.code
        except Exception as error:  # noqa: BLE001  # the point: what was not foreseen is named and counted
            return f"UNFORESEEN {type(error).__name__}"
    return "taken"


def take_all(batch: list[bytes]) -> list[tuple[str, float]]:
    """Return code and CPU seconds of each file."""
    found = []
    for data in batch:
        start = time.process_time()
        found.append((take(data), time.process_time() - start))
    return found


def main() -> None:
    """Mutate until the time is over, then print the counts."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    files = list(seeds_of_files())
    for folder in sys.argv[3:]:
        paths = (p for p in sorted(Path(folder).rglob("*")) if p.is_file())
        files += [p.read_bytes() for p in paths if p.stat().st_size <= LARGEST_BYTES]
    counts, slowest, end = Counter[str](), (0.0, seed), time.monotonic() + 60 * minutes
    while time.monotonic() < end:
        with ProcessPoolExecutor(
            1, mp_context=get_context("spawn"), initializer=_limit, max_tasks_per_child=None
        ) as pool:
            for _ in range(100):
                if time.monotonic() >= end:
                    break
                rng = np.random.default_rng(seed)
                batch = [mutated(files[int(rng.integers(len(files)))], rng) for _ in range(BATCH)]
                try:
                    for code, seconds in pool.submit(take_all, batch).result(timeout=300):
                        counts[code] += 1
                        slowest = max(slowest, (seconds, seed))
                        if code.startswith("UNFORESEEN"):
                            say(f"  seed {seed}: {code}")
                except BrokenProcessPool:
                    counts["E_DECODER_DIED"] += 1
                    say(f"  seed {seed}: a worker died")
                    break
                finally:
                    seed += 1
    say(f"{counts.total()} files from {len(files)}, {minutes:g} minutes")
    say(f"slowest {slowest[0]:.1f} CPU-s, in the batch of seed {slowest[1]}")
    for code, n in counts.most_common():
        say(f"  {code:24} {n}")


if __name__ == "__main__":
    main()
