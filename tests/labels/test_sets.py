import pytest

from unisono.base.errors import LabelError, ProtocolError
from unisono.labels.protocol import parse_protocol
from unisono.labels.sets import SetPlan, parse_plan

PROTOCOL = """\
protocol: p
version: 1
title: P
item: {item}
{more}
questions:
  - key: clear
    title: Clear
    label: {label}
    options: {options}
"""
ORDER = "{axis: How clear, first: clearest, last: least}"
CHOICE = "{categories: [a, b]}"


def parsed(item: str = "set", label: str = "order", options: str = ORDER, more: str = "") -> SetPlan | None:
    return parse_protocol(PROTOCOL.format(item=item, label=label, options=options, more=more)).sets


def test_a_plan_says_only_what_differs_from_its_defaults() -> None:
    assert parsed() == SetPlan() == SetPlan("clip", 6, 3, 0.05, "balanced")
    assert parsed(more="set: {of: frame, size: 2, repeats: 0}") == SetPlan("frame", 2, 3, 0, "balanced")


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ({"size": 1}, "size of a set must be a whole number from 2 to 8; got 1"),
        ({"size": 9}, "from 2 to 8; got 9"),
        ({"size": "6"}, "got '6'"),
        ({"times": 0}, "times must be a whole number from 1 to 100"),
        ({"repeats": 0.6}, r"repeats must be a share from 0 to 0.5; got 0.6"),
        ({"repeats": -0.1}, "got -0.1"),
        ({"of": "study"}, "a set is of clip or frame; got 'study'"),
        ({"clips": 3}, "set: unknown clips; legal: of, repeats, scheduler, size, times"),
        ([], "set must be an object"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(raw: object, says: str) -> None:
    with pytest.raises(LabelError, match=says):
        parse_plan(raw)


def test_an_order_is_asked_of_a_set_and_of_nothing_else() -> None:
    with pytest.raises(
        ProtocolError, match="an order, and how its sets are made, needs the item set; got clip"
    ):
        parsed(item="clip")
    with pytest.raises(ProtocolError, match="every question about a set must be an order"):
        parsed(label="choice", options=CHOICE)
    with pytest.raises(ProtocolError, match="needs the item set; got frame"):
        parsed(item="frame", label="choice", options=CHOICE, more="set: {size: 4}")
    with pytest.raises(ProtocolError, match="size of a set must be"):
        parsed(more="set: {size: 12}")
    with pytest.raises(ProtocolError, match="item must be frame, clip or set; got 'sets'"):
        parsed(item="sets")
