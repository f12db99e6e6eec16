"""MultiX: 200 points a curve, by expert, and their consensus."""

import json
from dataclasses import replace

import numpy as np
import pytest

from tests.formats.make import FRAME, curve, dataset, lv_nodes, questions, seen, settled, unseen
from unisono.base.errors import FormatError
from unisono.formats.base import Dataset, LabelRecord
from unisono.formats.codecs.multix import ANNOTATIONS, CODEC, CONSENSUS
from unisono.labels.base import label_types
from unisono.labels.spline import sample

PNG = f"{FRAME}.png"


def data_of(*answers: LabelRecord, consensus: LabelRecord) -> Dataset:
    whole = dataset(consensus, answers=answers)
    return replace(whole, questions=questions()[:1])


def test_each_expert_has_200_points_of_the_curve_as_drawn(rng: np.random.Generator) -> None:
    instances = [curve(lv_nodes(rng)) for _ in range(3)]
    answers = [LabelRecord(FRAME, "curve-lv-endo", f"expert-{i}", seen(c)) for i, c in enumerate(instances)]
    answers.append(LabelRecord(FRAME, "curve-lv-endo", "expert-9", unseen("blurred")))
    consensus = settled("curve-lv-endo", seen(instances[0]))
    files = CODEC.write(data_of(*answers, consensus=consensus))
    drawn = json.loads(files[ANNOTATIONS])[PNG]
    assert sorted(drawn) == ["expert-0", "expert-1", "expert-2"]
    kind = label_types()["curve"]
    for i, instance in enumerate(instances):
        expected = sample(kind.parse_instance(instance, kind.parse_options({})).path, 200)
        assert np.array_equal(np.array(drawn[f"expert-{i}"]).T, expected)
    assert json.loads(files[CONSENSUS])[PNG] == drawn["expert-0"]


def test_reading_and_writing_again_gives_the_same_bytes(rng: np.random.Generator) -> None:
    answer = LabelRecord(FRAME, "curve-lv-endo", "expert-1", seen(curve(lv_nodes(rng))))
    files = CODEC.write(data_of(answer, consensus=settled("curve-lv-endo", answer.label)))
    found = CODEC.read(files)
    again = CODEC.write(replace(data_of(*found.answers, consensus=found.settled[0])))
    assert again == files


def test_it_carries_one_curve_question_and_says_so() -> None:
    curve_question, point, _ = questions()
    assert not CODEC.lacks(curve_question)
    assert "'lv-apex-endo' asks for points" in CODEC.lacks(point)
    whole = dataset(settled("lv-apex-endo", unseen("off")))
    with pytest.raises(FormatError, match="asks for points"):
        CODEC.write(whole)
    with pytest.raises(FormatError, match="one question; got: none"):
        CODEC.write(replace(whole, questions=(), settled=()))


@pytest.mark.parametrize(
    ("curve_json", "wrong"),
    [
        ([[1, 2, 3], [1, 2]], "3 x and 2 y"),
        ([[1, 2]], "two lists"),
        ([[1], [1]], "2 points or more"),
        ([[1, "a"], [1, 2]], "expected numbers"),
        ("", "two lists"),
    ],
)
def test_a_malformed_curve_is_named(curve_json: object, wrong: str) -> None:
    files = {ANNOTATIONS: json.dumps({PNG: {"expert-1": curve_json}}).encode()}
    with pytest.raises(FormatError) as caught:
        CODEC.read(files)
    assert wrong in str(caught.value)
    assert f"{ANNOTATIONS}: {PNG}: expert-1" in str(caught.value)


def test_a_folder_without_its_files_is_refused() -> None:
    with pytest.raises(FormatError, match=ANNOTATIONS):
        CODEC.read({"labels-all.json": b"{}"})
