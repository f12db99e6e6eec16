import numpy as np
import pytest

from tests.make import curve_label, point_label
from unisono.formats.base import LabelRecord
from unisono.formats.doubles import apart_px, drawing_faults, farthest_px, part_faults, strokes_in

IMAGE = f"01-{'ab' * 32}-0001"


def record(label: dict[str, object], question: str = "curve-lv-endo") -> LabelRecord:
    return LabelRecord(IMAGE, question, None, label)


def test_parallel_lines_are_apart_by_their_distance() -> None:
    x = np.linspace(0, 10, 101)
    low, high = np.column_stack([x, np.zeros(101)]), np.column_stack([x, np.full(101, 3.0)])
    assert apart_px(low, high) == pytest.approx(3.0)
    assert farthest_px(low[:1], high) == pytest.approx(3.0)
    assert apart_px(low, low[:51]) == pytest.approx(5.0)
    assert farthest_px(low[:51], low) == 0


def test_a_gap_cuts_and_is_not_drawn() -> None:
    label = curve_label()
    label["instances"][0]["nodes"][1]["step"] = "gap"
    strokes = strokes_in(record(label))
    assert len(strokes) == 2
    assert not (np.concatenate(strokes)[:, 1] < 8 - 1).any()
    assert strokes_in(record({"visibility": "off", "instances": []})) == []
    assert strokes_in(record(point_label(1, 2)))[0].tolist() == [[1, 2]]


def test_a_part_says_word_for_word_what_the_whole_says() -> None:
    whole = {"a": 1, "b": 2, "c": 3}
    assert list(part_faults(whole, {"a": 1, "b": 2}, ["a", "b"], "train")) == []
    assert list(part_faults(whole, {"a": 9, "c": 3}, ["a", "b"], "train")) == [
        "train: b: missing",
        "train: c: is not of this part",
        "train: a: is not what the file of all images says",
    ]


def test_two_drawings_of_one_label_may_differ_by_a_digit_and_no_more() -> None:
    here = [record(curve_label())]
    assert list(drawing_faults(here, [record(curve_label(0.5))], 1.0, "gen")) == []
    (fault,) = drawing_faults(here, [record(curve_label(50.0))], 1.0, "gen")
    assert fault.startswith(f"gen: {IMAGE}: curve-lv-endo: ")
    assert fault.endswith("px from the other generation")
    off = [record({"visibility": "off", "instances": []})]
    assert list(drawing_faults(here, off, 1.0, "gen")) == [
        f"gen: {IMAGE}: curve-lv-endo: seen in one generation and not in the other"
    ]
    assert list(drawing_faults([], here, 1.0, "gen")) == [f"gen: {IMAGE}: curve-lv-endo: missing"]
