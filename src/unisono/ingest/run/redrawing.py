"""A clip read again: under a mask that a person drew or that is found anew, or for another look for text."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np
import sqlalchemy as sa

from unisono.base.errors import IngestError, SettingsError
from unisono.catalog import evidence as rows
from unisono.catalog.clips import Clip, Frame, clip_by_code, replace_frames, set_state
from unisono.catalog.db import Catalog
from unisono.catalog.names import frame_code
from unisono.catalog.rows import now
from unisono.ingest.files.sources import Source
from unisono.ingest.masks.drawn import decode_mask, drawn_mask
from unisono.ingest.masks.mask import MaskPlan
from unisono.ingest.prepared import Prepared
from unisono.ingest.run.reading_again import Readers, keep_evidence, original_of
from unisono.ingest.run.review import Waiting, check_open, check_seen, one_waiting, vault_of
from unisono.ingest.run.storing import state_of, verdict_row
from unisono.ingest.run.trail import Done, put_on_record

Polygons = Sequence[Sequence[tuple[float, float]]]
NO_GATE = (
    "the text check did not run, so nothing was changed: it needs the extra deid, pip install 'unisono[deid]'"
)


class Plans(Protocol):
    """Says under which mask a clip is read again; None lets it be found."""

    def __call__(self, clip: Clip, mask: rows.Mask, *, is_original: bool) -> MaskPlan | None:
        """Return the mask, or raise what forbids it."""


@dataclass(frozen=True, slots=True)
class Act:
    """A way to read a clip again: its name in the audit log, its line in the clip's history, its mask.

    Parameters
    ----------
    what : str
    reason : str
    plan_of : Plans
    needs_gate : bool, default=False
        Whether it is pointless when the text gate does not run.
    """

    what: Done
    reason: str
    plan_of: Plans
    needs_gate: bool = False


def redraw(
    catalog: Catalog,
    code: str,
    polygons: Polygons,
    by: str,
    *,
    mask_version: int | None = None,
    isolated: bool = True,
) -> Waiting:
    """Read a clip again under a mask that a person drew, and look for text again.

    When the original is no longer where it was, the mask may only become smaller.

    Parameters
    ----------
    catalog : Catalog
    code : str
    polygons : sequence of polygons
        Corners (x, y), px; what lies inside of any is kept.
    by : str
    mask_version : int, optional
        Of the mask that the person looked at.
    isolated : bool, default=True
        Decode in a limited child process.

    Returns
    -------
    Waiting
        The clip as it stands now; approving it is another decision.

    Raises
    ------
    ConflictError
        If it is approved or rejected, or somebody drew its mask meanwhile.
    IngestError
        If a polygon is not one, or the pixels for it are gone.
    """
    act = Act("redraw", "drawn by hand", partial(_drawn, polygons))
    return _again(catalog, code, by, mask_version, act, isolated=isolated)


def remask(
    catalog: Catalog, code: str, by: str, *, mask_version: int | None = None, isolated: bool = True
) -> Waiting:
    """Find a clip's mask anew by the rules in force, on its original, and look for text again.

    Parameters
    ----------
    catalog, code, by, mask_version, isolated
        As `redraw` takes them.

    Raises
    ------
    ConflictError
        If it is approved or rejected, or somebody drew its mask meanwhile.
    IngestError
        If the original is gone, or is refused by now.
    """
    return _again(catalog, code, by, mask_version, REMASK, isolated=isolated)


def recheck_waiting(
    catalog: Catalog, code: str, by: str, *, mask_version: int | None = None, isolated: bool = True
) -> Waiting:
    """Let the text gate look at a clip that waits, under the mask that it has: see `rechecking.recheck`."""
    return _again(catalog, code, by, mask_version, RECHECK, isolated=isolated)


def _drawn(polygons: Polygons, clip: Clip, mask: rows.Mask, *, is_original: bool) -> MaskPlan:
    plan = drawn_mask(polygons, clip.rows, clip.columns)
    if not is_original and np.any(plan.keep & ~decode_mask(mask.png)):
        raise IngestError(
            "E_STORE_IO", "the original is gone, so a mask can only become smaller; this one reaches out"
        )
    return plan


def _found(clip: Clip, mask: rows.Mask, *, is_original: bool) -> None:  # noqa: ARG001  # as the others
    if not is_original:
        raise IngestError("E_STORE_IO", "the original is gone, so no mask can be found on it")


def _as_it_is(clip: Clip, mask: rows.Mask, *, is_original: bool) -> MaskPlan:  # noqa: ARG001  # as the others
    return MaskPlan(decode_mask(mask.png), clip.mask)


REMASK = Act("remask", "found by the rules in force", _found)
RECHECK = Act("recheck", "the same mask, searched for text again", _as_it_is, needs_gate=True)


def _again(
    catalog: Catalog, code: str, by: str, mask_version: int | None, act: Act, *, isolated: bool
) -> Waiting:
    with catalog.read() as connection:
        clip = clip_by_code(connection, code)
        mask = rows.mask_of(connection, code)
    check_open(clip)
    check_seen(clip, mask_version)
    with vault_of(catalog) as vault, catalog.files.pending() as drafts:
        original = original_of(vault, code)
        is_original = original is not None
        plan = act.plan_of(clip, mask, is_original=is_original)
        with Readers(catalog, vault, clip, drafts, isolated=isolated) as readers:
            prepared = readers.read(original or _left(catalog, clip), plan, is_original=is_original)
        try:
            if act.needs_gate and prepared.verdict.state == "not run":
                raise SettingsError(NO_GATE)
            with catalog.files.alone():
                with catalog.read() as connection:
                    _check_undecided(connection, clip)
                put_on_record(vault, act.what, code, by)
                version = clip.mask_version + 1
                keep_evidence(vault, code, prepared, is_original=is_original, mask_version=version)
                _put_redrawn(catalog, clip, prepared, by, act)
        finally:
            prepared.drop()
    return one_waiting(catalog, code)


def _left(catalog: Catalog, clip: Clip) -> Source:
    """Return the frames that are left of a clip that waits."""
    frames = [catalog.files.frame_path(frame_code(clip.code, i), held=True) for i in range(clip.n_frames)]
    return Source(clip.code, "images", tuple(str(path) for path in frames))


def _check_undecided(connection: sa.Connection, clip: Clip) -> None:
    # Reading takes seconds, and another reviewer may have decided or drawn meanwhile.
    there = clip_by_code(connection, clip.code)
    check_open(there)
    check_seen(there, clip.mask_version)


def _put_redrawn(catalog: Catalog, clip: Clip, prepared: Prepared, by: str, act: Act) -> None:
    version = clip.mask_version + 1
    catalog.files.stage_clip(clip.code, version, prepared.pngs(), prepared.pack)
    frames = [
        Frame(clip.code, i, f.png_sha256, f.pixel_sha256, f.png_bytes) for i, f in enumerate(prepared.frames)
    ]
    record = prepared.facts["mask"]
    mask = rows.Mask(clip.code, version, prepared.mask_png, record, by, now())
    redrawn = rows.Inspection(clip.code, version, by, act.what, act.reason, now())

    def write(connection: sa.Connection) -> None:
        _check_undecided(connection, clip)
        replace_frames(connection, clip.code, frames, prepared.pack_sha256, prepared.pack_bytes)
        rows.insert_mask(connection, mask)
        rows.insert_verdict(connection, verdict_row(clip.code, version, prepared.verdict))
        rows.insert_inspection(connection, redrawn)
        set_state(connection, clip.code, state_of(prepared, "person"))

    catalog.write(write)
    catalog.files.unstage_clip(clip.code, version, prepared.pack_sha256)
