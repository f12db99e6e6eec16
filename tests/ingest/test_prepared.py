"""A clip that was read: why it is held, how many clips its recording became, and that its draft goes."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.ingest import makers
from tests.ingest.known_secret import KEYS
from unisono.ingest.files.sources import Source
from unisono.ingest.gate.verdict import Hit, Verdict
from unisono.ingest.prepare import Job, prepare
from unisono.ingest.prepared import Prepared, delete_draft, gate_error, png_name


@pytest.fixture
def clip(tmp_path: Path) -> Prepared:
    path = makers.write_dicom(tmp_path / "a.dcm", makers.loop(3))
    return prepare(Job(Source(str(path), "dicom", (str(path),)), "01", KEYS, tmp_path / "drafts"))


@pytest.mark.parametrize(
    ("state", "code"),
    [("identifier", "E_PHI_RESIDUAL"), ("text", "E_TEXT_RESIDUAL"), ("passed", ""), ("not run", "")],
)
def test_what_the_gate_saw_holds_a_clip(clip: Prepared, state: str, code: str) -> None:
    seen = clip.looked_at(Verdict(state, (Hit(1, 2, 3, 4, 0.9, "text", "CANARY"),), "engine"))
    error = gate_error(state)
    assert (error.code if error else "") == (seen.held.code if seen.held else "") == code
    assert seen.private.seen == ("CANARY",)
    assert "CANARY" not in repr(seen)


def test_no_mask_holds_a_clip_whatever_the_gate_says(clip: Prepared) -> None:
    refused = {"mask": {"refused": {"code": "E_NO_MASK", "reason": "nothing speaks for ultrasound"}}}
    bare = replace(clip, facts=clip.facts | refused).looked_at(Verdict("passed", (), "engine"))
    assert bare.held is not None
    assert bare.held.code == "E_NO_MASK"


def test_a_recording_is_one_clip_unless_it_was_cut(clip: Prepared) -> None:
    assert clip.n_parts == 1
    part = {"number": 2, "of": 7, "first_frame": 10_000, "n_frames": 3, "start_s": None}
    assert replace(clip, facts=clip.facts | {"part": part}).n_parts == 7


def test_a_draft_holds_its_files_until_it_is_dropped(clip: Prepared) -> None:
    assert [path.name for path in clip.pngs()] == [png_name(i) for i in range(3)]
    assert all(path.exists() for path in clip.pngs())
    clip.drop()
    assert not clip.folder.exists()
    delete_draft(clip.folder)  # again is no error
