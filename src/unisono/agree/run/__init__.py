"""The agree room's door: settle a project, settle one item for the lead's page, read what was settled.

Experts appear under their pseudonyms. Everything here shows one expert another's work, so callers ask
`annotate` first whether this person leads the project.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np
import sqlalchemy as sa

from unisono.agree.base import Facts, Row, Vote
from unisono.agree.handout import ExpertAnswer, ItemConsensus, QuestionConsensus, Spread, spread_of
from unisono.agree.learnt import Learnt
from unisono.agree.panel import Question, method_for, settle_question
from unisono.agree.report import Report
from unisono.agree.run.inputs import Inputs, read_inputs
from unisono.agree.run.reporting import KIND, SEED, report_of, result_of
from unisono.agree.votes import can_settle, facts_of
from unisono.base.errors import LabelError, NotFoundError
from unisono.catalog.answers import CurrentAnswer
from unisono.catalog.db import Catalog
from unisono.catalog.projects import item_by_id, shown_items_of
from unisono.catalog.results import insert_result, latest_result
from unisono.catalog.standing import counted
from unisono.labels import protocol as labels
from unisono.labels.base import Vector

__all__ = [
    "ExpertAnswer",
    "ItemConsensus",
    "QuestionConsensus",
    "Report",
    "Spread",
    "agree",
    "agreed",
    "item_consensus",
    "item_consensus_of",
    "spreads_of",
]


def agree(catalog: Catalog, project: str, *, methods: Mapping[str, str] | None = None) -> Report:
    """Settle all questions of a project, store the result and return the report.

    Parameters
    ----------
    catalog : Catalog
    project : str
        Its slug.
    methods : mapping of str to str, optional
        Method by question key; the default of the question's form otherwise.

    Raises
    ------
    NotFoundError
        If there is no such project, or nobody has finished an item.
    PluginError
        If a method is unknown or does not take the question's form.
    LabelError
        If a method is named for a question that the protocol does not ask, or there is a method for none of
        its questions; those that no method takes are left out, and the report names them.
    """
    methods = methods or {}
    with catalog.read() as connection:
        inputs = read_inputs(connection, project)
    if not inputs.answers:
        raise NotFoundError(f"project {project!r} has no finished answers to agree on")
    for key in methods:
        inputs.protocol.question(key)
    settled = _settle(inputs, methods)
    result = result_of(inputs, settled)
    catalog.write(lambda connection: insert_result(connection, result))
    return report_of(catalog, inputs, settled, result)


def item_consensus(catalog: Catalog, item: str) -> ItemConsensus:
    """Settle one item as it stands now, with what the latest stored result learnt from the data set.

    Raises
    ------
    NotFoundError
        If there is no such item, or its clip was withdrawn.
    """
    with catalog.read() as connection:
        return item_consensus_of(connection, item)


def item_consensus_of(connection: sa.Connection, item: str) -> ItemConsensus:
    """Do `item_consensus` inside an open snapshot."""
    found = item_by_id(connection, item)
    order = [i.id for i in shown_items_of(connection, found.project)]
    if item not in order:
        raise NotFoundError("this item's recording was withdrawn; nothing of it is shown any more")
    inputs = read_inputs(connection, found.project, item=item)
    stored = latest_result(connection, found.project, KIND)
    known = {} if stored is None else stored.body["questions"]
    questions = tuple(
        _question_consensus(inputs, question, item, known.get(question.key))
        for question in inputs.protocol.questions
        if can_settle(question)
    )
    place = order.index(item)
    return ItemConsensus(
        item,
        found.project,
        found.clip,
        found.frame,
        questions,
        order[place - 1] if place > 0 else None,
        order[place + 1] if place + 1 < len(order) else None,
    )


def agreed(connection: sa.Connection, project: str) -> tuple[datetime | None, int]:
    """Return when a project was last agreed on, None when it never was, and how many items changed since.

    An item has changed when the answers that count are others than those that were used: somebody finished
    or reopened it, an answer was changed or cleared, or its clip was withdrawn. A release refuses just then.
    """
    stored = latest_result(connection, project, KIND)
    used = {
        (item, row["answer"])
        for question in (stored.body["questions"].values() if stored else ())
        for item, settled in question["items"].items()
        for row in settled["experts"]
    }
    changed = {item for item, _ in used ^ counted(connection, project)}
    return (stored.created_at if stored else None), len(changed)


def spreads_of(connection: sa.Connection, project: str) -> dict[str, Spread]:
    """Return how far the experts are apart on each item, by the latest stored result; empty without one."""
    stored = latest_result(connection, project, KIND)
    if stored is None:
        return {}
    rows_of: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = {}
    for question in stored.body["questions"].values():
        for item, settled in question["items"].items():
            rows_of.setdefault(item, []).append((question, settled))
    return {item: spread_of(rows) for item, rows in rows_of.items()}


def _settle(inputs: Inputs, methods: Mapping[str, str]) -> dict[str, Question]:
    rng = np.random.default_rng(SEED)
    spacings = {item: inputs.spacing(item) for item in inputs.items}
    subjects = {item: inputs.clips[row.clip].subject for item, row in inputs.items.items()}
    out = {}
    for question in _settled_questions(inputs.protocol):
        facts = facts_of(question)
        votes = inputs.votes(question, facts)
        out[question.key] = settle_question(
            votes, facts, spacings, subjects, rng, method=methods.get(question.key)
        )
    return out


def _settled_questions(protocol: labels.Protocol) -> list[labels.Question]:
    found = [q for q in protocol.questions if can_settle(q)]
    if not found:
        asked = ", ".join(sorted({q.label_type.name for q in protocol.questions}))
        raise LabelError(f"there is no consensus yet for what this protocol asks: {asked}")
    return found


def _question_consensus(
    inputs: Inputs, question: labels.Question, item: str, stored: Mapping[str, Any] | None
) -> QuestionConsensus:
    facts = facts_of(question)
    votes = inputs.votes(question, facts)
    method = method_for(facts, stored["method"] if stored else None)
    spacing = inputs.spacing(item)
    learnt = Learnt.from_json(stored["learnt"]) if stored else method.learn_all(votes, facts, {item: spacing})
    settled = method.settle(votes, facts, spacing, learnt)
    rows = {row.answer: row for row in settled.rows}
    by_id = {vote.answer: vote for vote in votes}
    experts = tuple(
        _expert_answer(a, by_id[a.id], rows[a.id], facts)
        for a in inputs.answers
        if a.question == question.key
    )
    return QuestionConsensus(question.key, question.title, method.name, facts, settled, experts)


def _expert_answer(answer: CurrentAnswer, vote: Vote, row: Row, facts: Facts) -> ExpertAnswer:
    strokes = vote.value.strokes if isinstance(vote.value, Vector) else ()
    return ExpertAnswer(
        answer.id,
        answer.expert,
        answer.pseudonym,
        answer.simulated,
        answer.label,
        tuple(tuple((float(x), float(y)) for x, y in s) for s in strokes),
        facts.categories[vote.value] if isinstance(vote.value, int) else None,
        row,
    )
