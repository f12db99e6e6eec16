"""Every hostile file is refused with its code, in little time and memory, and its message holds no value.

Each file is opened in a child whose address space may grow by 300 MB over what its imports took; a child that
is killed, or one that runs out of memory, fails the test as a wrong code would.
"""

import io
import json
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import UID

from tests.ingest import makers
from tests.ingest.codings import BASE
from tests.ingest.readers.test_peek import raw_nested, with_elements
from unisono.ingest.limits import LIMITS, MIB

EXTRA_MB, CPU_S, WAIT_S = 300, 2, 120
HOST = f"""
import json, os, resource, signal, sys
from pathlib import Path
from unisono.base.errors import IngestError
from unisono.ingest.readers.private_data import open_private
from unisono.ingest.readers.private import ge, philips
from unisono.ingest.readers.reading import fingerprint, opened
from unisono.ingest.files.sources import scan


def take(path):
    pages = int(open("/proc/self/statm").read().split()[0])
    most = pages * resource.getpagesize() + {EXTRA_MB} * {MIB}
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, ({CPU_S}, {CPU_S}))
    signal.alarm({WAIT_S})
    start = resource.getrusage(resource.RUSAGE_SELF)
    answer = ["accepted", ""]
    try:
        for source in scan([path]):
            if source.refusal:
                raise IngestError(*source.refusal)
            fingerprint(source)
            with opened(source) as recording:
                for frame in recording.frames():
                    pass
    except IngestError as error:
        answer = [error.code, error.message]
    end = resource.getrusage(resource.RUSAGE_SELF)
    return [*answer, end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime]


for line in sys.stdin:
    pid = os.fork()
    if not pid:
        print(json.dumps(take(Path(json.loads(line)))), flush=True)
        os._exit(0)
    status = os.waitpid(pid, 0)[1]
    if status:
        print(json.dumps(["died", f"with status {{status}}", 0.0]), flush=True)
"""


