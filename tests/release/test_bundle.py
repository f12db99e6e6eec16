import pytest

from tests.make import curve_label, point_label
from unisono.formats.base import LabelRecord
from unisono.release.bundle import bundle_faults

IMAGE = f"01-{'ab' * 32}-0001"
OFF = {"visibility": "off", "instances": []}


def record(label: dict[str, object], expert: str | None = None, at: str = "") -> LabelRecord:
    question = "lv-apex-endo" if "nodes" not in str(label) else "curve-lv-endo"
    return LabelRecord(IMAGE, question, expert, label, at)


def faults(settled: dict[str, object], *answers: dict[str, object], policy: str = "consensus") -> list[str]:
    rows = [record(a, f"expert-{k}", f"2026-01-01T12:00:0{k}Z") for k, a in enumerate(answers)]
    return list(bundle_faults([record(settled)], rows, policy))


def test_the_label_of_one_answer_is_that_answer() -> None:
    assert faults(curve_label(), curve_label()) == []
    assert faults(point_label(10, 10), point_label(10.05, 10)) == []
    (fault,) = faults(point_label(10, 10), point_label(12, 10))
    assert "2.0 px from the nearest answer" in fault


def test_the_label_of_several_lies_among_them() -> None:
    assert faults(curve_label(1.0), curve_label(0.0), curve_label(2.0)) == []
    (fault,) = faults(curve_label(50.0), curve_label(0.0), curve_label(2.0))
    assert "px from the nearest answer; the answers allow" in fault


def test_by_the_policy_last_only_the_last_answer_counts() -> None:
    early, late = point_label(10, 10), point_label(30, 10)
    assert faults(late, early, late, policy="last") == []
    assert len(faults(early, early, late, policy="last")) == 1


@pytest.mark.parametrize(
    ("settled", "answers"), [(point_label(1, 1), [OFF, OFF]), (OFF, [point_label(1, 1)])]
)
def test_what_nobody_said_is_no_consensus(
    settled: dict[str, object], answers: list[dict[str, object]]
) -> None:
    (fault,) = faults(settled, *answers)
    assert "but the answers say" in fault
