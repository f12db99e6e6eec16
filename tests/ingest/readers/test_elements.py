"""A file's last byte is asked for before anything is decoded."""

import io

import pytest

from tests.ingest import makers
from tests.ingest.makers import BIG, EXPLICIT, IMPLICIT, JPEG, RLE
from unisono.base.errors import IngestError
from unisono.ingest.readers.dicom import open_dicom


def code_of(data: bytes) -> str:
    with pytest.raises(IngestError) as caught:
        open_dicom(io.BytesIO(data), len(data))
    return caught.value.code


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT, BIG, RLE, JPEG])
@pytest.mark.parametrize("has_more", [False, True])
def test_one_byte_less_is_truncated(syntax: str, has_more: bool) -> None:
    more = {"DataSetTrailingPadding": b"\1" * 138} if has_more else {}
    boxes = makers.regions(makers.region())
    data = makers.dicom_bytes(makers.loop(2), syntax, SequenceOfUltrasoundRegions=boxes, **more)
    for whole in (data, data + bytes(10)):
        assert open_dicom(io.BytesIO(whole), len(whole)).n_frames == 2
    for cut in (1, 2, 7, 9):
        assert code_of(data[:-cut]) == "E_TRUNCATED", cut


def test_a_header_cut_anywhere_is_truncated_or_without_pixels() -> None:
    boxes = makers.regions(makers.region())
    data = makers.dataset(makers.loop(1), SequenceOfUltrasoundRegions=boxes)
    data["SequenceOfUltrasoundRegions"].is_undefined_length = True
    out = io.BytesIO()
    data.save_as(out)
    start = out.getvalue().index(b"\xe0\x7f\x10\0")
    codes = [code_of(out.getvalue()[:cut]) for cut in range(140, start)]
    assert set(codes) == {"E_TRUNCATED", "E_NO_PIXELS"}
    assert codes.count("E_NO_PIXELS") < 40  # between two elements
    assert codes[60] == "E_TRUNCATED"


def test_without_pixels_and_without_a_header() -> None:
    assert code_of(makers.dicom_bytes(makers.loop(1), PixelData=None)) == "E_NO_PIXELS"
    assert code_of(bytes(128) + b"DICM" + b"\x80" * 400) == "E_NOT_DICOM"
    assert code_of(bytes(128) + b"DICM") == "E_TRUNCATED"
