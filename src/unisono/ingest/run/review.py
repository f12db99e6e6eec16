"""The second pair of eyes: what waits, the evidence for it, and what a person decides.

Whoever looks sees the clip before and after its mask, the mask, and what the text gate saw. Nothing leaves
the ingest room without a decision that names who took it.
"""

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import sqlalchemy as sa

from unisono.base.errors import ConflictError, NotFoundError, SettingsError
from unisono.catalog import evidence as rows
from unisono.catalog import waiting as lists
from unisono.catalog.clips import Clip, clip_by_code, frames_of, set_state
from unisono.catalog.db import Catalog
from unisono.catalog.names import frame_code
from unisono.catalog.rows import now
from unisono.ingest.identity.codes import derive_keys, sha256_hex, site_secret
from unisono.ingest.identity.confidential import PICTURES, evidence_name
from unisono.ingest.identity.vault import Vault
from unisono.ingest.run.forgetting import forget
from unisono.ingest.run.holding import why_held
from unisono.ingest.run.trail import Done, Shown, put_on_record

OTHERS = tuple(name for name in PICTURES if name != "after")
WAITING = ("quarantined", "written", "gated")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One clip that somebody must look at.

    Parameters
    ----------
    clip : Clip
    verdict : str
        Of the text gate: ``passed``, ``text``, ``identifier`` or ``not run``.
    boxes : tuple of dict
        Where it saw something: x0, y0, x1, y1 in px, score, kind.
    held : str
        Why it lies in quarantine, one sentence with its code; empty when it does not.
    """

    clip: Clip
    verdict: str
    boxes: tuple[dict[str, Any], ...]
    held: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a reviewer may see and nobody else.

    Parameters
    ----------
    before_png, after_png, mask_png : bytes
        Brightest frame unmasked and masked, and the 1-bit mask. The first is empty for a clip that was
        withdrawn after its approval and whose original is gone.
    dark_before_png, dark_after_png : bytes
        Darkest frame unmasked and masked; empty for a still and for what was taken in before it was kept.
    texts : tuple of str
        What the gate read in each of the boxes.
    decisions : tuple of Inspection
        Taken so far, oldest first.
    """

    before_png: bytes = field(repr=False)
    after_png: bytes = field(repr=False)
    mask_png: bytes = field(repr=False)
    texts: tuple[str, ...] = field(repr=False)
    decisions: tuple[rows.Inspection, ...]
    dark_before_png: bytes = field(default=b"", repr=False)
    dark_after_png: bytes = field(default=b"", repr=False)


def waiting(catalog: Catalog, *states: str) -> list[Waiting]:
    """Return what waits for a person: quarantined clips first, then the rest, oldest first."""
    with catalog.read() as connection:
        clips = lists.clips_by_urgency(connection, states or WAITING, limit=None)
        verdicts = lists.verdicts_in(connection, states or WAITING)
    return [as_waiting(clip, verdicts.get(clip.code)) for clip in clips]


def one_waiting(catalog: Catalog, code: str) -> Waiting:
    """Return one clip as `waiting` does, whatever its state.

    Raises
    ------
    NotFoundError
        If there is no such clip.
    """
    with catalog.read() as connection:
        clip = clip_by_code(connection, code)
        return as_waiting(clip, rows.verdict_of(connection, code, clip.mask_version))


def evidence(catalog: Catalog, code: str, by: str, what: Shown = "evidence") -> Evidence:
    """Return what a reviewer needs to see of a clip; the look is written to the audit log first.

    Parameters
    ----------
    catalog : Catalog
    code : str
    by : str
        Pseudonym of who looks.
    what : str, default='evidence'
        The part of it that this person is shown.

    Raises
    ------
    NotFoundError
        If there is no such clip, or its evidence was dropped after a decision.
    """
    with catalog.read() as connection:
        mask = rows.mask_of(connection, code)
        decisions = tuple(rows.inspections_of(connection, code))
    with vault_of(catalog) as vault:
        put_on_record(vault, what, code, by)
        named = partial(evidence_name, vault, code=code, mask_version=mask.version)
        after = vault.get_bytes("evidence", named("after"))
        before, dark_before, dark_after = (_picture(vault, named(name)) for name in OTHERS)
        seen = vault.get_dict("evidence", named("seen"))
    return Evidence(before, after, mask.png, tuple(seen["texts"]), decisions, dark_before, dark_after)


def _picture(vault: Vault, name: str) -> bytes:
    return vault.get_bytes("evidence", name) if vault.has("evidence", name) else b""


