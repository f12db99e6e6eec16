"""``unisono review`` and the report of a run, as a data manager types them."""

import json
import re
import stat
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.ingest import makers
from unisono.annotate.run import open_catalog
from unisono.base.errors import AccessError, ConflictError, NotFoundError, SettingsError
from unisono.base.settings import Settings
from unisono.catalog import evidence as rows
from unisono.catalog.clips import set_state
from unisono.catalog.rows import now
from unisono.cli.main import app
from unisono.ingest.run.review import vault_of

READ = "SECRET^WORD"


def run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--home", str(home)])


def said(home: Path, *words: str) -> dict[str, object]:
    done = run(home, *words, "--json")
    assert done.exit_code == 0, (done.stdout, done.exception)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def suspect(home: Path, code: str) -> None:
    """Let the gate have read a word in a clip."""
    catalog = open_catalog(Settings(home=home))
    box = {"x0": 5.0, "y0": 6.0, "x1": 50.0, "y1": 20.0, "score": 0.9, "kind": "text"}
    verdict = rows.GateVerdict(code, 1, "text", (box,), "made", now())
    catalog.write(partial(rows.insert_verdict, verdict=verdict))
    catalog.write(partial(set_state, code=code, state="quarantined"))
    with vault_of(catalog) as vault:
        vault.put("evidence", f"seen|{code}", {"texts": [READ]})
    catalog.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home with three clips that wait, of which the gate saw text in one, and a reviewer."""
    inbox = tmp_path / "CANARY^PATH"
    inbox.mkdir()
    for k in range(3):
        frames = makers.loop(2, seed=k)
        makers.write_dicom(inbox / f"{k}.dcm", frames, SOPInstanceUID=f"1.2.826.7.{k + 1}")
    (inbox / "notes.txt").write_text("hello")
    made = tmp_path / "home"
    assert run(made, "ingest", str(inbox), "--workers", "1").exit_code == 0
    assert run(made, "user", "add", "Rita").exit_code == 0
    assert said(made, "user", "reviewer", "Rita") == {"name": "Rita", "reviewer": True}
    pass_all(made)
    suspect(made, codes(made)[0])
    return made


def pass_all(home: Path) -> None:
    """Let the gate have passed all clips, whether its engine is installed here or not."""
    catalog = open_catalog(Settings(home=home))
    for code in codes(home):
        verdict = rows.GateVerdict(code, 1, "passed", (), "made", now())
        catalog.write(partial(rows.insert_verdict, verdict=verdict))
        catalog.write(partial(set_state, code=code, state="gated"))
    catalog.close()


def codes(home: Path) -> list[str]:
    """Return the codes of the clips that wait, in the list's order."""
    return [row["code"] for row in said(home, "review", "list")["clips"]]  # type: ignore[index, attr-defined]


def test_the_list_has_what_is_held_first(home: Path) -> None:
    listed = said(home, "review", "list")
    assert listed["total"] == 3
    assert [c["state"] for c in listed["clips"]] == ["quarantined", "gated", "gated"]  # type: ignore[index, attr-defined]
    shown = run(home, "review", "list").stdout
    assert "3 of 3 clips" in shown
    assert "E_TEXT_RESIDUAL" in shown
    assert said(home, "review", "list", "--state", "approved")["clips"] == []
    assert isinstance(run(home, "review", "list", "--state", "lost").exception, SettingsError)


def test_a_clip_is_shown_by_the_beginning_of_its_code_without_what_was_read(home: Path) -> None:
    code = codes(home)[0]
    shown = run(home, "review", "show", code[:20])
    assert code in shown.stdout
    assert "mask:" in shown.stdout
    assert READ not in shown.stdout
    assert READ not in json.dumps(said(home, "review", "show", code))
    assert isinstance(run(home, "review", "show", "01-").exception, ConflictError)
    assert isinstance(run(home, "review", "show", "01-zz").exception, NotFoundError)


