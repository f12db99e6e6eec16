from typing import Any

import pytest
import yaml

from unisono.base.errors import ProtocolError
from unisono.labels.conditions import asked, missing
from unisono.labels.protocol import Protocol, parse_protocol

YES_NO = {"categories": ["yes", "no"]}
VALUABLE = {"key": "valuable", "title": "Valuable", "label": "choice", "options": YES_NO}
FINDINGS = {
    "key": "findings",
    "title": "Findings",
    "label": "choice",
    "options": {"categories": ["cyst", "stone"], "several": True},
    "when": {"valuable": "yes"},
}
SIZE = {"key": "size", "title": "Size", "label": "point", "when": {"findings": ["cyst", "stone"]}}


def protocol(*questions: dict[str, Any]) -> Protocol:
    rows = {"protocol": "p", "version": 1, "title": "P", "item": "clip", "questions": list(questions)}
    return parse_protocol(yaml.safe_dump(rows))


def chose(*keys: str) -> dict[str, Any]:
    return {"visibility": "seen", "instances": [{"key": k} for k in keys]}


@pytest.mark.parametrize(
    ("labels", "shown", "open_"),
    [
        ({}, ["valuable"], ["valuable"]),
        ({"valuable": chose("no")}, ["valuable"], []),
        ({"valuable": chose("yes")}, ["valuable", "findings"], ["findings"]),
        ({"valuable": chose("yes"), "findings": chose("stone")}, ["valuable", "findings", "size"], ["size"]),
        ({"valuable": chose("yes"), "findings": {"visibility": "blurred"}}, ["valuable", "findings"], []),
        ({"valuable": chose("no"), "findings": chose("cyst")}, ["valuable"], []),
        ({"valuable": {"visibility": "unasked", "instances": []}}, ["valuable"], ["valuable"]),
    ],
)
def test_what_is_asked_and_what_is_missing(
    labels: dict[str, Any], shown: list[str], open_: list[str]
) -> None:
    questions = protocol(VALUABLE, FINDINGS, SIZE).questions
    assert [q.key for q in asked(questions, labels)] == shown
    assert [q.key for q in missing(questions, labels)] == open_


@pytest.mark.parametrize(
    ("questions", "says"),
    [
        ((FINDINGS, VALUABLE), "findings: its when names 'valuable', which is no earlier question"),
        (
            (VALUABLE, {**FINDINGS, "when": {"valuable": "maybe"}}),
            "wants 'maybe' of 'valuable'; legal: yes, no",
        ),
        (({**VALUABLE, "required": False}, FINDINGS), "names 'valuable', which must be required"),
        (
            ({"key": "apex", "title": "A", "label": "point"}, {**FINDINGS, "when": {"apex": "yes"}}),
            "names 'apex', which has no categories",
        ),
        ((VALUABLE, {**FINDINGS, "when": ["valuable"]}), "when must be a mapping"),
        ((VALUABLE, {**FINDINGS, "when": {"valuable": []}}), "when wants a key or a list of keys"),
    ],
)
def test_a_condition_that_can_never_hold_is_refused(questions: tuple[dict[str, Any], ...], says: str) -> None:
    with pytest.raises(ProtocolError, match=says):
        protocol(*questions)
