import pytest

from unisono.base.errors import LabelError
from unisono.labels.base import Label, Visibility, label_types, parse_label

POINT = label_types()["point"]
OPTIONS = POINT.parse_options({})


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ([], "a label must be an object; got list"),
        ({}, "missing visibility"),
        ({"visibility": "gone"}, "'gone' is not one of: seen, blurred, off, unasked"),
        ({"visibility": "seen", "instances": {}}, "instances must be a list; got dict"),
        ({"visibility": "seen"}, "needs at least one"),
        ({"visibility": "seen", "instances": [{"x": True, "y": 0}]}, "x must be a finite number; got True"),
        ({"visibility": "seen", "instances": [{"x": float("nan"), "y": 0}]}, "x must be a finite number"),
        (
            {"visibility": "seen", "instances": [{"x": 0, "y": 0}] * 2},
            "2 instances where this question allows 1",
        ),
    ],
)
def test_what_is_no_label_is_refused(raw: object, says: str) -> None:
    with pytest.raises(LabelError, match=says):
        parse_label(POINT, OPTIONS, raw)


def test_only_seen_has_instances() -> None:
    with pytest.raises(LabelError, match="every other visibility none"):
        Label(Visibility.OFF, (1,))


def test_a_form_that_a_type_lacks_is_refused_by_name() -> None:
    with pytest.raises(LabelError, match="label type 'point' has no form 'category'; it has: vector"):
        POINT.category(None, OPTIONS)
