import pytest

from tests.make import curve_label, point_label
from unisono.annotate.geometry import check_geometry
from unisono.annotate.run.projects import protocol_from, shipped_protocols
from unisono.base.errors import LabelError

LV = protocol_from(shipped_protocols()["a4c-lv-border"])


def check(key: str, raw: dict[str, object]) -> None:
    question = LV.question(key)
    check_geometry(question, question.parse(raw), rows=60, columns=80)


def test_what_a_hand_draws_passes_also_past_the_edge() -> None:
    check("curve-lv-endo", curve_label())
    check("curve-lv-endo", curve_label(30.0))
    check("lv-apex-endo", point_label(-80.5, 119.5))
    check("lv-apex-endo", {"visibility": "off", "instances": []})


@pytest.mark.parametrize("place", [(-80.6, 0.0), (0.0, 119.6), (1e308, -1e308)])
def test_a_place_far_off_the_frame_is_refused(place: tuple[float, float]) -> None:
    with pytest.raises(
        LabelError, match=r"lies far off the frame; legal: x -80.5 to 159.5, y -60.5 to 119.5"
    ):
        check("lv-apex-endo", point_label(*place))