@pytest.mark.parametrize(
    "words",
    [
        ("sheet",),
        ("approve", "CODE"),
        ("approve", "--all-passed"),
        ("reject", "CODE", "--reason", "a name"),
        ("redraw", "CODE", "--polygon", "60,60 200,60 200,160"),
        ("remask", "CODE"),
        ("recheck", "CODE"),
        ("recheck", "--all-unchecked"),
    ],
)
@pytest.mark.parametrize(("name", "error"), [("Nobody", NotFoundError), ("Ada", AccessError)])
def test_who_has_not_the_right_decides_nothing(
    home: Path, words: tuple[str, ...], name: str, error: type[Exception]
) -> None:
    run(home, "user", "add", "Ada")
    code = codes(home)[1]
    done = run(home, "review", *(code if w == "CODE" else w for w in words), "--by", name)
    assert isinstance(done.exception, error)
    assert len(codes(home)) == 3
    assert not (home / "quarantine" / "sheet.html").exists()


def test_a_sheet_shows_clips_unmasked_only_inside_the_quarantine(home: Path, tmp_path: Path) -> None:
    first, *passed = codes(home)
    inside = said(home, "review", "sheet", "--by", "Rita")
    assert inside["unmasked"] is True
    page = Path(str(inside["path"])).read_text(encoding="utf-8")
    assert page.count("<figcaption>before") == 6  # brightest and darkest
    assert READ in page
    assert stat.S_IMODE((home / "quarantine").stat().st_mode) == 0o700
    assert stat.S_IMODE(Path(str(inside["path"])).stat().st_mode) == 0o600
    assert "patients" in (home / "quarantine" / "README.txt").read_text()

    outside = tmp_path / "sheets" / "s.html"
    assert said(home, "review", "sheet", "--by", "Rita", "--out", str(outside))["unmasked"] is False
    page = outside.read_text(encoding="utf-8")
    assert "<figcaption>before" not in page
    assert READ not in page
    sections = page.split('<section class="clip"')[1:]
    assert [("data:image" in s, first in s) for s in sections] == [
        (False, True),
        (True, False),
        (True, False),
    ]
    assert all(code in page for code in passed)


