from dataclasses import replace

import pytest

from unisono.labels.clashes import RESERVED_KEYS, clashes, loose_ties
from unisono.labels.protocol import Question, parse_protocol

TEXT = """
protocol: p
version: 1
title: P
item: frame
questions:
  - {key: apex, title: Apex, label: point}
  - {key: border, title: Border, label: curve, options: {ties: {middle: apex}}}
"""
APEX, BORDER = parse_protocol(TEXT).questions


def test_questions_that_go_together_are_told_nothing_of() -> None:
    assert [*clashes((APEX, BORDER)), *loose_ties((APEX, BORDER))] == []


@pytest.mark.parametrize(
    ("questions", "words"),
    [
        ((APEX, replace(BORDER, key="apex")), "two questions have the key 'apex'"),
        ((APEX, replace(BORDER, hotkey=APEX.hotkey)), "border and apex share the hotkey '1'"),
        ((replace(APEX, hotkey="b"),), "apex: the page keeps the hotkey 'b' for itself"),
    ],
)
def test_shared_keys_and_letters_are_told(questions: tuple[Question, ...], words: str) -> None:
    assert "b" in RESERVED_KEYS
    assert words in list(clashes(questions))


def test_a_tie_to_no_point_is_told() -> None:
    assert list(loose_ties((BORDER,))) == [
        "border: its middle is tied to 'apex', which is no point question here"
    ]
