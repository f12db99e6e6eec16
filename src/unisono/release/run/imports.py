"""Read a release, or another system's labels, into the catalog: frames first, then all rows at once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from uuid import NAMESPACE_OID, uuid4, uuid5

import sqlalchemy as sa

from unisono import __version__
from unisono.base.canonical import sha256_of
from unisono.base.errors import ConflictError, NotFoundError, ReleaseError
from unisono.catalog import tables as t
from unisono.catalog.answers import Answer, Submission, insert_answer, insert_submission
from unisono.catalog.clips import Clip, Frame, approved_clip, clip_by_code, frames_of, insert_clip
from unisono.catalog.db import Catalog
from unisono.catalog.evidence import Inspection, insert_inspection
from unisono.catalog.experts import Expert, all_experts, insert_expert
from unisono.catalog.files import encode_pack
from unisono.catalog.projects import Item, Project, add_member, insert_project, project_by_slug
from unisono.catalog.results import Result, insert_result
from unisono.catalog.rows import now
from unisono.formats.base import LabelRecord
from unisono.formats.names import Names, clip_of, frame_number_of, png_path
from unisono.formats.shapes import check_inside
from unisono.labels.protocol import parse_protocol
from unisono.release.facts import ClipFacts, FrameFacts, ItemFacts
from unisono.release.opened import is_release
from unisono.release.pixels import Decoded, black_png, decode
from unisono.release.run.gather import IMPORTED, SPLITS
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
            if _is_known(connection, facts):
                known += 1
                continue
        new.append(_store(catalog, facts, plan))
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


def _is_known(connection: sa.Connection, facts: ClipFacts) -> bool:
    try:
        clip_by_code(connection, facts.code)
    except NotFoundError:
        return False
    stored = {f.index: f.png_sha256 for f in frames_of(connection, facts.code)}
    if any(f.png_sha256 and stored.get(f.index) != f.png_sha256 for f in facts.frames):
        raise ConflictError(f"clip {facts.code} is in the catalog already with other frames")
    approved_clip(connection, facts.code)
    return True


def _store(catalog: Catalog, facts: ClipFacts, plan: Plan) -> tuple[Clip, list[Frame]]:
    """Put a clip's frames on disk and return its rows."""
    given = {f.index: f for f in facts.frames}
    codes = {i: f"{facts.code}-{i:04d}" for i in range(facts.n_frames)}
    pngs = {i: plan.frames[png_path(codes[i])]() for i in given}
    decoded = {i: decode(pngs[i], codes[i]) for i in given}
    sizes = {(d.rows, d.columns) for d in decoded.values()}
    if len(sizes) != 1 or (facts.rows and (facts.rows, facts.columns) not in sizes):
        raise ReleaseError(f"clip {facts.code} has frames of {len(sizes)} sizes, or not of its own size")
    rows, columns = sizes.pop()
    filler = black_png(rows, columns)
    for i in codes.keys() - given.keys():
        pngs[i], decoded[i] = filler, decode(filler, codes[i])
    pack = encode_pack([decoded[i].jpeg for i in codes])
    catalog.files.put_clip(facts.code, [pngs[i] for i in codes], pack)
    frames = [_frame(facts.code, i, pngs[i], decoded[i], given.get(i)) for i in codes]
    return _clip(replace(facts, rows=rows, columns=columns), pack), frames


def _frame(code: str, index: int, png: bytes, decoded: Decoded, given: FrameFacts | None) -> Frame:
    pixel_sha256 = (given.pixel_sha256 if given else "") or decoded.pixel_sha256
    return Frame(code, index, hashlib.sha256(png).hexdigest(), pixel_sha256, len(png))


def _clip(facts: ClipFacts, pack: bytes) -> Clip:
    return Clip(
        code=facts.code,
        dataset_class=facts.code[:2],
        subject=facts.subject,
        kind=facts.kind,
        rows=facts.rows,
        columns=facts.columns,
        n_frames=facts.n_frames,
        frame_times_s=None if facts.frame_times_s is None else tuple(facts.frame_times_s),
        timing=facts.timing,
        regions=tuple(facts.regions),
        spacing_mm=None if facts.spacing_mm is None else (facts.spacing_mm[0], facts.spacing_mm[1]),
        header=facts.header,
        mask=facts.mask,
        decoder=facts.decoder,
        pack_sha256=hashlib.sha256(pack).hexdigest(),
        pack_bytes=len(pack),
        # The key of the site that read the source stays there; this one cannot be anybody's.
        source_key=hashlib.sha256(f"imported {facts.code}".encode()).hexdigest(),
        origin=facts.origin,
        licence=facts.licence,
        simulated=facts.simulated,
        created_at=now(),
        state="approved",
    )


def _approval(facts: ClipFacts) -> Inspection:
    """Return the row that says why an imported clip is approved: whoever gave it away had done so."""
    by = IMPORTED if facts.approved_by == "imported" else f"{IMPORTED}:{facts.approved_by}"
    reason = "came with labels of others" if by == IMPORTED else "came approved in a release"
    return Inspection(facts.code, 1, by, "approve", reason, now())


def _write_rows(
    connection: sa.Connection, plan: Plan, slug: str, new: Sequence[tuple[Clip, list[Frame]]]
) -> None:
    facts = {c.code: c for c in plan.clips}
    for clip, frames in new:
        insert_clip(connection, clip, frames)
        insert_inspection(connection, _approval(facts[clip.code]))
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
