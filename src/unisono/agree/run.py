"""The agree room's door: settle a project, settle one item for the lead's page, read what was settled.

Experts appear under their pseudonyms. Everything here shows one expert another's work, so callers ask
`annotate` first whether this person leads the project.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

import numpy as np
import sqlalchemy as sa

from unisono import __version__
from unisono.agree.base import Facts, Row, Vote, by_item
from unisono.agree.body import question_json
from unisono.agree.handout import ExpertAnswer, ItemConsensus, QuestionConsensus, Spread, spread_of
from unisono.agree.learnt import Learnt
from unisono.agree.panel import Question, method_for, settle_question
from unisono.agree.report import Report, ReportItem
from unisono.agree.votes import facts_of, has_several, vote_of
from unisono.base.canonical import sha256_of
from unisono.base.errors import NotFoundError
from unisono.base.units import Spacing
from unisono.catalog.answers import CurrentAnswer, current_answers
from unisono.catalog.clips import Clip, clip_by_code
from unisono.catalog.db import Catalog
from unisono.catalog.files import frame_code
from unisono.catalog.projects import Item, Project, item_by_id, project_by_slug, shown_items_of
from unisono.catalog.results import Result, insert_result, latest_result
from unisono.catalog.rows import now
from unisono.catalog.standing import counted
from unisono.labels import protocol as labels
from unisono.labels.base import Vector, Visibility

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
KIND = "consensus"
"""Kind of the stored result."""
SEED = 20_200_813
"""Of the bootstrap, so that the same answers give the same report."""


@dataclass(frozen=True, slots=True)
class _Inputs:
    project: Project
    protocol: labels.Protocol
    items: Mapping[str, Item]
    clips: Mapping[str, Clip]
    answers: tuple[CurrentAnswer, ...]
    several: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    def spacing(self, item: str) -> Spacing | None:
        size = self.clips[self.items[item].clip].spacing_mm
        return None if size is None else Spacing(*size)

    def votes(self, question: labels.Question, facts: Facts) -> list[Vote]:
        return [
            vote_of(question, facts, a.label, item=a.item, expert=a.pseudonym, answer=a.id)
            for a in self.answers
            if a.question == question.key
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
        If a method is named for a question that the protocol does not ask.
    """
    methods = methods or {}
    with catalog.read() as connection:
        inputs = _read(connection, project)
    if not inputs.answers:
        raise NotFoundError(f"project {project!r} has no finished answers to agree on")
    for key in methods:
        inputs.protocol.question(key)
    settled = _settle(inputs, methods)
    result = _result(inputs, settled)
    catalog.write(lambda connection: insert_result(connection, result))
    return _report(catalog, inputs, settled, result)


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
    inputs = _read(connection, found.project, item=item)
    stored = latest_result(connection, found.project, KIND)
    known = {} if stored is None else stored.body["questions"]
    questions = tuple(
        _question_consensus(inputs, question, item, known.get(question.key))
        for question in inputs.protocol.questions
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
    by_item: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = {}
    for question in stored.body["questions"].values():
        for item, settled in question["items"].items():
            by_item.setdefault(item, []).append((question, settled))
    return {item: spread_of(rows) for item, rows in by_item.items()}


def _read(connection: sa.Connection, slug: str, *, item: str | None = None) -> _Inputs:
    project = project_by_slug(connection, slug)
    protocol = labels.parse_protocol(project.protocol, f"project {slug!r}")
    items = {i.id: i for i in shown_items_of(connection, slug)}
    wanted = items.values() if item is None else [items[item]]
    clips = {code: clip_by_code(connection, code) for code in sorted({i.clip for i in wanted})}
    answers = tuple(
        a
        for a in current_answers(connection, slug, item=item)
        if a.item in items and a.label.get("visibility") != Visibility.UNASKED.value
    )
    several = frozenset((a.question, a.item) for a in answers if has_several(a.label))
    return _Inputs(project, protocol, items, clips, answers, several)


def _settle(inputs: _Inputs, methods: Mapping[str, str]) -> dict[str, Question]:
    rng = np.random.default_rng(SEED)
    spacings = {item: inputs.spacing(item) for item in inputs.items}
    subjects = {item: inputs.clips[row.clip].subject for item, row in inputs.items.items()}
    out = {}
    for question in inputs.protocol.questions:
        facts = facts_of(question)
        votes = inputs.votes(question, facts)
        out[question.key] = settle_question(
            votes, facts, spacings, subjects, rng, method=methods.get(question.key)
        )
    return out


def _result(inputs: _Inputs, settled: Mapping[str, Question]) -> Result:
    experts = {a.pseudonym: a.simulated for a in inputs.answers}
    body = {
        "project": inputs.project.slug,
        "protocol": {"name": inputs.protocol.name, "version": inputs.protocol.version},
        "simulated_data": inputs.project.simulated,
        "simulated_experts": sorted(name for name, simulated in experts.items() if simulated),
        "n_answers": len(inputs.answers),
        "n_experts": len(experts),
        "bootstrap_seed": SEED,
        "questions": {key: question_json(q) for key, q in settled.items()},
    }
    return Result(
        id=str(uuid4()),
        project=inputs.project.slug,
        kind=KIND,
        method=", ".join(dict.fromkeys(q.method.name for q in settled.values())),
        parameters={q.method.name: dict(q.method.parameters) for q in settled.values()},
        code_version=__version__,
        input_sha256=_input_sha256(inputs),
        body=body,
        created_at=now(),
    )


def _input_sha256(inputs: _Inputs) -> str:
    """Return the hash of the canonical JSON of all answers used, with the pixel sizes they were read by."""
    answers = [
        {"id": a.id, "item": a.item, "question": a.question, "expert": a.pseudonym, "label": a.label}
        for a in sorted(inputs.answers, key=lambda a: a.id)
    ]
    used = sorted({a.item for a in inputs.answers})
    spacings = {item: inputs.clips[inputs.items[item].clip].spacing_mm for item in used}
    return sha256_of({"answers": answers, "spacings": spacings})


def _question_consensus(
    inputs: _Inputs, question: labels.Question, item: str, stored: Mapping[str, Any] | None
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


def _report(catalog: Catalog, inputs: _Inputs, settled: Mapping[str, Question], result: Result) -> Report:
    simulated = {a.pseudonym: a.simulated for a in inputs.answers}
    votes = {q.key: by_item(inputs.votes(q, settled[q.key].facts)) for q in inputs.protocol.questions}
    items = tuple(
        ReportItem(
            item=row.id,
            place=row.position,
            clip=row.clip,
            frame=row.frame,
            spacing=inputs.spacing(row.id),
            votes={key: tuple(of_item.get(row.id, ())) for key, of_item in votes.items()},
        )
        for row in inputs.items.values()
    )

    def picture(item: ReportItem) -> bytes:
        middle = inputs.clips[item.clip].n_frames // 2
        return catalog.files.read_frame(frame_code(item.clip, middle if item.frame is None else item.frame))

    return Report(
        title=inputs.project.title,
        project=inputs.project.slug,
        protocol=f"{inputs.protocol.name} version {inputs.protocol.version}",
        simulated_data=inputs.project.simulated,
        simulated_experts=simulated,
        made_at=result.created_at,
        code_version=result.code_version,
        input_sha256=result.input_sha256,
        result_id=result.id,
        n_answers=len(inputs.answers),
        questions=settled,
        items=items,
        several=inputs.several,
        body=result.body,
        picture=picture,
    )
