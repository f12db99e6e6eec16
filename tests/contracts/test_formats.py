"""Every format with every label type: what it carries comes back, what it lacks is refused by name."""

from dataclasses import replace

import numpy as np
import pytest

from tests.formats.make import FRAME
from unisono.base.errors import FormatError
from unisono.formats.base import Codec, Dataset, LabelRecord, codecs
from unisono.formats.strokes import strokes_of
from unisono.labels.base import label_types
from unisono.labels.protocol import Question, parse_protocol
from unisono.labels.spline import sample

CASES = [
    pytest.param(codec, name, i, id=f"{codec.name}-{name}-{i}")
    for codec in codecs().values()
    for name, kind in label_types().items()
    for i in range(len(kind.examples()))
]
PRECISION_PX = 0.001


def question_of(name: str, raw_options: object) -> Question:
    text = "{protocol: p, version: 1, title: t, item: frame, questions: [{key: q, title: q, label: choice, "
    base = parse_protocol(text + "options: {categories: [a, b]}}]}").questions[0]
    kind = label_types()[name]
    return replace(base, label_type=kind, options=kind.parse_options(raw_options), raw_options=raw_options)


@pytest.mark.parametrize(("codec", "name", "which"), CASES)
def test_an_example_comes_back_or_is_refused_by_name(codec: Codec, name: str, which: int) -> None:
    raw_options, instance = label_types()[name].examples()[which]
    question = question_of(name, raw_options)
    label = {"visibility": "seen", "instances": [instance]}
    answer = LabelRecord(FRAME, "q", "expert-1", label, "2026-01-01T00:00:00+00:00", "id-1")
    settled = LabelRecord(FRAME, "q", None, label)
    data = Dataset("made", (question,), (answer,), (settled,), {FRAME: "train"})
    if codec.lacks(question):
        assert repr(codec.name) in codec.lacks(question)
        assert "'q'" in codec.lacks(question)
        with pytest.raises(FormatError, match="'q'"):
            codec.write(data)
        return
    found = codec.read(codec.write(data))
    for record in (*found.answers, *found.settled):
        same = drawn(question, replace(record, question="q"))
        assert np.abs(same - drawn(question, answer)).max() < PRECISION_PX


@pytest.mark.parametrize("codec", codecs().values(), ids=lambda c: c.name)
def test_a_label_of_no_question_or_of_a_whole_clip_is_refused(codec: Codec) -> None:
    raw_options, instance = label_types()["curve"].examples()[0]
    question = question_of("curve", raw_options)
    label = {"visibility": "seen", "instances": [instance]}
    for record in (LabelRecord(FRAME, "other", None, label), LabelRecord(FRAME[:-5], "q", None, label)):
        with pytest.raises(FormatError, match=record.image):
            codec.write(Dataset("made", (question,), (), (record,), {record.image: "train"}))


def drawn(question: Question, record: LabelRecord) -> np.ndarray:
    paths = [p for instance in strokes_of(question, record) for p in instance]
    return np.concatenate([sample(p, 200) if len(p.nodes) > 1 else p.nodes for p in paths])
