"""The tables that say why a clip is safe: masks, what the text gate saw, who looked, and what is under way.

Verdicts and inspections are only ever appended. `intake` is where runs meet: a row a source, claimed under a
lease, so that two runs share the work and a dead one's work is taken up again.
"""

from typing import Literal, get_args

import sqlalchemy as sa

from unisono.catalog.tables import Document, Instant, Sequence, metadata
from unisono.catalog.tables import column as _column

CLIP_STATES = ("written", "gated", "approved", "quarantined", "rejected")
"""Of a clip that is stored; only ``approved`` ones leave the ingest room."""
Act = Literal["approve", "reject", "redraw", "remask", "recheck", "withdraw", "look"]
"""What a person does to a clip, or the site's policy: decides, draws its mask, lets it be found or searched
for text again, by which it may be withdrawn, or looks at its pictures. The one list of all verbs."""
ACTS: tuple[Act, ...] = get_args(Act)
INTAKE_STATES = ("received", "stored", "withheld")

mask = sa.Table(
    "mask",
    metadata,
    _column("clip", sa.String(67), sa.ForeignKey("clip.code"), primary_key=True),
    _column("version", sa.Integer, primary_key=True),
    _column("png", sa.LargeBinary),
    _column("record", Document),
    _column("made_by", sa.String(80)),
    _column("at", Instant),
)

gate = sa.Table(
    "gate",
    metadata,
    _column("seq", Sequence, primary_key=True, autoincrement=True),
    _column("clip", sa.String(67), sa.ForeignKey("clip.code"), index=True),
    _column("mask_version", sa.Integer),
    _column("verdict", sa.String(16)),
    _column("boxes", Document),
    _column("engine", sa.String(80)),
    _column("at", Instant),
    sa.CheckConstraint("verdict in ('passed', 'text', 'identifier', 'not run')", name="verdict"),
    sqlite_autoincrement=True,
)

inspection = sa.Table(
    "inspection",
    metadata,
    _column("seq", Sequence, primary_key=True, autoincrement=True),
    _column("clip", sa.String(67), sa.ForeignKey("clip.code"), index=True),
    _column("mask_version", sa.Integer),
    _column("by", sa.String(80)),
    _column("decision", sa.String(16)),
    _column("reason", sa.String(400)),
    _column("at", Instant),
    sa.CheckConstraint(f"decision in ({', '.join(map(repr, ACTS))})", name="decision"),
    sqlite_autoincrement=True,
)

intake = sa.Table(
    "intake",
    metadata,
    _column("source_key", sa.String(64), primary_key=True),
    _column("state", sa.String(16)),
    _column("run", sa.String(36)),
    _column("lease_until", Instant),
    _column("attempts", sa.Integer),
    _column("at", Instant),
    sa.CheckConstraint("state in ('received', 'stored', 'withheld')", name="state"),
    sa.Index(None, "state", "run"),
)

APPEND_ONLY = ("gate", "inspection")
"""Tables whose rows never change; migrations put the triggers on."""
