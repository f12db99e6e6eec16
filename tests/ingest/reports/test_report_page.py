"""The report's words: every refusal has its sentence, nothing is told twice, nothing is run."""

import re
from pathlib import Path

from unisono.ingest.reports import report_page as r

SOURCE = Path(__file__).parents[3] / "src" / "unisono"
CLIPS = (
    r.TakenClip("01-aaaa", "gated", 30, "passed", "fan", b"jpeg"),
    r.TakenClip("01-bbbb", "written", 10, "not run", "rectangle"),
)
WITHHELD = (
    r.Told("file-1", "E_TRUNCATED", "the file ends early"),
    r.Told("file-2", "E_TRUNCATED", "the file ends early"),
    r.Told("file-3", "E_TEXT_RESIDUAL", "the masked frames show text"),
)


def report(**changes: object) -> r.RunReport:
    given: dict[str, object] = {
        "at": "2026-01-01T12:00:00+00:00",
        "seconds": 8.0,
        "policy": "person",
        "clips": CLIPS,
        "known": 4,
        "withheld": WITHHELD,
        "warnings": (),
        "waiting": 3,
    }
    return r.RunReport(**{**given, **changes})  # type: ignore[arg-type]


def test_every_refusal_that_the_code_knows_has_a_sentence() -> None:
    said = {
        code
        for path in SOURCE.rglob("*.py")
        for code in re.findall(r'"(E_[A-Z_]+)"', path.read_text(encoding="utf-8"))
    }
    assert len(said) > 20
    assert said <= set(r.MEANING)


def test_recordings_are_counted_where_they_stand() -> None:
    found = report().to_json()
    assert found["states"] == {"gated": 1, "written": 1, "quarantined": 1}
    assert found["codes"] == {"E_TRUNCATED": 2, "E_TEXT_RESIDUAL": 1}
    assert (found["frames"], found["frames_per_s"], found["known"]) == (40, 5.0, 4)


def test_a_clip_that_nobody_passed_has_no_picture() -> None:
    page = r.report_page(report())
    assert page.count("data:image/jpeg;base64,") == 1
    assert page.count("not shown before a person looked") == 1


def test_what_came_from_outside_is_text_and_nothing_else() -> None:
    told = r.Told("<b>file</b>", "<script>", "<img src=x onerror=alert(1)>")
    clip = r.TakenClip("<i>", "<u>", 1, '"><script>', "<style>")
    page = r.report_page(report(withheld=(told,), warnings=(told,), clips=(clip,), policy="<script>"))
    assert "<script>" not in page
    assert "<img src=x" not in page
    assert "<b>file" not in page


def test_a_run_with_nothing_to_do_says_so() -> None:
    quiet = report(clips=(), withheld=(), waiting=0, seconds=0.0)
    page = r.report_page(quiet)
    assert "Nothing waits" in page
    assert quiet.frames_per_s == 0.0
    assert r.next_steps(quiet) == []


def test_the_next_step_names_a_source_that_can_be_asked_for() -> None:
    assert any("file-1 " in step for step in r.next_steps(report()))
    assert not any("vault" in step for step in r.next_steps(report(withheld=())))
