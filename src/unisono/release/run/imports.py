"""Read a release, or another system's labels, into the catalog: frames first, then all rows at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from uuid import NAMESPACE_OID, uuid4, uuid5

import sqlalchemy as sa

from unisono import __version__
from unisono.base.canonical import sha256_of
from unisono.base.errors import ConflictError, NotFoundError
from unisono.catalog import tables as t
from unisono.catalog.answers import Answer, Submission, insert_answer, insert_submission
from unisono.catalog.clips import Clip, Frame, clip_by_code, insert_clip
from unisono.catalog.db import Catalog
from unisono.catalog.evidence import insert_inspection
from unisono.catalog.experts import Expert, all_experts, insert_expert
from unisono.catalog.projects import Item, Project, add_member, insert_project, project_by_slug
from unisono.catalog.results import Result, insert_result
from unisono.catalog.rows import now
from unisono.formats.base import LabelRecord
from unisono.formats.names import Names, clip_of, frame_number_of
from unisono.formats.shapes import check_inside
from unisono.labels.protocol import parse_protocol
from unisono.release.facts import ItemFacts
from unisono.release.opened import is_release
from unisono.release.run.arrivals import approval, is_known, store_clip
from unisono.release.run.gather import SPLITS
from unisono.release.sources import Plan, foreign_plan, release_plan


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came in, and which images did not, with the reason."""

    project: str
    clips: int
    known: int
    frames: int
    experts: int
    items: int
    answers: int
    left_out: tuple[tuple[str, str], ...]


def import_labels(
    catalog: Catalog,
    fmt: str,
    path: Path,
    project: str,
    *,
    dataset_class: str = "",
    origin: str = "",
    licence: str = "",
) -> ImportReport:
    """Read a release of ours, or label files with a png-cache, into a new project.

    Parameters
    ----------
    catalog : Catalog
    fmt : str
        Name of the format.
    path : pathlib.Path
    project : str
        Slug of the project to make.
    dataset_class : str, optional
        Two digits for images whose names lack theirs.
    origin, licence : str, optional
        What foreign clips come from and under which terms; a release of ours says so itself.

    Raises
    ------
    ConflictError
        If the project exists, or a clip of that code has other frames or is not approved here.
    FormatError
        If a label file is malformed; names file, image and label. Nothing is written then.
    ReleaseError
        If a release does not verify or is of another format, or no labelled frame is there.
    """
    with catalog.read() as connection:
        if _exists(connection, project):
            raise ConflictError(f"there is a project {project!r} already")
    if path.is_dir() and is_release(path):
        plan = release_plan(path, fmt)
    else:
        terms = {"origin": origin or f"imported from {fmt}", "licence": licence}
        plan = foreign_plan(fmt, path, project, names=Names(dataset_class), **terms)
    new, known = [], 0
    for facts in plan.clips:
        with catalog.read() as connection:
            if is_known(connection, facts):
                known += 1
                continue
        new.append(store_clip(catalog, facts, plan))
    with catalog.read() as connection:
        made = {clip.code for clip, _ in new}
        known_clips = [clip_by_code(connection, c.code) for c in plan.clips if c.code not in made]
    sizes = {c.code: (c.rows, c.columns) for c in (*(clip for clip, _ in new), *known_clips)}
    for record in plan.answers:
        check_inside(record, *sizes[clip_of(record.image)])
    catalog.write(partial(_write_rows, plan=plan, slug=project, new=new))
    return ImportReport(
        project=project,
        clips=len(new),
        known=known,
        frames=sum(len(frames) for _, frames in new),
        experts=len(plan.experts),
        items=len(plan.items),
        answers=len(plan.answers),
        left_out=plan.left_out,
    )


def _exists(connection: sa.Connection, project: str) -> bool:
    try:
        project_by_slug(connection, project)
    except NotFoundError:
        return False
    return True


