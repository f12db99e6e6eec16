"""Philips private data beside standard pixels changes nothing; alone it is refused with the way out."""

import io

import numpy as np
import pytest

from tests.ingest import makers
from unisono.base.errors import IngestError
from unisono.ingest.readers.dicom import open_dicom


def philips(**changed: object) -> bytes:
    data = makers.dataset(makers.loop(2), **changed)
    data.add_new((0x200D, 0x0010), "LO", "Philips US Imaging DD 033")
    data.add_new((0x200D, 0x1000), "OB", bytes(range(256)) * 6000)
    out = io.BytesIO()
    data.save_as(out)
    return out.getvalue()


def test_standard_pixels_are_used() -> None:
    data = philips()
    recording = open_dicom(io.BytesIO(data), len(data))
    assert np.array_equal(np.stack(list(recording.frames())), makers.loop(2))


def test_native_data_alone_is_refused() -> None:
    data = philips(PixelData=None)
    with pytest.raises(IngestError, match="E_NO_PIXELS: only Philips private native data"):
        open_dicom(io.BytesIO(data), len(data))
