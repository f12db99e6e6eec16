"""What a sheet holds where; `tests/cli/test_review.py` types the verbs."""

import re
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.ingest import makers
from tests.make import make_clip
from unisono.annotate.run import Catalog
from unisono.base.errors import CatalogError, NotFoundError, SettingsError
from unisono.catalog.clips import set_state
from unisono.catalog.evidence import GateVerdict, insert_verdict
from unisono.catalog.rows import now
from unisono.ingest.identity.confidential import forget_evidence
from unisono.ingest.run import ingest
from unisono.ingest.run.review import vault_of
from unisono.ingest.run.sheets import facts, quarantine_folder, read_sheet, sheet

READ = "SECRET^WORD"


@pytest.fixture
def code(catalog: Catalog, tmp_path: Path) -> str:
    """Return a clip whose gate passed, though it read a word that it took for harmless."""
    source = makers.write_dicom(tmp_path / "a.dcm", makers.loop(2))
    (made,) = ingest(catalog, [source], "01", workers=1, policy="person", isolated=False).codes
    verdict = GateVerdict(made, 1, "passed", (), "made", now())
    catalog.write(partial(insert_verdict, verdict=verdict))
    catalog.write(partial(set_state, code=made, state="gated"))
    with vault_of(catalog) as vault:
        vault.put("evidence", f"seen|{made}", {"texts": [READ]})
    return made


def test_no_word_that_was_read_leaves_the_quarantine(catalog: Catalog, code: str, tmp_path: Path) -> None:
    inside = sheet(catalog, quarantine_folder(catalog.settings.home) / "s.html", "rev-1")
    outside = sheet(catalog, tmp_path / "s.html", "rev-1")
    assert READ in inside.path.read_text(encoding="utf-8")
    assert READ not in outside.path.read_text(encoding="utf-8")
    assert "data:image" in outside.path.read_text(encoding="utf-8")


def test_the_darkest_of_all_frames_is_there_too(catalog: Catalog, code: str, tmp_path: Path) -> None:
    for path, captions in (
        (
            quarantine_folder(catalog.settings.home) / "s.html",
            ["before", "after", "before, darkest", "after, darkest"],
        ),
        (tmp_path / "s.html", ["after", "after, darkest"]),
    ):
        page = sheet(catalog, path, "rev-1").path.read_text(encoding="utf-8")
        assert re.findall("<figcaption>([^<]*)", page) == captions


def test_a_clip_whose_evidence_is_gone_is_on_the_sheet_without_a_picture(catalog: Catalog, code: str) -> None:
    with vault_of(catalog) as vault:
        forget_evidence(vault, code)
    made = sheet(catalog, quarantine_folder(catalog.settings.home) / "s.html", "rev-1")
    page = made.path.read_text(encoding="utf-8")
    assert code in page
    assert "data:image" not in page


def test_a_clip_that_is_not_there_makes_no_sheet(catalog: Catalog, code: str, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        sheet(catalog, tmp_path / "s.html", "rev-1", ["01-none"])
    assert not (tmp_path / "s.html").exists()


def test_the_log_says_which_sheet_it_was(catalog: Catalog, code: str, tmp_path: Path) -> None:
    sheet(catalog, quarantine_folder(catalog.settings.home) / "s.html", "rev-1")
    sheet(catalog, tmp_path / "s.html", "rev-1")
    with vault_of(catalog) as vault:
        assert [(e["what"], e["code"]) for e in vault.audit()] == [("sheet", code), ("masked sheet", code)]


def test_a_sheet_is_read_back_and_other_files_are_refused(
    catalog: Catalog, code: str, tmp_path: Path
) -> None:
    before = now()
    found = read_sheet(sheet(catalog, tmp_path / "s.html", "rev-1").path)
    assert found.masks == {code: 1}
    assert before <= found.made_at <= now()
    with pytest.raises(CatalogError, match="cannot be read"):
        read_sheet(tmp_path / "none.html")
    for content in (b"<p>notes</p>", b"\xff\xfe"):
        (tmp_path / "other").write_bytes(content)
        with pytest.raises(SettingsError, match="no contact sheet"):
            read_sheet(tmp_path / "other")


def test_facts_are_in_words(catalog: Catalog) -> None:
    header = {"age": "065Y", "lossy": "00", "sex": "M", "model": "EPIQ 5G"}
    told = dict(facts(replace(make_clip(catalog), header=header)))
    assert [told[name] for name in header] == ["65 years", "no", "M", "EPIQ 5G"]
    odd = {"age": "old", "lossy": "perhaps"}
    told = dict(facts(replace(make_clip(catalog, seed=1), header=odd)))
    assert [told[name] for name in odd] == ["old", "perhaps"]


def test_a_part_says_where_in_its_recording_it_stands(catalog: Catalog) -> None:
    part = {"number": 2, "of": 3, "first_frame": 10_000, "n_frames": 10_000, "start_s": 400.0}
    told = dict(facts(replace(make_clip(catalog), part=part)))
    assert told["part"] == "2 of 3, from frame 10000 of the recording, 400.0 s"
    told = dict(facts(replace(make_clip(catalog, seed=1), part=part | {"start_s": None})))
    assert told["part"] == "2 of 3, from frame 10000 of the recording"
    assert "part" not in dict(facts(make_clip(catalog, seed=2)))
