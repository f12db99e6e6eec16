import numpy as np
import pytest

from unisono.base.errors import LabelError
from unisono.labels.base import Space, parse_label
from unisono.labels.types.interval import LABEL, Interval

OPTIONS = LABEL.parse_options({})


def test_how_many_may_be_set_is_an_option() -> None:
    assert LABEL.max_instances(OPTIONS) == 20
    assert LABEL.max_instances(LABEL.parse_options({"instances": 3})) == 3


@pytest.mark.parametrize(
    ("instance", "says"),
    [
        ({"first_frame": 5, "last_frame": 4}, "last_frame must be a whole number from 5"),
        ({"first_frame": -1, "last_frame": 4}, "first_frame must be a whole number from 0"),
        ({"first_frame": 1}, "missing last_frame"),
        ({"first_frame": 1, "last_frame": 4, "first_s": 0.1}, "stand together"),
        ({"first_frame": 1, "last_frame": 4, "first_s": 0.4, "last_s": 0.1}, "0.4 s or later"),
    ],
)
def test_an_interval_that_is_wrong_is_refused(instance: dict[str, object], says: str) -> None:
    with pytest.raises(LabelError, match=says):
        LABEL.parse_instance(instance, OPTIONS)


def test_intervals_share_no_frame() -> None:
    rows = [{"first_frame": 20, "last_frame": 30}, {"first_frame": 5, "last_frame": 19}]
    parse_label(LABEL, OPTIONS, {"visibility": "seen", "instances": rows})
    rows[1]["last_frame"] = 20
    with pytest.raises(LabelError, match="two intervals share frame 20"):
        parse_label(LABEL, OPTIONS, {"visibility": "seen", "instances": rows})


def test_as_a_vector_it_goes_from_its_first_frame_to_its_last() -> None:
    assert LABEL.space is Space.TIME
    assert LABEL.vector(Interval(3, 41, 0.1, 1.366), OPTIONS).path.tolist() == [[3, 0.1], [41, 1.366]]
    alone = LABEL.vector(Interval(7, 7), OPTIONS).path
    assert alone[:, 0].tolist() == [7, 7]
    assert np.isnan(alone[:, 1]).all()