def test_a_way_round_into_or_out_of_the_quarantine_is_seen(home: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    made = said(home, "review", "sheet", "--by", "Rita", "--out", f"{home}/quarantine/../s.html")
    assert made["unmasked"] is False
    (home / "quarantine" / "link").symlink_to(tmp_path / "elsewhere")
    made = said(home, "review", "sheet", "--by", "Rita", "--out", f"{home}/quarantine/link/s.html")
    assert made["unmasked"] is False


def test_a_page_of_pictures_asks_nobody_for_anything(home: Path) -> None:
    page = Path(str(said(home, "review", "sheet", "--by", "Rita")["path"])).read_text(encoding="utf-8")
    addresses = re.findall(r'(?:src|href|url\()="?([^"\')]*)', page)
    assert addresses
    assert all(a.startswith("data:image/jpeg;base64,") for a in addresses)
    assert "<script" not in page


def sheet_of(home: Path, *codes: str) -> str:
    """Write a sheet as Rita; return its path."""
    return str(said(home, "review", "sheet", *codes, "--by", "Rita")["path"])


def test_all_that_passed_is_what_this_person_looked_at(home: Path) -> None:
    first = codes(home)[1]
    sheet = sheet_of(home, first)
    done = run(home, "review", "approve", "--all-passed", "--by", "Rita", "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["approved"] == []
    assert len(codes(home)) == 3
    done = run(home, "review", "approve", "--all-passed", "--sheet", sheet, "--by", "Rita", "--json")
    assert json.loads(done.stdout)["approved"] == [first]
    words = ("review", "approve", "--all-passed", "--sheet", sheet_of(home), "--by", "Rita")
    assert len(said(home, *words)["approved"]) == 1  # type: ignore[arg-type]
    (left,) = codes(home)
    assert said(home, "review", "show", left)["verdict"] == "text"


def test_a_look_at_an_older_mask_does_not_count(home: Path) -> None:
    sheet = sheet_of(home)
    code = codes(home)[1]
    redrawn = said(
        home, "review", "redraw", code, "--polygon", "100,60 200,60 200,160 100,160", "--by", "Rita"
    )
    assert (redrawn["mask"], redrawn["mask_version"]) == ("drawn", 2)
    catalog = open_catalog(Settings(home=home))
    verdict = rows.GateVerdict(code, 2, "passed", (), "made", now())
    catalog.write(partial(rows.insert_verdict, verdict=verdict))
    catalog.write(partial(set_state, code=code, state="gated"))
    catalog.close()
    words = ("review", "approve", "--all-passed", "--sheet", sheet, "--by", "Rita", "--json")
    done = json.loads(run(home, *words).stdout)
    assert [row["code"] for row in done["left"]] == [code]
    assert len(done["approved"]) == 1


def test_decisions_name_who_took_them_and_failures_are_told(home: Path) -> None:
    held, first, second = codes(home)
    sheet = sheet_of(home, held, first)
    unseen = run(home, "review", "approve", first, "--by", "Rita")
    assert unseen.exit_code == 1
    assert "nobody of that name was shown it as it is now" in unseen.output
    assert "--sheet FILE" in unseen.output
    done = run(home, "review", "approve", held, first[:20], "01-zz", "--sheet", sheet, "--by", "Rita")
    assert done.exit_code == 1
    assert f"approved  {first}" in done.stdout
    assert "1 clips approved, 2 left" in done.stdout
    assert said(home, "review", "reject", second, "--by", "Rita", "--reason", "not ultrasound")
    history = said(home, "review", "show", second)["decisions"]
    assert [(d["decision"], d["reason"]) for d in history] == [("reject", "not ultrasound")]  # type: ignore[index, attr-defined]
    assert said(home, "review", "approve", held, "--by", "Rita", "--reason", "depth scale")
    assert codes(home) == []


def test_a_sheet_that_is_none_approves_nothing(home: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "notes.html"
    wrong.write_text("<p>looked at all of them</p>")
    done = run(home, "review", "approve", "--all-passed", "--sheet", str(wrong), "--by", "Rita")
    assert isinstance(done.exception, SettingsError)
    assert len(codes(home)) == 3


def test_approve_wants_either_names_or_all(home: Path) -> None:
    assert isinstance(run(home, "review", "approve", "--by", "Rita").exception, SettingsError)


def test_a_run_writes_its_report_without_a_path(home: Path, tmp_path: Path) -> None:
    (folder,) = (home / "reports").iterdir()
    report = json.loads((folder / "report.json").read_text())
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert report["codes"] == {"E_NOT_RECORDING": 1}
    assert (len(report["clips"]), report["frames"], report["policy"]) == (3, 6, "person")
    assert "unisono review list" in report["next"]
    assert "no DICOM, no video and no image" in page
    for text in (page, json.dumps(report)):
        assert "CANARY" not in text
        assert "notes.txt" not in text
        assert str(tmp_path) not in text
    assert "<script" not in page
    assert stat.S_IMODE((folder / "report.html").stat().st_mode) == 0o600
    name = report["withheld"][0]["file"]
    assert name in page
    told = said(home, "vault", "identify", name, "--by", "Rita", "--reason", "mend the transfer")
    assert str(told["path"]).endswith("CANARY^PATH/notes.txt")
    done = run(home, "vault", "identify", "file-000000", "--by", "Rita", "--reason", "guess")
    assert isinstance(done.exception, NotFoundError)


def test_a_policy_for_one_run_and_a_report_elsewhere(tmp_path: Path) -> None:
    source = makers.write_dicom(tmp_path / "a.dcm", makers.loop(2))
    words = ("ingest", str(source), "--workers", "1", "--policy", "none", "--report", str(tmp_path / "out"))
    done = said(tmp_path / "home", *words)
    assert done["report"] == str(tmp_path / "out")
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert report["states"] == {"approved": 1}
    assert "data:image/jpeg" in (tmp_path / "out" / "report.html").read_text()
    wrong = run(tmp_path / "home", "ingest", str(source), "--policy", "trust")
    assert isinstance(wrong.exception, SettingsError)
