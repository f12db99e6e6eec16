"""What killed work left behind is put in order before anybody sees it, and nothing is lost."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.ingest import makers
from unisono.base.errors import NotFoundError
from unisono.base.settings import Settings
from unisono.catalog.clips import clip_by_code
from unisono.catalog.db import Catalog, open_catalog
from unisono.ingest.masks.drawn import decode_mask
from unisono.ingest.run import ingest
from unisono.ingest.run.fsck import fsck
from unisono.ingest.run.redrawing import redraw
from unisono.ingest.run.review import approve, evidence, one_waiting, reject, vault_of

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


class Killed(BaseException):
    """The process ended here."""


@pytest.mark.parametrize("step", ["stage_clip", "write", "unstage_clip"])
def test_whoever_looks_after_a_killed_redrawing_sees_the_mask_in_force(
    home: Catalog, code: str, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(home if step == "write" else home.files, step, die)
        with pytest.raises(Killed):
            redraw(home, code, (BOX,), "rev-1")
    assert fsck(home).is_clean
    assert one_waiting(home, code).clip.mask_version == (2 if step == "unstage_clip" else 1)
    seen = evidence(home, code, "rev-1")
    after = cv2.imdecode(np.frombuffer(seen.after_png, np.uint8), cv2.IMREAD_UNCHANGED)
    assert not after[~decode_mask(seen.mask_png)].any()
    assert not np.any((frame(home, code, held=True) > 0) & (after == 0))


@pytest.mark.parametrize("decide", [approve, partial(reject, reason="blurred")])
@pytest.mark.parametrize("step", ["drop_original", "forget_evidence"])
def test_what_only_a_decision_needed_goes_when_it_was_killed_before(
    home: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, decide: Callable[..., None], step: str
) -> None:
    landed = home.settings.home / "inbox" / "01"
    landed.mkdir(parents=True)
    path = makers.write_dicom(landed / "a.dcm", makers.loop(3))
    (code,) = ingest(home, [path], "01", workers=1, policy="person", isolated=False).codes
    path.unlink()
    redraw(home, code, (BOX,), "rev-1")
    originals = home.settings.home / "quarantine" / "originals"
    assert [p for p in originals.rglob("*") if p.is_file()]

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(f"unisono.ingest.run.forgetting.{step}", die)
        with pytest.raises(Killed):
            decide(home, code, "rev-1")
    assert fsck(home).is_clean
    assert not [p for p in originals.rglob("*") if p.is_file()]
    with vault_of(home) as vault:
        assert vault.names("evidence") == []


def test_a_rejection_marks_its_clip_before_it_takes_anything(
    home: Catalog, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve(home, code, "rev-1")

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(home.files, "drop_clip", die)
        with pytest.raises(Killed):
            reject(home, code, "rev-1", "blurred")
    assert home.files.marked() == [code]
    assert fsck(home).is_clean
    with pytest.raises(NotFoundError):
        home.files.read_frame(f"{code}-0000")