def approve(
    catalog: Catalog, code: str, by: str, reason: str = "", *, mask_version: int | None = None
) -> None:
    """Let a clip leave the ingest room.

    Parameters
    ----------
    catalog : Catalog
    code : str
    by, reason : str
    mask_version : int, optional
        Of the mask that the person looked at.

    Raises
    ------
    ConflictError
        If it is approved or rejected already, nothing of it is kept by its mask, or that mask is not the one
        that was looked at.
    SettingsError
        If the gate saw text and no reason is given why it is harmless.
    """
    with catalog.files.alone():
        found = one_waiting(catalog, code)
        clip = found.clip
        check_open(clip)
        check_seen(clip, mask_version)
        if clip.mask.get("refused"):
            raise ConflictError(f"nothing of clip {code} is kept; draw its mask first")
        if clip.state == "quarantined" and not reason.strip():
            raise SettingsError("the text gate saw something: say in a few words why it is harmless")
        _check_frames(catalog, clip)
        with vault_of(catalog) as vault:
            put_on_record(vault, "approve", code, by)
        catalog.files.admit_clip(code, clip.n_frames, clip.pack_sha256)
        _decide(catalog, clip, by, "approve", reason, "approved")
        catalog.files.drop_clip(code, clip.n_frames, clip.pack_sha256, held=True)
        forget(catalog, clip)


def reject(catalog: Catalog, code: str, by: str, reason: str) -> None:
    """Keep a clip out for good, or take it back: its pixels are deleted, its rows say why.

    Raises
    ------
    ConflictError
        If it is rejected already.
    SettingsError
        If no reason is given.
    """
    if not reason.strip():
        raise SettingsError("a rejection needs a reason, for the list of what was left out")
    with catalog.files.alone():
        with catalog.read() as connection:
            clip = clip_by_code(connection, code)
        if clip.state == "rejected":
            raise ConflictError(f"clip {code} is rejected already")
        with vault_of(catalog) as vault:
            put_on_record(vault, "reject", code, by)
        catalog.files.mark(code)
        _decide(catalog, clip, by, "reject", reason, "rejected")
        for held in (True, False):
            catalog.files.drop_clip(code, clip.n_frames, clip.pack_sha256, held=held)
        forget(catalog, clip)


def pictures(catalog: Catalog, code: str, by: str) -> bytes:
    """Return the pack of a clip, held or not, to play; the look is written to the audit log first.

    Raises
    ------
    NotFoundError
        If there is no such clip, or its pictures were deleted.
    """
    with catalog.read() as connection:
        clip = clip_by_code(connection, code)
    with vault_of(catalog) as vault:
        put_on_record(vault, "frames", code, by)
    try:
        return catalog.files.read_pack(code, clip.pack_sha256, held=clip.state != "approved")
    except NotFoundError:
        raise NotFoundError(f"the pictures of clip {code} were deleted") from None


def as_waiting(clip: Clip, verdict: rows.GateVerdict | None) -> Waiting:
    """Return a clip as a reviewer's list has it, from its row and the gate's newest verdict on its mask."""
    held = str(why_held(clip, verdict)) if clip.state == "quarantined" else ""
    return Waiting(clip, verdict.verdict if verdict else "not run", verdict.boxes if verdict else (), held)


def check_open(clip: Clip) -> None:
    """Refuse a clip on which somebody decided.

    Raises
    ------
    ConflictError
    """
    if clip.state not in WAITING:
        raise ConflictError(f"clip {clip.code} is {clip.state} already")


def check_seen(clip: Clip, mask_version: int | None) -> None:
    """Refuse a decision on a mask that is no longer in force; None was not asked to say which it was.

    Raises
    ------
    ConflictError
    """
    if mask_version not in (None, clip.mask_version):
        raise ConflictError(f"the mask of clip {clip.code} was drawn anew meanwhile; look at it once more")


def _check_frames(catalog: Catalog, clip: Clip) -> None:
    # A redrawing that was killed half-way leaves other frames than the rows and the evidence speak of.
    with catalog.read() as connection:
        frames = frames_of(connection, clip.code)
    for frame in frames:
        png = catalog.files.read_frame(frame_code(clip.code, frame.index), held=True)
        if sha256_hex(png) != frame.png_sha256:
            raise ConflictError(
                f"the frames of clip {clip.code} are not those looked at; draw its mask again"
            )


def _decide(catalog: Catalog, clip: Clip, by: str, decision: Done, reason: str, state: str) -> None:
    row = rows.Inspection(clip.code, clip.mask_version, by, decision, reason.strip()[:400], now())

    def write(connection: sa.Connection) -> None:
        if clip_by_code(connection, clip.code).state != clip.state:
            raise ConflictError(f"clip {clip.code} was decided on by somebody else meanwhile")
        rows.insert_inspection(connection, row)
        set_state(connection, clip.code, state)

    catalog.write(write)


def vault_of(catalog: Catalog) -> Vault:
    """Open the vault of a catalog's home."""
    home = catalog.settings.home
    return Vault(home, derive_keys(site_secret(home)))
