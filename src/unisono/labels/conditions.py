"""Questions that are asked only after a certain answer to an earlier one: ``when: {valuable: yes}``.

What is not asked is not missing. The page asks by the same rule (``page/src/core/asked.ts``) and takes an
answer back when its question is not asked any more.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unisono.base.errors import LabelError
from unisono.labels.base import Form, Visibility
from unisono.labels.parsing import Json

if TYPE_CHECKING:
    from unisono.labels.protocol import Question


@dataclass(frozen=True, slots=True)
class Condition:
    """An earlier question, and the keys of which one must be chosen there."""

    question: str
    keys: tuple[str, ...]


def parse_when(raw: Json) -> tuple[Condition, ...]:
    """Read ``{question: key}`` or ``{question: [key, ...]}``; all of them must hold.

    Raises
    ------
    LabelError
        If it is something else.
    """
    if not isinstance(raw, Mapping):
        raise LabelError(f"when must be a mapping of a question to its keys; got {type(raw).__name__}")
    return tuple(Condition(str(question), _keys(keys)) for question, keys in raw.items())


def loose_conditions(questions: Sequence["Question"]) -> Iterator[str]:
    """Tell of each condition that can never be judged or met."""
    earlier: dict[str, Question] = {}
    for question in questions:
        for condition in question.when:
            yield from _faults(question.key, condition, earlier.get(condition.question))
        earlier[question.key] = question


def asked(questions: Sequence["Question"], labels: Mapping[str, Json]) -> list["Question"]:
    """Return the questions that are asked, given the answers as they stand, by question key."""
    shown: dict[str, Question] = {}
    for question in questions:
        if all(c.question in shown and _chosen(labels.get(c.question)) & {*c.keys} for c in question.when):
            shown[question.key] = question
    return list(shown.values())


def missing(questions: Sequence["Question"], labels: Mapping[str, Json]) -> list["Question"]:
    """Return the required questions that are asked and have no answer."""
    return [q for q in asked(questions, labels) if q.required and not _is_given(labels.get(q.key))]


def _keys(raw: Json) -> tuple[str, ...]:
    keys = [raw] if isinstance(raw, str) else raw
    if not isinstance(keys, list) or not keys or not all(isinstance(k, str) for k in keys):
        raise LabelError(f"when wants a key or a list of keys; got {raw!r}")
    return tuple(keys)


def _faults(key: str, condition: Condition, earlier: "Question | None") -> Iterator[str]:
    if earlier is None:
        yield f"{key}: its when names {condition.question!r}, which is no earlier question"
    elif Form.CATEGORY not in earlier.label_type.forms:
        yield f"{key}: its when names {condition.question!r}, which has no categories"
    else:
        if not earlier.required:
            yield f"{key}: its when names {condition.question!r}, which must be required"
        legal = earlier.label_type.categories(earlier.options)
        for wanted in condition.keys:
            if wanted not in legal:
                yield f"{key}: its when wants {wanted!r} of {condition.question!r}; legal: {', '.join(legal)}"


def _chosen(label: Json) -> set[str]:
    if not isinstance(label, Mapping) or label.get("visibility") != Visibility.SEEN:
        return set()
    return {str(i["key"]) for i in label.get("instances", ()) if isinstance(i, Mapping) and "key" in i}


def _is_given(label: Json) -> bool:
    return isinstance(label, Mapping) and label.get("visibility") != Visibility.UNASKED
