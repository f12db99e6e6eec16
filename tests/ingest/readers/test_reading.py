"""Sources are opened within limits, wherever their bytes lie."""

import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.ingest import makers
from unisono.base.errors import IngestError
from unisono.ingest.files.sources import Source
from unisono.ingest.identity.codes import sha256_hex
from unisono.ingest.readers.reading import fingerprint, opened


def test_a_member_of_an_archive_is_the_file_itself(tmp_path: Path) -> None:
    path = makers.write_dicom(tmp_path / "a.dcm", makers.loop(3))
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, "x/a.dcm")
    alone = Source("a", "dicom", (str(path),))
    inside = Source("a", "dicom", (str(tmp_path / "a.zip"),), "x/a.dcm")
    assert fingerprint(alone) == fingerprint(inside) == sha256_hex(path.read_bytes())
    with opened(alone) as one, opened(inside) as other:
        assert np.array_equal(np.stack(list(one.frames())), np.stack(list(other.frames())))


def test_numbered_images_are_read_in_order(tmp_path: Path) -> None:
    frames = makers.loop(3)
    names = [str(tmp_path / f"f-{i:02d}.png") for i in range(3)]
    for name, frame in zip(names, frames, strict=True):
        cv2.imwrite(name, frame)
    source = Source("f", "images", tuple(names))
    with opened(source) as recording:
        assert np.array_equal(np.stack(list(recording.frames())), frames)
    assert fingerprint(source) != fingerprint(Source("f", "images", tuple(reversed(names))))


def test_what_is_gone_or_damaged_is_refused(tmp_path: Path) -> None:
    gone = Source("a", "dicom", (str(tmp_path / "gone.dcm"),))
    with pytest.raises(IngestError, match="E_STORE_IO"):
        fingerprint(gone)
    with pytest.raises(IngestError, match="E_STORE_IO"), opened(gone):
        pass
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(IngestError, match="E_TRUNCATED"):
        fingerprint(Source("a", "dicom", (str(tmp_path / "a.zip"),), "a.dcm"))


def test_messages_carry_no_path(tmp_path: Path) -> None:
    with pytest.raises(IngestError) as caught:
        fingerprint(Source("a", "dicom", (str(tmp_path / "DOE_JANE.dcm"),)))
    assert "DOE" not in str(caught.value)
