"""What kind of object a file is, found without its pixels and without trusting its lengths."""

import io
import struct

import pytest
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items

from tests.ingest import makers
from unisono.base.errors import IngestError
from unisono.ingest.limits import LIMITS, MIB
from unisono.ingest.readers.peek import Peeked, peek

CAPTURE = "1.2.840.10008.5.1.4.1.1.7"


def peeked(data: bytes) -> Peeked:
    return peek(io.BytesIO(data), len(data))


def refusal(data: bytes) -> IngestError:
    with pytest.raises(IngestError) as caught:
        peeked(data)
    return caught.value


@pytest.mark.parametrize("sop_class", ["3", "3.1", "6", "6.1"])
def test_present_and_retired_classes(sop_class: str) -> None:
    data = makers.dicom_bytes(makers.loop(1), SOPClassUID=f"1.2.840.10008.5.1.4.1.1.{sop_class}")
    assert peeked(data).content == "image"


@pytest.mark.parametrize("end", ["", ".1", ".2", ".3", ".4"])
def test_secondary_captures(end: str) -> None:
    assert peeked(makers.dicom_bytes(makers.loop(1), SOPClassUID=CAPTURE + end)).content == "capture"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"ImageType": ["DERIVED", "PRIMARY", "INVALID"]}, "report page"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.88.33"}, "report"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.104.1"}, "report"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.6.2"}, "volume"),
        ({"SOPClassUID": CAPTURE, "Modality": "OT"}, "not an ultrasound image"),
        ({"Modality": "CT"}, "not an ultrasound image"),
    ],
)
def test_what_is_no_ultrasound_image(values: dict[str, object], words: str) -> None:
    error = refusal(makers.dicom_bytes(makers.loop(1), **values))
    assert error.code == "E_MODALITY"
    assert words in error.message


@pytest.mark.parametrize(
    "name", ["DICOMDIR", "test-SR.dcm", "CT_small.dcm", "waveform_ecg.dcm", "rtplan.dcm"]
)
def test_other_objects_of_the_wheel(name: str) -> None:
    path = get_testdata_file(f"dicomdirtests/{name}" if name == "DICOMDIR" else name, download=False)
    with open(str(path), "rb") as file:  # noqa: PTH123
        assert refusal(file.read()).code == "E_MODALITY"


def nested(depth: int, *, undefined: bool) -> Dataset:
    inner = Dataset()
    inner.PatientID = "CANARY77"
    for _ in range(depth):
        outer = Dataset()
        outer.ReferencedStudySequence = Items([inner])
        outer["ReferencedStudySequence"].is_undefined_length = undefined
        inner.is_undefined_length_sequence_item = undefined
        inner = outer
    return inner


def raw_nested(depth: int) -> bytes:
    """Return a sequence in a sequence in ..., of undefined length, explicit little endian."""
    opening = struct.pack("<HH2sHI", 0x0008, 0x1110, b"SQ", 0, 0xFFFFFFFF) + struct.pack(
        "<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF
    )
    closing = struct.pack("<HHIHHI", 0xFFFE, 0xE00D, 0, 0xFFFE, 0xE0DD, 0)
    return opening * depth + closing * depth


def with_elements(elements: bytes) -> bytes:
    data = makers.dicom_bytes(makers.loop(1))
    at = data.index(b"\x10\0\x10\0PN")
    return data[:at] + elements + data[at:]


@pytest.mark.parametrize("undefined", [False, True])
def test_nesting_within_the_limit_is_read(undefined: bool) -> None:
    items = Items([nested(LIMITS.depth - 1, undefined=undefined)])
    assert peeked(makers.dicom_bytes(makers.loop(1), ReferencedStudySequence=items)).pixels is not None


@pytest.mark.parametrize("undefined", [False, True])
def test_one_level_more_is_too_deep(undefined: bool) -> None:
    items = Items([nested(LIMITS.depth, undefined=undefined)])
    data = makers.dicom_bytes(makers.loop(1), ReferencedStudySequence=items)
    assert refusal(data).code == "E_LIMIT_DEPTH"


@pytest.mark.parametrize("depth", [33, 300, 100_000])
def test_the_deepest_nesting_ends_at_the_limit(depth: int) -> None:
    assert refusal(with_elements(raw_nested(depth))).code == "E_LIMIT_DEPTH"


def test_nesting_under_unknown_vr_and_in_implicit_files() -> None:
    value = b""
    for _ in range(40):
        item = struct.pack("<HHI", 0xFFFE, 0xE000, len(value)) + value
        value = struct.pack("<HHI", 0x0008, 0x1110, len(item)) + item
    unknown = struct.pack("<HH2sHI", 0x0009, 0x1001, b"UN", 0, len(value) + 8)
    item = struct.pack("<HHI", 0xFFFE, 0xE000, len(value)) + value
    assert refusal(with_elements(unknown + item)).code in ("E_LIMIT_DEPTH", "E_NOT_DICOM")
    items = Items([nested(LIMITS.depth, undefined=False)])
    data = makers.dicom_bytes(makers.loop(1), makers.IMPLICIT, ReferencedStudySequence=items)
    assert refusal(data).code == "E_LIMIT_DEPTH"


def test_too_many_elements() -> None:
    element = struct.pack("<HH2sH", 0x0008, 0x0008, b"CS", 0)
    assert refusal(with_elements(element * (LIMITS.elements + 1))).code == "E_LIMIT_DEPTH"


def test_large_private_elements_are_skipped_and_large_headers_refused() -> None:
    def private(number: int, n_bytes: int) -> bytes:
        return struct.pack("<HH2sHI", 0x0009, number, b"OB", 0, n_bytes) + bytes(n_bytes)

    one = peeked(with_elements(private(0x1001, 3 * MIB)))
    assert (0x0009, 0x1001) not in one.dataset
    many = b"".join(private(0x1001 + i, MIB - 100) for i in range(17))
    assert refusal(with_elements(many)).code == "E_LIMIT_SIZE"


def test_an_element_longer_than_the_file_is_truncated() -> None:
    lying = struct.pack("<HH2sHI", 0x0009, 0x1001, b"OB", 0, 0xFFFFFFF0)
    assert refusal(with_elements(lying)).code == "E_TRUNCATED"


def test_a_deflated_bomb_is_not_inflated() -> None:
    data = makers.dicom_bytes(np_zeros(), makers.DEFLATED)
    assert len(data) < MIB
    assert refusal(data).code == "E_LIMIT_INFLATE"


def np_zeros() -> makers.Frames:
    import numpy as np  # noqa: PLC0415

    return np.zeros((60, 1000, 1000), np.uint8)


def test_file_meta_of_an_unknown_vr_does_not_parse() -> None:
    data = makers.dicom_bytes(makers.loop(1)).replace(b"\x02\0\x02\0UI", b"\x02\0\x02\0UG", 1)
    assert refusal(data).code == "E_NOT_DICOM"
