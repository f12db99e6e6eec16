from typing import Any

import pytest
from pydantic import ValidationError

from tests.make import gesture
from unisono.web.wire_notes import NoteIn

NOTE: dict[str, Any] = {
    "project": "lv",
    "item": "i",
    "kind": "flag",
    "text": "look",
    "protocol_version": 1,
    "gesture": gesture("note"),
}


def test_a_note_is_one_of_three_kinds_with_a_text_of_some_length() -> None:
    assert NoteIn.model_validate(NOTE).kind == "flag"
    for wrong in ({"kind": "unusable"}, {"text": ""}, {"text": "x" * 2001}, {"more": 1}):
        with pytest.raises(ValidationError):
            NoteIn.model_validate({**NOTE, **wrong})
