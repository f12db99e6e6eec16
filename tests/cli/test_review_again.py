"""``unisono review`` of clips that are read again; the home is that of the other verbs of the review."""

import json
from functools import partial
from pathlib import Path

import pytest

from tests.cli.test_review import READ, codes, home, run, said
from unisono.annotate.run import open_catalog
from unisono.base.errors import IngestError, SettingsError
from unisono.base.settings import Settings
from unisono.catalog import evidence as rows
from unisono.catalog.clips import set_state
from unisono.catalog.rows import now
from unisono.ingest.gate.verdict import Hit, Verdict
from unisono.ingest.prepared import NOT_RUN, Prepared

__all__ = ["home"]


@pytest.mark.parametrize("polygon", ["", "1,1 2,2", "a,b c,d e,f", "10,10 50,50 90,90", "nan,1 50,50 90,10"])
def test_a_polygon_that_is_none_is_refused(home: Path, polygon: str) -> None:
    code = codes(home)[1]
    done = run(home, "review", "redraw", code, "--polygon", polygon, "--by", "Rita")
    assert isinstance(done.exception, IngestError)
    assert said(home, "review", "show", code)["mask_version"] == 1


def test_a_mask_is_found_anew_and_what_cannot_be_is_left(home: Path) -> None:
    held, first, second = codes(home)
    said(home, "review", "redraw", first, "--polygon", "100,60 200,60 200,160 100,160", "--by", "Rita")
    done = run(home, "review", "remask", first[:20], "01-zz", held, "--by", "Rita", "--json")
    assert done.exit_code == 1
    told = json.loads(done.stdout)
    assert [(c["code"], c["mask_version"]) for c in told["remasked"]] == [(first, 3), (held, 2)]
    assert all(c["mask"] != "drawn" for c in told["remasked"])
    assert told["left"] == [{"code": "01-zz", "reason": "there is no clip '01-zz'"}]
    source = next((home.parent / "CANARY^PATH").glob("*.dcm")).parent
    for path in source.glob("*.dcm"):
        path.unlink()
    done = run(home, "review", "remask", second, "--by", "Rita")
    assert done.exit_code == 1
    assert "the original is gone" in done.stdout
    assert "CANARY" not in done.output
    assert said(home, "review", "show", second)["mask_version"] == 1


def test_what_no_text_check_saw_is_checked_when_it_can_be(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unseen = codes(home)[1]
    catalog = open_catalog(Settings(home=home))
    verdict = rows.GateVerdict(unseen, 1, "not run", (), "", now())
    catalog.write(partial(rows.insert_verdict, verdict=verdict))
    catalog.write(partial(set_state, code=unseen, state="written"))
    catalog.close()
    seen = Prepared.looked_at
    monkeypatch.setattr(Prepared, "looked_at", lambda p, _: seen(p, NOT_RUN))
    done = run(home, "review", "recheck", "--all-unchecked", "--by", "Rita")
    assert done.exit_code == 1
    assert "0 clips checked, 1 left" in done.stdout
    assert "extra deid" in done.stdout
    monkeypatch.setattr(Prepared, "looked_at", lambda p, _: seen(p, Verdict("passed", (), "made")))
    told = said(home, "review", "recheck", "--all-unchecked", "--by", "Rita")
    assert [(c["code"], c["state"], c["verdict"]) for c in told["checked"]] == [(unseen, "gated", "passed")]  # type: ignore[index, attr-defined]
    assert said(home, "review", "recheck", "--all-unchecked", "--by", "Rita") == {"checked": [], "left": []}
    assert isinstance(run(home, "review", "recheck", "--by", "Rita").exception, SettingsError)
    both = run(home, "review", "recheck", "--all-unchecked", "--all-approved", "--by", "Rita")
    assert isinstance(both.exception, SettingsError)
    assert "recheck" in run(home, "vault", "audit").stdout


def test_approved_clips_are_checked_again_and_what_shows_text_goes_back(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = codes(home)[1:]
    sheet = str(said(home, "review", "sheet", "--by", "Rita")["path"])
    said(home, "review", "approve", first, second, "--sheet", sheet, "--by", "Rita")
    hit = Hit(1, 2, 30, 40, 0.9, "text", READ)
    seen, verdicts = Prepared.looked_at, iter([Verdict("passed", (), "new"), Verdict("text", (hit,), "new")])
    monkeypatch.setattr(Prepared, "looked_at", lambda p, _: seen(p, next(verdicts)))
    done = run(home, "review", "recheck", "--all-approved", "--by", "Rita", "--json")
    assert READ not in done.stdout
    told = json.loads(done.stdout)["checked"]
    assert sorted(c["state"] for c in told) == ["approved", "quarantined"]
    (gone,) = (c["code"] for c in told if c["state"] == "quarantined")
    assert gone in codes(home)
    history = said(home, "review", "show", gone)["decisions"]
    assert [d["decision"] for d in history] == ["look", "approve", "recheck", "withdraw"]  # type: ignore[attr-defined]