@dataclass(frozen=True)
class Host:
    """A process that opens files in limited children, and what it says on its standard error."""

    process: subprocess.Popen[str]
    errors: Path

    def refused(self, path: Path) -> tuple[str, str, float]:
        """Return code, message and CPU seconds of one file."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(str(path)) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        said = self.errors.read_text(encoding="utf-8")
        assert line, said[-800:]
        assert said == ""
        code, message, cpu_s = json.loads(line)
        return code, message, cpu_s


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """Return a process that has read its imports and opens each file in a child of its own."""
    errors = tmp_path_factory.mktemp("host") / "errors"
    environment = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PATH": ""}
    with (
        errors.open("wb") as stream,
        subprocess.Popen(
            [sys.executable, "-c", HOST],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stream, text=True, env=environment,
        ) as process,
    ):  # fmt: skip
        yield Host(process, errors)
        process.communicate()


def cut(share: float) -> bytes:
    data = makers.dicom_bytes(makers.loop(6), makers.RLE)
    return data[: int(len(data) * share)]


def frames_claimed(claimed: int, held: int) -> bytes:
    return makers.dicom_bytes(makers.loop(held), makers.RLE, NumberOfFrames=claimed)


def junk_frame() -> bytes:
    junk = np.random.default_rng(3).bytes(4000)
    good = makers.ENCODERS[makers.JPEG](makers.loop(1)[0])
    return makers.dicom_bytes(makers.loop(2), makers.JPEG, PixelData=encapsulate([good, good[:200] + junk]))


def claimed_size(rows: int, frames: int) -> bytes:
    return makers.dicom_bytes(makers.loop(1), Rows=rows, Columns=rows, NumberOfFrames=frames)


def big_stream(syntax: str) -> bytes:
    """Return a codestream of 65 000 x 65 000 px under a header of 64 x 48."""
    jpeg = bytearray(imagecodecs.jpeg8_encode(np.zeros((48, 64), np.uint8), 90))
    at = jpeg.index(b"\xff\xc0")
    jpeg[at + 5 : at + 9] = struct.pack(">HH", 65_000, 65_000)
    j2k = bytearray(imagecodecs.jpeg2k_encode(np.zeros((48, 64), np.uint8), codecformat="j2k"))
    at = j2k.index(b"\xff\x51") + 2
    j2k[at + 4 : at + 12] = struct.pack(">II", 65_000, 65_000)
    lossless = bytearray(imagecodecs.jpeg8_encode(np.zeros((48, 64), np.uint8), lossless=True))
    at = lossless.index(b"\xff\xc3")
    lossless[at + 5 : at + 9] = struct.pack(">HH", 65_000, 65_000)
    near = bytearray(imagecodecs.jpegls_encode(np.zeros((48, 64), np.uint8)))
    at = near.index(b"\xff\xf7")
    near[at + 5 : at + 9] = struct.pack(">HH", 65_000, 65_000)
    # A small image of 8 x (30 bits), the rest zeros: bits are laid lowest first.
    jxl = b"\xff\x0a" + ((3 << 1) | (65_000 << 3) | (1 << 33)).to_bytes(8, "little") + bytes(60)
    stream = {"50": jpeg, "70": lossless, "80": near, "90": j2k, "201": j2k, "110": jxl}[syntax]
    return relabelled(bytes(stream), f"{BASE}.4.{syntax}")


def relabelled(stream: bytes, syntax: str) -> bytes:
    pixels = encapsulate([stream + b"\0" * (len(stream) % 2)])
    data = makers.dataset(makers.loop(1, 48, 64), PixelData=pixels)
    data["PixelData"].is_undefined_length = True
    stand_in = f"{BASE}.4.201" if ".4.11" in syntax else syntax
    data.file_meta.TransferSyntaxUID = UID(stand_in)
    out = io.BytesIO()
    data.save_as(out)
    return out.getvalue().replace(stand_in.encode(), syntax.encode(), 1)


def deflate_bomb() -> bytes:
    return makers.dicom_bytes(np.zeros((30, 2000, 2000), np.uint8), makers.DEFLATED)


def many_fragments(n_frames: int, n_fragments: int) -> bytes:
    empty = struct.pack("<HHI", 0xFFFE, 0xE000, 0)
    data = makers.dicom_bytes(makers.loop(1), makers.RLE, NumberOfFrames=n_frames)
    at = data.index(b"\xfe\xff\x00\xe0", data.index(b"\xe0\x7f\x10\0"))
    return data[:at] + empty * n_fragments + data[at:]


def unknown_syntax() -> bytes:
    return makers.dicom_bytes(makers.loop(1)).replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.7\0", 1)


def rle_bomb() -> bytes:
    """Return an RLE frame whose one segment repeats a byte for 64 MB."""
    runs = b"\x81\x07" * 500_000
    frame = struct.pack("<16I", 1, 64, *[0] * 14) + runs
    return makers.dicom_bytes(makers.loop(1), makers.RLE, PixelData=encapsulate([frame]))


def palette_bomb() -> bytes:
    """Return a palette whose ten thousand lines of 65,535 entries are copied once more."""
    words = [0, 1, 5] + [1, 65_535, 9] * 10_000 + [2, 10_000, 0, 0]
    header: dict[str, Any] = {"PhotometricInterpretation": "PALETTE COLOR"}
    for colour in ("Red", "Green", "Blue"):
        header[f"{colour}PaletteColorLookupTableDescriptor"] = [256, 0, 16]
        header[f"Segmented{colour}PaletteColorLookupTableData"] = np.array(words, "<u2").tobytes()
    return makers.dicom_bytes(makers.loop(1), **header)


def boxes(n_boxes: int, kind: bytes = b"") -> bytes:
    """Return an MP4 of empty boxes, each of another kind, in one of a kind or beside one another."""
    inner = b"".join(struct.pack(">II", 8, 0x61000000 + i) for i in range(n_boxes))
    head = struct.pack(">I4sII", 16, b"ftyp", 0, 0)
    return head + (struct.pack(">I4s", 8 + len(inner), kind) if kind else b"") + inner


def chunks(n_chunks: int) -> bytes:
    inner = b"AVI " + b"JUNK\0\0\0\0" * n_chunks
    return b"RIFF" + struct.pack("<I", len(inner)) + inner


def live(element: bytes, n_elements: int) -> bytes:
    """Return a Matroska file whose segment has no stated size and holds one element many times."""
    return b"\x1aE\xdf\xa3\x80\x18S\x80g\x01" + b"\xff" * 7 + element * n_elements


def gif(blocks: bytes) -> bytes:
    return b"GIF89a" + struct.pack("<HHBBB", 10, 10, 0, 0, 0) + blocks + b";"


def elements_after_pixels(n_elements: int) -> bytes:
    return makers.dicom_bytes(makers.loop(1)) + struct.pack("<HH2sH", 0x7FF1, 0x10, b"LO", 0) * n_elements


ROWS: dict[str, tuple[Callable[[], bytes], tuple[str, ...]]] = {
    "cut at 60 %": (lambda: cut(0.6), ("E_TRUNCATED",)),
    "cut in the header": (lambda: cut(0.005), ("E_TRUNCATED",)),
    "header 9 frames, data 5": (lambda: frames_claimed(9, 5), ("E_FRAME_COUNT",)),
    "header 3 frames, data 5": (lambda: frames_claimed(3, 5), ("E_FRAME_COUNT",)),
    "a junk frame": (junk_frame, ("E_FRAME_DECODE",)),
    "65000 x 65000 x 2000 claimed": (lambda: claimed_size(65_000, 2000), ("E_LIMIT_DIM",)),
    "4096 x 4096 x 2000 claimed": (lambda: claimed_size(4096, 2000), ("E_LIMIT_SIZE",)),
    "20000 frames claimed": (lambda: claimed_size(64, 20_000), ("E_LIMIT_FRAMES",)),
    **{
        f"a codestream of 65000 px a side, .4.{n}": (lambda n=n: big_stream(n), ("E_DIM_MISMATCH",))  # type: ignore[misc]
        for n in ("50", "70", "80", "90", "201", "110")
    },
    "a palette of 2e9 entries": (palette_bomb, ("E_LIMIT_INFLATE",)),
    "a deflate bomb": (deflate_bomb, ("E_LIMIT_INFLATE",)),
    "nesting of 200, undefined length": (lambda: with_elements(raw_nested(200)), ("E_LIMIT_DEPTH",)),
    "nesting of 50000, undefined length": (lambda: with_elements(raw_nested(50_000)), ("E_LIMIT_DEPTH",)),
    "a million elements": (
        lambda: with_elements(struct.pack("<HH2sH", 8, 8, b"CS", 0) * 1_000_000),
        ("E_LIMIT_DEPTH",),
    ),
    "6 million elements after the pixels": (lambda: elements_after_pixels(6_000_000), ("E_LIMIT_DEPTH",)),
    "6 million boxes": (lambda: boxes(6_000_000), ("E_LIMIT_DEPTH",)),
    "6 million boxes in one": (lambda: boxes(6_000_000, b"moov"), ("E_LIMIT_DEPTH",)),
    "6 million chunks": (lambda: chunks(6_000_000), ("E_LIMIT_DEPTH",)),
    "10 million elements of a live stream": (lambda: live(b"\xec\x80", 10_000_000), ("E_LIMIT_DEPTH",)),
    "3 million clusters without an end": (
        lambda: live(b"\x1fC\xb6u\x01" + b"\xff" * 7, 3_000_000),
        ("E_LIMIT_DEPTH",),
    ),
    "a GIF of blocks of one byte": (lambda: gif(b"!\xfe" + b"\1a" * 15_000_000 + b"\0"), ("E_LIMIT_DEPTH",)),
    "a GIF of 10 million empty comments": (lambda: gif(b"!\xfe\0" * 10_000_000), ("E_LIMIT_DEPTH",)),
    "150 000 fragments, one frame": (lambda: many_fragments(1, 150_000), ("E_LIMIT_FRAMES",)),
    "400 000 fragments, 9000 frames": (lambda: many_fragments(9000, 400_000), ("E_LIMIT_DEPTH",)),
    "an unknown syntax": (unknown_syntax, ("E_TS_UNSUPPORTED",)),
    # Runs beyond the frame are dropped by the decoder as it goes: harmless, so either answer will do.
    "an RLE bomb": (rle_bomb, ("E_FRAME_DECODE", "E_DIM_MISMATCH", "accepted")),
    "random bytes": (lambda: np.random.default_rng(1).bytes(100_000), ("E_NOT_DICOM",)),
    "a header of 40 MB": (
        lambda: with_elements(
            b"".join(
                struct.pack("<HH2sHI", 9, 0x1001 + i, b"OB", 0, MIB - 64) + bytes(MIB - 64) for i in range(40)
            )
        ),
        ("E_LIMIT_SIZE",),
    ),
    "no UID": (lambda: makers.dicom_bytes(makers.loop(1), SOPInstanceUID=None), ("E_UID_MISSING",)),
    "another modality": (lambda: makers.dicom_bytes(makers.loop(1), Modality="CT"), ("E_MODALITY",)),
    "no pixels": (lambda: makers.dicom_bytes(makers.loop(1), PixelData=None), ("E_NO_PIXELS",)),
    "a colour that nobody knows": (
        lambda: makers.dicom_bytes(makers.loop(1), PhotometricInterpretation="CANARY"),
        ("E_COLOUR_AMBIG",),
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_refused_in_little_time_and_memory(row: str, tmp_path: Path, host: Host) -> None:
    make, codes = ROWS[row]
    path = tmp_path / "CANARY_DOE.dcm"
    path.write_bytes(make())
    code, message, cpu_s = host.refused(path)
    assert code in codes, message
    assert "CANARY" not in message
    assert "1.2.826" not in message
    assert str(tmp_path) not in message
    assert cpu_s < CPU_S


def test_a_file_of_three_gigabytes_is_not_read(tmp_path: Path, host: Host) -> None:
    path = tmp_path / "CANARY_DOE.dcm"
    with path.open("wb") as file:
        file.write(makers.dicom_bytes(makers.loop(1)))
        file.truncate(LIMITS.file_bytes + MIB)
    code, _, _ = host.refused(path)
    assert code == "E_LIMIT_SIZE"
