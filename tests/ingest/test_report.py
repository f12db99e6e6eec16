"""The report as the command line prints it."""

from unisono.ingest.report import IngestReport, Warned, Withheld


def test_json_has_the_stable_keys() -> None:
    report = IngestReport(
        ("01-a",),
        7,
        2,
        (Withheld("a.csv", "E_NOT_RECORDING", "not a recording"),),
        (Warned("b.mov", "a trace was made black"),),
    )
    assert report.to_json() == {
        "clips": 1,
        "frames": 7,
        "known": 2,
        "withheld": [{"path": "a.csv", "reason": "E_NOT_RECORDING: not a recording"}],
        "warnings": [{"path": "b.mov", "reason": "a trace was made black"}],
    }


def test_success_needs_a_clip_that_is_in() -> None:
    assert IngestReport(("01-a",), 1, 0, ()).is_success
    assert IngestReport((), 0, 1, ()).is_success
    assert not IngestReport((), 0, 0, ()).is_success
