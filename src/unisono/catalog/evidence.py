"""Rows that say why a clip is safe: its masks, the gate's verdicts, and who looked."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from unisono.base.errors import ConflictError
from unisono.catalog import evidence_tables as e
from unisono.catalog import tables as t
from unisono.catalog.rows import many, one


@dataclass(frozen=True, slots=True)
class Mask:
    """One version of what is kept of a clip's frames; the first is 1.

    Parameters
    ----------
    clip : str
    version : int
    png : bytes
        1-bit PNG of the frames' size; white is kept.
    record : dict
        How it was found: source, shape, coverage, version of the method.
    made_by : str
        ``ingest``, or the pseudonym of who drew it.
    at : datetime
    """

    clip: str
    version: int
    png: bytes
    record: dict[str, Any]
    made_by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class GateVerdict:
    """What the text gate saw of one mask's output: boxes without their text."""

    clip: str
    mask_version: int
    verdict: str
    boxes: tuple[dict[str, Any], ...]
    engine: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a person, or the site's policy, did about one mask's output."""

    clip: str
    mask_version: int
    by: str
    decision: e.Act
    reason: str
    at: datetime


def insert_mask(connection: sa.Connection, mask: Mask) -> None:
    """Add a version of a clip's mask and make it the one in force.

    Raises
    ------
    ConflictError
        If it is not the next one.
    """
    newest = connection.scalar(sa.select(sa.func.max(e.mask.c.version)).where(e.mask.c.clip == mask.clip))
    if mask.version != (newest or 0) + 1:
        raise ConflictError(f"the next mask of clip {mask.clip} is {(newest or 0) + 1}; got {mask.version}")
    connection.execute(e.mask.insert().values(**asdict(mask)))
    connection.execute(
        t.clip.update().where(t.clip.c.code == mask.clip).values(mask_version=mask.version, mask=mask.record)
    )


def mask_of(connection: sa.Connection, code: str) -> Mask:
    """Return the mask in force.

    Raises
    ------
    NotFoundError
        If the clip has none, as an imported one.
    """
    m = e.mask.c
    query = sa.select(e.mask).where(m.clip == code).order_by(m.version.desc()).limit(1)
    return one(connection, query, Mask, f"mask of clip {code!r}")


def insert_verdict(connection: sa.Connection, verdict: GateVerdict) -> None:
    """Append what the gate saw."""
    connection.execute(e.gate.insert().values(**asdict(verdict) | {"boxes": list(verdict.boxes)}))


def verdict_of(connection: sa.Connection, code: str, mask_version: int) -> GateVerdict | None:
    """Return the gate's newest verdict on a mask's output, None when it never ran."""
    g = e.gate.c
    same = (g.clip == code) & (g.mask_version == mask_version)
    found = many(connection, sa.select(e.gate).where(same).order_by(g.seq.desc()).limit(1), GateVerdict)
    return found[0] if found else None


def verdicts_on(connection: sa.Connection, code: str, mask_version: int) -> list[GateVerdict]:
    """Return the gate's verdicts on a mask's output, oldest first."""
    g = e.gate.c
    same = (g.clip == code) & (g.mask_version == mask_version)
    return many(connection, sa.select(e.gate).where(same).order_by(g.seq), GateVerdict)


def insert_inspection(connection: sa.Connection, inspection: Inspection) -> None:
    """Append a decision about a clip."""
    connection.execute(e.inspection.insert().values(**asdict(inspection)))


def inspections_of(connection: sa.Connection, code: str) -> list[Inspection]:
    """Return the decisions about a clip, oldest first."""
    query = sa.select(e.inspection).where(e.inspection.c.clip == code).order_by(e.inspection.c.seq)
    return many(connection, query, Inspection)


def has_looked(connection: sa.Connection, code: str, by: str, mask_version: int) -> bool:
    """Return whether a person had a clip before the eyes as it is under one mask, and as it stands.

    A look from before the clip was withdrawn was one at a clip of which less was known.
    """
    i = e.inspection.c
    same = (i.clip == code) & (i.by == by) & (i.mask_version == mask_version) & (i.decision == "look")
    looked = connection.scalar(sa.select(sa.func.max(i.seq)).where(same))
    gone = connection.scalar(
        sa.select(sa.func.max(i.seq)).where((i.clip == code) & (i.decision == "withdraw"))
    )
    return looked is not None and (gone is None or looked > gone)


def approvals(connection: sa.Connection, codes: list[str]) -> dict[str, str]:
    """Return who approved each of some clips last: a pseudonym, or ``policy:...``."""
    found: dict[str, str] = {}
    i = e.inspection.c
    for start in range(0, len(codes), 500):  # databases limit the parameters of a statement
        part = i.clip.in_(codes[start : start + 500]) & (i.decision == "approve")
        found.update(
            {r.clip: r.by for r in connection.execute(sa.select(i.clip, i.by).where(part).order_by(i.seq))}
        )
    return found
