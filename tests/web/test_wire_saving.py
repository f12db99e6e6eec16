import pytest
from pydantic import ValidationError

from unisono.web.wire_saving import Display, Gesture

SHOWN = {
    "zoom": 1,
    "brightness": 0,
    "contrast": 1,
    "pixel_ratio": 2,
    "width": 800,
    "height": 600,
    "pointer": "pen",
}
MADE = {"kind": "draw-line", "at": "2026-11-21T10:00:00Z", "active_s": 3.5, "undo_count": 0, "session": "s"}


def test_how_an_image_was_shown_has_bounds() -> None:
    assert Display.model_validate(SHOWN).zoom == 1
    for wrong in ({"zoom": 0}, {"brightness": 1.1}, {"contrast": 0}, {"width": -1}, {"pointer": "nose"}):
        with pytest.raises(ValidationError):
            Display.model_validate(SHOWN | wrong)


def test_a_gesture_has_a_name_of_small_letters_and_a_day_at_most() -> None:
    assert Gesture.model_validate(MADE).active_s == 3.5
    for wrong in ({"kind": "Draw line"}, {"active_s": 86_401}, {"undo_count": -1}, {"session": ""}):
        with pytest.raises(ValidationError):
            Gesture.model_validate(MADE | wrong)
