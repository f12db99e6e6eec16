"""Where a label may lie."""

import pytest

from tests.formats.make import FRAME, curve, seen
from unisono.base.errors import FormatError
from unisono.formats.base import LabelRecord
from unisono.formats.shapes import check_inside, check_label, places_of


@pytest.mark.parametrize(
    ("x", "y", "fits"),
    [
        (-80.0, -60.0, True),
        (160.0, 120.0, True),
        (-80.1, 0.0, False),
        (0.0, -60.1, False),
        (160.1, 0.0, False),
        (0.0, 120.1, False),
    ],
)
def test_a_margin_of_one_frame_each_side_is_allowed(x: float, y: float, *, fits: bool) -> None:
    for label in (seen({"x": x, "y": y}), seen(curve([(1, 1), (x, y)]))):
        record = LabelRecord(FRAME, "q", None, label)
        assert (x, y) in set(places_of(record))
        if fits:
            check_inside(record, rows=60, columns=80)
        else:
            with pytest.raises(FormatError, match=f"{FRAME}: q: .*frame of 80 x 60 px"):
                check_inside(record, rows=60, columns=80)


@pytest.mark.parametrize(
    ("instance", "wrong"),
    [
        ({"x": 10**400, "y": 1}, "x must be a finite number"),
        ({"x": 1.0}, "y must be a finite number; got None"),
        ({"x": True, "y": 1}, "got True"),
        ({"x": 1e7, "y": 1}, "farther than"),
        (curve([(1, 1), (2, 2)], "bezier"), "spline 'bezier' is not one of"),
        (curve([(1, 1), (2, 2)], steps={0: "leap"}), "step 'leap' is not one of"),
        (curve([(1, 1), (1, 1)]), "the same place"),
        (
            {"nodes": [{"x": 1, "y": 2, "key": 3}, {"x": 2, "y": 2}], "spline": "polyline"},
            "key of a node must be text",
        ),
    ],
)
def test_what_is_no_instance_says_why(instance: dict[str, object], wrong: str) -> None:
    with pytest.raises(FormatError, match=f"here: .*{wrong}"):
        check_label(seen(instance), "here")


def test_what_a_label_type_of_tomorrow_writes_passes() -> None:
    label = seen({"key": "a4c"}, {"anything": [1, {"deep": None}]})
    assert check_label(label, "here") is label
    assert list(places_of(LabelRecord(FRAME, "q", None, label))) == []
