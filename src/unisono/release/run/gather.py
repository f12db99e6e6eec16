"""Read from the catalog what a release will say."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from unisono import __version__
from unisono.base.errors import ReleaseError
from unisono.catalog import tables as t
from unisono.catalog.answers import CurrentAnswer, current_answers, submissions
from unisono.catalog.clips import approved_clip, clip_by_code, frames_of
from unisono.catalog.evidence import approvals
from unisono.catalog.experts import Expert, all_experts
from unisono.catalog.names import frame_code
from unisono.catalog.projects import Item, Project, items_of, project_by_slug, shown_items_of
from unisono.catalog.results import Result, latest_result
from unisono.formats.base import LabelRecord
from unisono.labels.base import Visibility
from unisono.labels.protocol import parse_protocol
from unisono.release.facts import APPROVALS, ClipFacts, ExpertFacts, FrameFacts, ItemFacts
from unisono.release.package import POLICIES, Contents
from unisono.release.settled import consensus_labels, last_answers
from unisono.release.splits import SEED, split_of

CONSENSUS, SPLITS = "consensus", "splits"
"""Kinds of stored results that are read here."""
POLICY = "policy:"
"""Begins what stands in a person's place where the site's policy approved a clip."""
IMPORTED = "import"
"""Who approved a clip that came in ready; ``import:person`` where its release said who had."""


def contents_of(
    connection: sa.Connection,
    slug: str,
    *,
    version: str,
    fmt: str,
    policy: str,
    date: str,
    split_seed: str | None = None,
) -> Contents:
    """Return what a release of a project says.

    Raises
    ------
    NotFoundError
        If there is no such project.
    ReleaseError
        If the policy is unknown, nobody has finished an item, or the consensus is missing or out of date.
    """
    if policy not in POLICIES:
        raise ReleaseError(f"labels {policy!r} is not one of: {', '.join(POLICIES)}")
    project = project_by_slug(connection, slug)
    protocol = parse_protocol(project.protocol, f"project {slug!r}")
    current = _finished(connection, slug)
    answered = {a.item for a in current}
    items = [i for i in items_of(connection, slug) if i.id in answered]
    image_of = {i.id: image_of_item(i) for i in items}
    answers = _records(connection, slug, current, image_of)
    result = _current_consensus(connection, slug, current) if policy == CONSENSUS else None
    item_of = {image: item for item, image in image_of.items()}
    body = result.body if result else {}
    settled = consensus_labels(answers, body, protocol, item_of) if result else last_answers(answers)
    seed, given = _split_facts(connection, slug, split_seed)
    experts = {e.id: e for e in all_experts(connection)}
    codes = sorted({i.clip for i in items})
    by = approvals(connection, codes)
    return Contents(
        project=slug,
        title=project.title,
        version=version,
        format=fmt,
        date=date,
        code_version=__version__,
        protocol=protocol,
        policy=policy,
        split_seed=seed,
        clips=tuple(_clip(connection, code, seed, given, approval_of(by.get(code))) for code in codes),
        experts=_experts(current, experts),
        items=_items(connection, project, items, experts),
        answers=answers,
        settled=settled,
        consensus=_provenance(result),
        simulated=project.simulated,
        agreement=body,
    )


def _finished(connection: sa.Connection, slug: str) -> list[CurrentAnswer]:
    """Return the finished answers about clips that are approved."""
    shown = {i.id for i in shown_items_of(connection, slug)}
    finished = current_answers(connection, slug)
    current = [a for a in finished if a.item in shown]
    if not current:
        why = f": the clips of {len({a.item for a in finished})} items are not approved" if finished else ""
        raise ReleaseError(f"project {slug!r} has no finished answers to release{why}")
    return current


def withheld_of(connection: sa.Connection, slug: str) -> tuple[tuple[str, str], ...]:
    """Return the clips of finished items that are not approved, each with the reason."""
    shown = {i.id for i in shown_items_of(connection, slug)}
    finished = {a.item for a in current_answers(connection, slug)} - shown
    lost = Counter(i.clip for i in items_of(connection, slug) if i.id in finished)
    states = {code: clip_by_code(connection, code).state for code in lost}
    return tuple(
        (code, f"its clip is {states[code]}, not approved; {n} finished items stay out")
        for code, n in sorted(lost.items())
    )


def approval_of(by: str | None) -> str:
    """Return which of `APPROVALS` an inspection's author stands for.

    Examples
    --------
    >>> [approval_of(by) for by in ("expert-3", "policy:gate", "import", "import:person", None)]
    ['person', 'gate', 'imported', 'person', 'not recorded']
    """
    if by is None:
        return "not recorded"
    head, _, rest = by.partition(":")
    if head in (POLICY.rstrip(":"), IMPORTED):
        return rest if rest in APPROVALS else "imported" if head == IMPORTED else "not recorded"
    return "person"


def image_of_item(item: Item) -> str:
    """Return the frame code of an item, or its clip code when the whole clip is asked about."""
    return item.clip if item.frame is None else frame_code(item.clip, item.frame)


def _records(
    connection: sa.Connection, slug: str, current: Sequence[CurrentAnswer], image_of: dict[str, str]
) -> tuple[LabelRecord, ...]:
    query = sa.select(t.answer.c.id, t.answer.c.gesture).where(t.answer.c.project == slug)
    gestures: dict[str, dict[str, Any]] = {r.id: r.gesture for r in connection.execute(query)}
    records = [
        LabelRecord(image_of[a.item], a.question, a.pseudonym, a.label, _given_at(a, gestures[a.id]), a.id)
        for a in current
    ]
    return tuple(sorted(records, key=lambda r: (r.image, r.question, r.expert or "")))


def _given_at(answer: CurrentAnswer, gesture: dict[str, Any]) -> str:
    # An imported answer keeps the instant at which it was given elsewhere.
    imported = gesture.get("imported")
    return str(imported["at"]) if imported else answer.at.isoformat(timespec="microseconds")


def _current_consensus(connection: sa.Connection, slug: str, current: Sequence[CurrentAnswer]) -> Result:
    result = latest_result(connection, slug, CONSENSUS)
    if result is None:
        raise ReleaseError(f"project {slug!r} has no consensus; run `unisono agree {slug}` first")
    used = {
        row["answer"]
        for question in result.body["questions"].values()
        for item in question["items"].values()
        for row in item["experts"]
    }
    # Answers never change, so the same ids are the same inputs.
    if used != {a.id for a in current if a.label["visibility"] != Visibility.UNASKED}:
        raise ReleaseError(
            f"the answers of {slug!r} changed since its consensus; run `unisono agree {slug}` first"
        )
    return result


def _split_facts(connection: sa.Connection, slug: str, split_seed: str | None) -> tuple[str, dict[str, str]]:
    stored = latest_result(connection, slug, SPLITS)
    if stored is None:
        return split_seed or SEED, {}
    if split_seed not in (None, stored.body["seed"]):
        raise ReleaseError(f"the parts of {slug!r} are fixed with the seed {stored.body['seed']!r}")
    return stored.body["seed"], stored.body["subjects"]


def _clip(
    connection: sa.Connection, code: str, seed: str, given: dict[str, str], approved_by: str
) -> ClipFacts:
    clip = approved_clip(connection, code)
    missing = set(clip.mask.get("missing_frames", ()))
    frames = [f for f in frames_of(connection, code) if f.index not in missing]
    return ClipFacts(
        code=code,
        subject=clip.subject,
        split=given.get(clip.subject) or split_of(clip.subject, seed),
        kind=clip.kind,
        rows=clip.rows,
        columns=clip.columns,
        n_frames=clip.n_frames,
        frame_times_s=None if clip.frame_times_s is None else list(clip.frame_times_s),
        timing=clip.timing,
        regions=list(clip.regions),
        spacing_mm=None if clip.spacing_mm is None else list(clip.spacing_mm),
        header=clip.header,
        mask=clip.mask,
        decoder=clip.decoder,
        origin=clip.origin,
        licence=clip.licence,
        approved_by=approved_by,
        simulated=clip.simulated,
        frames=tuple(FrameFacts(f.index, f.png_sha256, f.pixel_sha256, f.png_bytes) for f in frames),
    )


def _experts(current: Sequence[CurrentAnswer], experts: dict[str, Expert]) -> tuple[ExpertFacts, ...]:
    rows = {ExpertFacts(experts[a.expert].pseudonym, experts[a.expert].simulated) for a in current}
    return tuple(sorted(rows, key=lambda e: e.pseudonym))


def _items(
    connection: sa.Connection, project: Project, items: Sequence[Item], experts: dict[str, Expert]
) -> tuple[ItemFacts, ...]:
    done: dict[str, list[str]] = {i.id: [] for i in items}
    unusable: dict[str, list[dict[str, str]]] = {i.id: [] for i in items}
    for s in submissions(connection, project.slug):
        who = experts[s.expert].pseudonym
        if s.item in done and s.outcome == "done":
            done[s.item].append(who)
        elif s.item in done:
            unusable[s.item].append({"expert": who, "reason": s.reason})
    return tuple(
        ItemFacts(
            i.id, image_of_item(i), sorted(done[i.id]), sorted(unusable[i.id], key=lambda r: r["expert"])
        )
        for i in items
    )


def _provenance(result: Result | None) -> dict[str, Any] | None:
    if result is None:
        return None
    return {
        "method": result.method,
        "questions": {key: row["method"] for key, row in result.body["questions"].items()},
        "parameters": result.parameters,
        "code_version": result.code_version,
        "input_sha256": result.input_sha256,
    }
