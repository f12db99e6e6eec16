"""Records, and what a format refuses."""

from tests.formats.make import FRAME, dataset, seen, settled, unseen
from unisono.formats.base import LabelRecord, codecs
from unisono.labels.base import Visibility


def test_a_record_knows_its_visibility_and_instances() -> None:
    record = LabelRecord(FRAME, "q", "expert-1", seen({"x": 1.0, "y": 2.0}))
    assert record.visibility is Visibility.SEEN
    assert record.instances == [{"x": 1.0, "y": 2.0}]
    assert LabelRecord(FRAME, "q", None, {"visibility": "off"}).instances == []


def test_the_images_of_a_dataset_are_those_with_a_settled_label() -> None:
    one, other = FRAME, FRAME[:-1] + "8"
    data = dataset(settled("e-peak", unseen("off"), other), settled("e-peak", unseen("off"), one))
    assert data.images == [one, other]


def test_the_formats_are_found_in_their_folder() -> None:
    assert set(codecs()) == {"unity", "multix"}