def _write_rows(
    connection: sa.Connection, plan: Plan, slug: str, new: Sequence[tuple[Clip, list[Frame]]]
) -> None:
    facts = {c.code: c for c in plan.clips}
    for clip, frames in new:
        insert_clip(connection, clip, frames)
        insert_inspection(connection, approval(facts[clip.code]))
    experts = _write_experts(connection, plan)
    protocol = parse_protocol(plan.protocol, f"project {slug!r}")
    items, answers = _fresh_ids(connection, plan, slug)
    project = Project(
        slug=slug,
        title=plan.title,
        protocol=plan.protocol,
        protocol_name=protocol.name,
        protocol_version=protocol.version,
        seed=uuid4().hex,
        simulated=plan.simulated,
        created_at=now(),
    )
    rows = [Item(i.id, slug, n, clip_of(i.image), frame_number_of(i.image)) for n, i in enumerate(items)]
    insert_project(connection, project, rows)
    for expert in experts.values():
        add_member(connection, slug, expert, "expert")
    item_of = {i.image: i.id for i in items}
    for record in sorted(answers, key=lambda r: (r.at, r.image, r.question, r.expert or "")):
        protocol.question(record.question).parse(record.label)
        insert_answer(connection, _answer(record, slug, item_of, experts, protocol.version))
    for item in items:
        for submission in _submissions(item, slug, experts, protocol.version):
            insert_submission(connection, submission)
    insert_result(connection, _splits(plan, slug))


def _write_experts(connection: sa.Connection, plan: Plan) -> dict[str, str]:
    """Add who is not there yet, unable to sign in; return each one's id by pseudonym."""
    known = {e.pseudonym: e.id for e in all_experts(connection)}
    for facts in plan.experts:
        if facts.pseudonym not in known:
            name = f"imported {facts.pseudonym}"
            expert = Expert(
                str(uuid4()), name, facts.pseudonym, facts.simulated, active=False, created_at=now()
            )
            insert_expert(connection, expert)
            known[facts.pseudonym] = expert.id
    return {e.pseudonym: known[e.pseudonym] for e in plan.experts}


def _fresh_ids(connection: sa.Connection, plan: Plan, slug: str) -> tuple[list[ItemFacts], list[LabelRecord]]:
    """Keep the ids of items and answers, or give all new ones when this site has them already."""
    taken = set(connection.scalars(sa.select(t.item.c.id))) & {i.id for i in plan.items}
    taken |= set(connection.scalars(sa.select(t.answer.c.id))) & {r.id for r in plan.answers}
    if not taken:
        return list(plan.items), list(plan.answers)
    items = [replace(i, id=str(uuid5(NAMESPACE_OID, f"{slug} {i.id}"))) for i in plan.items]
    return items, [replace(r, id=str(uuid5(NAMESPACE_OID, f"{slug} {r.id}"))) for r in plan.answers]


def _answer(
    record: LabelRecord, slug: str, item_of: dict[str, str], experts: dict[str, str], version: int
) -> Answer:
    return Answer(
        id=record.id,
        project=slug,
        item=item_of[record.image],
        question=record.question,
        expert=experts[record.expert or ""],
        label=record.label,
        supersedes=None,
        protocol_version=version,
        gesture={"kind": "import", "imported": {"at": record.at}},
        display={},
    )


def _submissions(item: ItemFacts, slug: str, experts: dict[str, str], version: int) -> list[Submission]:
    outcomes = [(name, "done", "") for name in item.done]
    outcomes += [(row["expert"], "unusable", row["reason"]) for row in item.unusable]
    return [
        Submission(
            id=str(uuid5(NAMESPACE_OID, f"{slug} {item.id} {name}")),
            project=slug,
            item=item.id,
            expert=experts[name],
            outcome=outcome,
            reason=reason,
            comment="",
            protocol_version=version,
            gesture={"kind": "import"},
        )
        for name, outcome, reason in outcomes
    ]


def _splits(plan: Plan, slug: str) -> Result:
    subjects = {c.subject: c.split for c in plan.clips}
    return Result(
        id=str(uuid4()),
        project=slug,
        kind=SPLITS,
        method="imported",
        parameters={"seed": plan.split_seed},
        code_version=__version__,
        input_sha256=sha256_of(subjects),
        body={"seed": plan.split_seed, "subjects": subjects},
        created_at=now(),
    )
