import pytest

from unisono.base.errors import LabelError
from unisono.labels.base import label_types


@pytest.mark.parametrize("name", ["point", "curve"])
def test_points_and_curves_may_lie_on_a_velocity_axis_beat_by_beat(name: str) -> None:
    kind = label_types()[name]
    options = kind.parse_options({"axis": "velocity", "per_beat": True})
    assert (options.axis, options.per_beat) == ("velocity", True)
    assert (kind.parse_options({}).axis, kind.parse_options({}).per_beat) == (None, False)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"axis": "pressure"}, "axis 'pressure' is not one of: velocity"),
        ({"per_beat": 1}, "per_beat must be true or false"),
    ],
)
@pytest.mark.parametrize("name", ["point", "curve"])
def test_another_axis_is_refused(name: str, options: dict[str, object], says: str) -> None:
    with pytest.raises(LabelError, match=says):
        label_types()[name].parse_options(options)
