"""What killed work left behind is put in order before anybody sees it, and nothing is lost."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.ingest import makers
from unisono.base.errors import NotFoundError
from unisono.base.settings import Settings
from unisono.catalog.clips import clip_by_code
from unisono.catalog.db import Catalog, open_catalog
from unisono.ingest.run import ingest
from unisono.ingest.run.fsck import fsck
from unisono.ingest.run.review import approve, one_waiting

pytestmark = pytest.mark.usefixtures("no_gate")

BOX = ((60.0, 60.0), (200.0, 60.0), (200.0, 160.0), (60.0, 160.0))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Catalog]:
    opened = open_catalog(Settings(home=tmp_path / "home"))
    yield opened
    opened.close()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return makers.write_dicom(tmp_path / "a.dcm", makers.loop(3))


@pytest.fixture
def code(home: Catalog, source: Path) -> str:
    """Return a clip that waits for a person."""
    (code,) = ingest(home, [source], "01", workers=1, policy="person", isolated=False).codes
    return code


def state(home: Catalog, code: str) -> str:
    with home.read() as connection:
        return clip_by_code(connection, code).state


def frame(home: Catalog, code: str, *, held: bool) -> np.ndarray:
    png = home.files.read_frame(f"{code}-0000", held=held)
    return cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)


def test_an_approval_that_was_killed_half_way_shows_nothing(home: Catalog, code: str) -> None:
    clip = one_waiting(home, code).clip
    home.files.admit_clip(code, clip.n_frames, clip.pack_sha256)
    checked = fsck(home)
    assert checked.is_clean
    assert checked.swept > 0
    with pytest.raises(NotFoundError):
        home.files.read_frame(f"{code}-0000")
    approve(home, code, "rev-1")
    assert home.files.read_frame(f"{code}-0000")


def test_a_clip_of_before_reviews_is_held_and_not_lost(home: Catalog, code: str) -> None:
    clip = one_waiting(home, code).clip
    home.files.admit_clip(code, clip.n_frames, clip.pack_sha256)
    home.files.drop_clip(code, clip.n_frames, clip.pack_sha256, held=True)
    assert fsck(home).is_clean
    assert home.files.read_frame(f"{code}-0000", held=True)
    with pytest.raises(NotFoundError):
        home.files.read_frame(f"{code}-0000")
