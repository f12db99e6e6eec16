"""From a prepared clip to rows and files: one transaction, held back until somebody says that it is safe."""

import errno
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from unisono.base.errors import CatalogError, IngestError, NotFoundError
from unisono.catalog import evidence as rows
from unisono.catalog import intake
from unisono.catalog.clips import (
    Clip,
    Frame,
    classes_of_subject,
    clip_by_code,
    first_with_pixels,
    insert_clip,
)
from unisono.catalog.db import Catalog
from unisono.catalog.rows import now
from unisono.ingest.doors.originals import keep_original
from unisono.ingest.gate.verdict import Verdict
from unisono.ingest.identity.codes import Seen, check_class, settle_identity, sha256_of_parts
from unisono.ingest.identity.vault import Vault
from unisono.ingest.prepared import Prepared

STORE_ERRORS = (OSError, sqlite3.Error, sa.exc.SQLAlchemyError)
"""What the disk and the two databases raise when they take no more."""
Row = tuple[Clip, list[Frame], Prepared]
_FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the caller says of a whole run.

    Dataset class, origin, licence, simulated, who must look, and whether a recording that is longer than a
    clip is cut.
    """

    dataset_class: str
    origin: str
    licence: str
    simulated: bool
    policy: str
    is_split: bool = False


@dataclass(frozen=True, slots=True)
class Stored:
    """How a clip ended: taken, known before, or with the error that holds or refuses it."""

    code: str = ""
    frames: int = 0
    error: IngestError | None = None
    note: str = ""


def store(
    catalog: Catalog,
    vault: Vault,
    parts: Sequence[Prepared],
    source_keys: Sequence[str],
    run: str,
    terms: Terms,
) -> list[Stored]:
    """Store a clip, or all parts of a cut recording, each with its mask, verdict and state; or none of them.

    What is there already stays.

    Parameters
    ----------
    catalog : Catalog
    vault : Vault
    parts : sequence of Prepared
        One clip, or several that are one recording.
    source_keys : sequence of str
        One a part; the first is that of the recording.
    run : str
    terms : Terms

    Returns
    -------
    list of Stored
        One a part, or one for all: with no frames when the recording was known, with ``E_UID_CONFLICT`` or
        ``E_CLASS_CONFLICT`` when it contradicts what is in. A part that is held in quarantine has the
        gate's or the mask's code.

    Raises
    ------
    CatalogError
        If the disk or the database refuses it.
    """
    with catalog.files.alone():
        with catalog.read() as connection:
            clash = _clash_of_all(connection, vault, parts, source_keys, terms)
        if clash is not None:
            return [clash]
        first = parts[0]
        whose = {"class": terms.dataset_class, "patient": first.private.patient}
        settled = vault.settle("subject", first.subject, whose)
        error = class_error(settled["class"], terms.dataset_class)
        if error is not None:
            return [Stored(error=error)]
        try:
            made = [
                _put(catalog, vault, part, source_key, terms)
                for part, source_key in zip(parts, source_keys, strict=True)
            ]
            catalog.write(lambda c: _insert_all(c, made, run))
        except STORE_ERRORS as fault:
            why = why_unstorable(fault)
            raise CatalogError(f"a clip cannot be stored: {why}; nothing of it was kept") from None
    return [Stored(part.code, len(part.frames), part.held) for part in parts]


def _put(catalog: Catalog, vault: Vault, prepared: Prepared, source_key: str, terms: Terms) -> Row:
    """Put a clip's files and secrets in their places, and return its rows."""
    state = state_of(prepared, terms.policy)
    clip, frames = _rows(prepared, source_key, terms, state)
    _keep_private(catalog, vault, prepared, is_settled=state == "approved")
    catalog.files.put_clip(clip.code, prepared.pngs(), prepared.pack, held=state != "approved")
    return clip, frames, prepared


def _insert_all(connection: sa.Connection, made: Sequence[Row], run: str) -> None:
    for clip, frames, prepared in made:
        _insert(connection, clip, frames, prepared)
    intake.settle(connection, made[0][0].source_key, run, "stored")


def why_unstorable(error: Exception) -> str:
    """Return why something cannot be written, in words and without a path."""
    if isinstance(error, CatalogError):
        return str(error)
    said = str(getattr(error, "orig", error))
    if getattr(error, "errno", None) in _FULL or "disk is full" in said:
        return "the disk is full"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return f"the database refuses it ({type(error).__name__})"


def _keep_private(catalog: Catalog, vault: Vault, prepared: Prepared, *, is_settled: bool) -> None:
    private = prepared.private
    if not is_settled:
        source = keep_original(catalog.settings.home, private.source, prepared.code)
        private = replace(private, source=source)
    private.keep(vault, prepared.code, is_settled=is_settled)


