import pytest

from unisono.base.errors import LabelError
from unisono.labels.types.box import LABEL, Box

OPTIONS = LABEL.parse_options({"instances": 2})


def test_it_holds_the_pixels_between_its_sides() -> None:
    inside = LABEL.raster(Box(1.5, 2.5, 4.5, 6.5), OPTIONS, (10, 10))
    assert inside.sum() == 12
    assert inside[3:7, 2:5].all()


def test_its_places_are_its_corners_clockwise() -> None:
    assert LABEL.places(Box(1, 2, 4, 6), OPTIONS).tolist() == [[1, 2], [4, 2], [4, 6], [1, 6]]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"x1": 1.0}, "from its upper left to its lower right"),
        ({"y1": 0.0}, "from its upper left to its lower right"),
        ({"x0": None}, "x0 must be a finite number; got None"),
        ({"width": 3}, "unknown width"),
    ],
)
def test_what_is_no_box_is_refused(change: dict[str, object], says: str) -> None:
    with pytest.raises(LabelError, match=says):
        LABEL.parse_instance({"x0": 1.0, "y0": 2.0, "x1": 4.0, "y1": 6.0, **change}, OPTIONS)
