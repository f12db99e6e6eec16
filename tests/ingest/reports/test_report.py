"""The report as the command line prints it."""

import pickle

from unisono.ingest.reports.report import IngestReport, RunStoppedError, Warned, Withheld


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


def test_a_run_that_stopped_is_no_success_and_says_what_is_left() -> None:
    report = IngestReport(("01-a",), 1, 0, (Withheld("a", "E_STORE_IO", "full"),), stopped="full", left=3)
    assert not report.is_success
    assert (report.to_json()["stopped"], report.to_json()["left"], report.n_passing) == ("full", 3, 1)
    error = pickle.loads(pickle.dumps(RunStoppedError("full", report)))  # noqa: S301  # our own
    assert (str(error), error.report) == ("full", report)
