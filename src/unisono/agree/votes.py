"""From answers as they are stored to votes as methods see them."""

from collections.abc import Mapping

from unisono.agree.base import Facts, Shape, Vote
from unisono.base.errors import LabelError
from unisono.labels.base import Form, Space
from unisono.labels.parsing import Json
from unisono.labels.protocol import Question


def can_settle(question: Question) -> bool:
    """Whether there are consensus methods for a question: its form is a category, or a place in the image."""
    kind = question.label_type
    return Form.CATEGORY in kind.forms or (Form.VECTOR in kind.forms and kind.space is Space.IMAGE)


def facts_of(question: Question) -> Facts:
    """Return what methods may know of a question.

    Raises
    ------
    LabelError
        If its label type has neither the form ``category`` nor ``vector`` in the image: see `can_settle`.
    """
    kind, options = question.label_type, question.options
    ties = dict(getattr(options, "ties", {}))
    if Form.CATEGORY in kind.forms:
        return Facts(question.key, question.title, Form.CATEGORY, None, kind.categories(options), ties)
    if not can_settle(question):
        legal = f"{Form.CATEGORY.value} or {Form.VECTOR.value} in the image"
        raise LabelError(f"{question.key}: no consensus for label type {kind.name!r}; a form must be {legal}")
    shape = Shape.POINT if _is_point(question) else Shape.PATH
    return Facts(question.key, question.title, Form.VECTOR, shape, ties=ties)


def vote_of(question: Question, facts: Facts, raw: Json, *, item: str, expert: str, answer: str) -> Vote:
    """Return an answer as a vote; of several instances the first counts.

    Raises
    ------
    LabelError
        If the label is not of the question's form.
    """
    label = question.parse(raw)
    value = None
    if label.instances:
        first, kind = label.instances[0], question.label_type
        category = facts.form is Form.CATEGORY
        value = kind.category(first, question.options) if category else kind.vector(first, question.options)
    return Vote(item, expert, answer, label.visibility, value)


def has_several(raw: Mapping[str, Json]) -> bool:
    """Whether a label has more than one instance, of which only the first is a vote."""
    return len(raw.get("instances", ())) > 1


def _is_point(question: Question) -> bool:
    # The type's own example tells a point from a path, so a new label type need not be named here.
    raw_options, raw = question.label_type.examples()[0]
    options = question.label_type.parse_options(raw_options)
    return question.label_type.vector(question.label_type.parse_instance(raw, options), options).is_point
