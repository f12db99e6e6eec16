"""Every maker's reader is found, and a file that none knows has no pixels."""

import io

import pytest

from tests.ingest import makers
from unisono.base.errors import IngestError
from unisono.base.plugins import load
from unisono.ingest.readers.dicom import open_dicom
from unisono.ingest.readers.private_data import PrivateReader


def test_the_readers_are_found() -> None:
    assert set(load("unisono.ingest.readers.private", "READER", PrivateReader)) == {"ge", "philips"}


def test_a_file_that_no_reader_knows() -> None:
    data = makers.dicom_bytes(makers.loop(1), PixelData=None)
    with pytest.raises(IngestError, match="E_NO_PIXELS"):
        open_dicom(io.BytesIO(data), len(data))
