import pytest

from unisono.annotate.moments import check_moments
from unisono.annotate.run.projects import protocol_from, shipped_protocols
from unisono.base.errors import LabelError

TEXTS = shipped_protocols()
PHASE = protocol_from(TEXTS["phase-a4c"]).questions[0]
VISIBLE = protocol_from(TEXTS["visible-intervals"]).questions[0]
TIMES_S = (0.0, 0.04, 0.08, 0.13)


def check(instance: dict[str, object], times_s: tuple[float, ...] | None = TIMES_S) -> None:
    question = PHASE if "event" in instance else VISIBLE
    label = question.parse({"visibility": "seen", "instances": [instance]})
    check_moments(question, label, 4, times_s)


def test_a_frame_of_the_clip_at_its_time_passes() -> None:
    check({"event": "ed", "frame": 3, "start_s": 0.1300001})
    check({"event": "ed", "frame": 3})
    check({"event": "ed", "frame": 3}, None)
    check({"first_frame": 0, "last_frame": 2, "first_s": 0.0, "last_s": 0.08})


@pytest.mark.parametrize(
    "instance", [{"event": "es", "frame": 4}, {"first_frame": 0, "last_frame": 4}], ids=["event", "interval"]
)
def test_a_frame_behind_the_last_is_refused(instance: dict[str, object]) -> None:
    with pytest.raises(LabelError, match="there is no frame 4; legal: 0 to 3"):
        check(instance)


def test_another_time_than_the_frames_is_refused() -> None:
    with pytest.raises(LabelError, match=r"frame 2 starts at 0.08 s; got 0.5 s"):
        check({"event": "es", "frame": 2, "start_s": 0.5})
    with pytest.raises(LabelError, match="leave them out"):
        check({"event": "es", "frame": 2, "start_s": 0.08}, None)


def test_places_in_the_image_are_not_its_business() -> None:
    point = protocol_from(TEXTS["a4c-lv-border"]).question("lv-apex-endo")
    check_moments(point, point.parse({"visibility": "seen", "instances": [{"x": 900.0, "y": 1.0}]}), 4, None)
