import pytest
from pydantic import ValidationError

from unisono.web.wire_doors import UploadIn, UploadState


def test_a_class_is_two_digits_and_texts_are_short() -> None:
    assert UploadIn(dataset_class="02").origin == ""
    for wrong in (
        {"dataset_class": "1"},
        {"dataset_class": "01", "origin": "x" * 201},
        {"dataset_class": "01", "a": 1},
    ):
        with pytest.raises(ValidationError):
            UploadIn.model_validate(wrong)


def test_a_state_is_one_of_four() -> None:
    fields = {
        "n_done": 0,
        "n_found": 0,
        "n_clips": 0,
        "n_frames": 0,
        "n_known": 0,
        "problem": "",
        "files": [],
    }
    assert UploadState.model_validate(fields | {"state": "done"}).state == "done"
    with pytest.raises(ValidationError):
        UploadState.model_validate(fields | {"state": "gone"})