def state_of(prepared: Prepared, policy: str) -> str:
    """Return where a clip stands once it is read, under the site's policy."""
    if prepared.held is not None:
        return "quarantined"
    is_enough = policy == "none" or (policy == "gate" and prepared.verdict.state == "passed")
    if is_enough:
        return "approved"
    return "written" if prepared.verdict.state == "not run" else "gated"


def _clash_of_all(
    connection: sa.Connection,
    vault: Vault,
    parts: Sequence[Prepared],
    source_keys: Sequence[str],
    terms: Terms,
) -> Stored | None:
    """Return how a recording ends of which a part contradicts what is in, or all of which is in."""
    found = [
        _clash(connection, vault, part, key, terms) for part, key in zip(parts, source_keys, strict=True)
    ]
    for clash in found:
        if clash is not None and clash.error is not None:
            return clash
    if any(found) and not all(found):
        return Stored(error=_cut_otherwise())
    return found[0]


def _cut_otherwise() -> IngestError:
    return IngestError("E_UID_CONFLICT", "a clip of the same SOP Instance UID is in, with other frames")


def _clash(
    connection: sa.Connection, vault: Vault, prepared: Prepared, source_key: str, terms: Terms
) -> Stored | None:
    """Return how a clip ends that contradicts what is in, or repeats it."""
    for other in classes_of_subject(connection, prepared.subject):
        error = class_error(other, terms.dataset_class)
        if error is not None:
            return Stored(error=error)
    if _is_in(connection, prepared.rival):
        return Stored(error=_cut_otherwise())
    try:
        there = clip_by_code(connection, prepared.code)
    except NotFoundError:
        return None
    known = Seen(there.code, there.source_key, there.pixels_sha256)
    try:
        settle_identity([known], Seen(prepared.code, source_key, pixels_sha256(prepared)))
        _check_unmasked(vault, prepared)
    except IngestError as error:
        return Stored(error=error)
    return Stored(note="in already, from other bytes with the same pixels")


def _is_in(connection: sa.Connection, code: str) -> bool:
    try:
        return bool(clip_by_code(connection, code))
    except NotFoundError:
        return False


def _check_unmasked(vault: Vault, prepared: Prepared) -> None:
    """Refuse a recording whose UID is in and that differs where the mask is black, as in another's banner."""
    known = vault.get_dict("clip", prepared.code).get("extremes_sha256")
    # What older versions took in has none.
    if known and known != prepared.private.extremes_sha256:
        raise IngestError(
            "E_UID_CONFLICT", "its SOP Instance UID is in, with other pixels outside of the mask"
        )


def class_error(known: str, wanted: str) -> IngestError | None:
    """Return the refusal of a subject that is in another dataset class, if it is."""
    try:
        check_class(known, wanted)
    except IngestError as error:
        return error
    return None


def pixels_sha256(prepared: Prepared) -> str:
    """Return one hash of all masked pixels of a clip as it was first taken."""
    return sha256_of_parts([f.pixel_sha256 for f in prepared.frames])


def _rows(prepared: Prepared, source_key: str, terms: Terms, state: str) -> tuple[Clip, list[Frame]]:
    clip = Clip(
        code=prepared.code,
        dataset_class=terms.dataset_class,
        subject=prepared.subject,
        pack_sha256=prepared.pack_sha256,
        pack_bytes=prepared.pack_bytes,
        source_key=source_key,
        origin=terms.origin,
        licence=terms.licence,
        simulated=terms.simulated,
        created_at=now(),
        state=state,
        pixels_sha256=pixels_sha256(prepared),
        **prepared.facts,
    )
    frames = [
        Frame(clip.code, i, f.png_sha256, f.pixel_sha256, f.png_bytes) for i, f in enumerate(prepared.frames)
    ]
    return clip, frames


def _insert(connection: sa.Connection, clip: Clip, frames: list[Frame], prepared: Prepared) -> None:
    first = None if prepared.held else first_with_pixels(connection, clip.pixels_sha256)
    insert_clip(connection, replace(clip, dup_of=first), frames)
    at = clip.created_at
    rows.insert_mask(connection, rows.Mask(clip.code, 1, prepared.mask_png, clip.mask, "ingest", at))
    verdict = prepared.verdict
    rows.insert_verdict(connection, verdict_row(clip.code, 1, verdict))
    if clip.state == "approved":
        by = f"policy:{'gate' if verdict.state == 'passed' else 'none'}"
        rows.insert_inspection(connection, rows.Inspection(clip.code, 1, by, "approve", "", at))


def verdict_row(code: str, mask_version: int, verdict: Verdict) -> rows.GateVerdict:
    """Return what the catalog keeps of a verdict: where something was seen, never what."""
    boxes = tuple(
        {"x0": h.x0, "y0": h.y0, "x1": h.x1, "y1": h.y1, "score": round(h.score, 3), "kind": h.kind}
        for h in verdict.hits
    )
    return rows.GateVerdict(code, mask_version, verdict.state, boxes, verdict.engine, now())
