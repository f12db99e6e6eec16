"""What a reviewer is shown: one page of the list, and one clip with all the evidence for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from unisono.base.errors import NotFoundError
from unisono.catalog import evidence as rows
from unisono.catalog import waiting as lists
from unisono.catalog.db import Catalog
from unisono.ingest.masks.drawn import decode_mask
from unisono.ingest.masks.outline import Outline, draggable, outlines
from unisono.ingest.run.review import WAITING, Evidence, Waiting, as_waiting, evidence, one_waiting, waiting
from unisono.ingest.run.trail import Shown

PAGE = 50


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One page of a list of clips.

    Parameters
    ----------
    counts : dict of str to int
        Clips in each state, on the whole site.
    total : int
        Clips in the states asked for.
    clips : tuple of Waiting
    """

    counts: dict[str, int]
    total: int
    clips: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """One clip as a reviewer sees it.

    Parameters
    ----------
    found : Waiting
    outline : tuple of Outline
        Edges of what the mask in force keeps; none for a clip that came without a mask.
    corners : tuple of Outline
        The same with few corners, to draw from.
    texts : tuple of str
        What the gate read in each of the boxes.
    decisions : tuple of Inspection
        Oldest first.
    has_evidence : bool
        Whether the pictures for the decision are there still.
    """

    found: Waiting
    outline: tuple[Outline, ...]
    corners: tuple[Outline, ...]
    texts: tuple[str, ...] = field(repr=False)
    decisions: tuple[rows.Inspection, ...]
    has_evidence: bool


def listed(
    catalog: Catalog,
    states: Sequence[str] = WAITING,
    *,
    offset: int = 0,
    limit: int = PAGE,
    after: tuple[str, str] | None = None,
) -> ReviewPage:
    """Return one page of the clips in some states, quarantined ones first, then the oldest.

    Parameters
    ----------
    catalog : Catalog
    states : sequence of str
    offset, limit : int
    after : (state, code), optional
        A clip that was listed, and its state then: the page begins behind its place.

    Raises
    ------
    NotFoundError
        If there is no clip ``after``.
    """
    with catalog.read() as connection:
        counts = lists.count_states(connection)
        clips = lists.clips_by_urgency(connection, states, offset, limit, after)
        verdicts = lists.verdicts_of(connection, clips)
    found = tuple(as_waiting(clip, verdicts.get(clip.code)) for clip in clips)
    return ReviewPage(counts, sum(counts[state] for state in states), found)


def look(catalog: Catalog, code: str, by: str) -> Look:
    """Return one clip with the evidence for it; the look is written to the audit log first.

    Raises
    ------
    NotFoundError
        If there is no such clip.
    """
    found = one_waiting(catalog, code)
    with catalog.read() as connection:
        decisions = tuple(rows.inspections_of(connection, code))
        png = _mask_png(connection, code)
    texts: tuple[str, ...] = ()
    has_evidence = True
    try:
        texts = evidence(catalog, code, by, "texts").texts
    except NotFoundError:
        has_evidence = False
    keep = decode_mask(png) if png else None
    edges = outlines(keep) if keep is not None else ()
    corners = draggable(keep) if keep is not None else ()
    return Look(found, edges, corners, texts, decisions, has_evidence)


def evidence_of(catalog: Catalog, code: str, by: str, what: Shown = "evidence") -> Evidence | None:
    """Return the evidence for a clip, of which a part is shown; None when it was dropped after a decision.

    Raises
    ------
    NotFoundError
        If there is no such clip.
    """
    one_waiting(catalog, code)
    try:
        return evidence(catalog, code, by, what)
    except NotFoundError:
        return None


def _mask_png(connection: sa.Connection, code: str) -> bytes:
    try:
        return rows.mask_of(connection, code).png
    except NotFoundError:
        return b""


def unchecked(catalog: Catalog) -> list[str]:
    """Return the codes of the clips that wait and that no text gate has seen under their present mask."""
    return [found.clip.code for found in waiting(catalog) if found.verdict == "not run"]


def approved(catalog: Catalog) -> list[str]:
    """Return the codes of the approved clips, oldest first."""
    return [found.clip.code for found in waiting(catalog, "approved")]


def whole_code(catalog: Catalog, beginning: str) -> str:
    """Return the code of the one clip that begins so.

    Raises
    ------
    NotFoundError
        If none does.
    ConflictError
        If several do.
    """
    with catalog.read() as connection:
        return lists.code_beginning(connection, beginning)


def decisions_on(catalog: Catalog, code: str) -> list[rows.Inspection]:
    """Return what was decided about a clip, oldest first."""
    with catalog.read() as connection:
        return rows.inspections_of(connection, code)
