"""The text gate looks again: at a clip that waits, or at one that was approved before the gate was as good.

An approved clip keeps its frames, whatever the gate says. Where it sees text now that nobody accepted, the
clip leaves everybody's sight at once and lies in quarantine until a person decides anew; releases with it
keep it.
"""

from pathlib import Path

import sqlalchemy as sa

from unisono.base.errors import ConflictError, IngestError, SettingsError
from unisono.catalog import evidence as rows
from unisono.catalog.clips import Clip, clip_by_code, frames_of, set_state
from unisono.catalog.db import Catalog
from unisono.catalog.names import frame_code
from unisono.catalog.rows import now
from unisono.ingest.files.sources import Source
from unisono.ingest.identity.vault import Vault
from unisono.ingest.masks.drawn import decode_mask
from unisono.ingest.masks.mask import MaskPlan
from unisono.ingest.prepared import Prepared
from unisono.ingest.run.accepted import accepted_boxes, are_accepted
from unisono.ingest.run.reading_again import Readers, keep_evidence, original_of
from unisono.ingest.run.redrawing import NO_GATE, recheck_waiting
from unisono.ingest.run.review import Waiting, check_seen, one_waiting, vault_of
from unisono.ingest.run.storing import verdict_row
from unisono.ingest.run.trail import Done, put_on_record

STAYS, GOES = "searched for text again: it stays approved", "the text check sees text now: withdrawn"
KNOWN = "searched for text again: it sees only what was accepted; it stays approved"


def recheck(
    catalog: Catalog, code: str, by: str, *, mask_version: int | None = None, isolated: bool = True
) -> Waiting:
    """Keep a clip's mask and let the text gate look, as after it was installed or got better.

    Parameters
    ----------
    catalog : Catalog
    code : str
        Of a clip that waits, or of an approved one.
    by : str
    mask_version : int, optional
        Of the mask that the person looked at.
    isolated : bool, default=True
        Decode in a limited child process.

    Returns
    -------
    Waiting
        The clip as it stands now. An approved one stays so, or lies in quarantine.

    Raises
    ------
    ConflictError
        If it is rejected, or somebody decided on it or drew its mask meanwhile.
    SettingsError
        If the gate does not run here; what it said before stands.
    IngestError
        If the clip cannot be read.
    NotFoundError
        If it came without a mask, as an imported one.
    """
    with catalog.read() as connection:
        clip = clip_by_code(connection, code)
    if clip.state != "approved":
        return recheck_waiting(catalog, code, by, mask_version=mask_version, isolated=isolated)
    check_seen(clip, mask_version)
    with (
        vault_of(catalog) as vault,
        catalog.files.pending() as drafts,
        Readers(catalog, vault, clip, drafts, isolated=isolated) as readers,
    ):
        prepared, is_original = _read(catalog, readers, vault, clip, drafts)
        try:
            if prepared.verdict.state == "not run":
                raise SettingsError(NO_GATE)
            with catalog.files.alone():
                if _settle(catalog, vault, clip, prepared, by) == GOES:
                    version = clip.mask_version
                    keep_evidence(vault, code, prepared, is_original=is_original, mask_version=version)
        finally:
            prepared.drop()
    return one_waiting(catalog, code)


def _read(
    catalog: Catalog, readers: Readers, vault: Vault, clip: Clip, drafts: Path
) -> tuple[Prepared, bool]:
    """Return the clip as it is: from its original, if that still gives the same pixels, or its frames."""
    with catalog.read() as connection:
        plan = MaskPlan(decode_mask(rows.mask_of(connection, clip.code).png), clip.mask)
        stored = [frame.pixel_sha256 for frame in frames_of(connection, clip.code)]
    original = original_of(vault, clip.code)
    for source, is_original in ((original, True), (None, False)):
        if is_original and source is None:
            continue
        try:
            prepared = readers.read(source or _frames(catalog, clip, drafts), plan, is_original=is_original)
        except IngestError:
            if is_original:
                continue
            raise
        if [frame.pixel_sha256 for frame in prepared.frames] == stored:
            return prepared, is_original
        prepared.drop()
    raise ConflictError(
        f"the frames of clip {clip.code} are not those that its rows speak of; run: unisono fsck"
    )


def _frames(catalog: Catalog, clip: Clip, drafts: Path) -> Source:
    folder = drafts / "frames"
    folder.mkdir()
    paths = [folder / f"{index:04d}.png" for index in range(clip.n_frames)]
    for index, path in enumerate(paths):
        path.write_bytes(catalog.files.read_frame(frame_code(clip.code, index)))
    return Source(clip.code, "images", tuple(str(path) for path in paths))


def _outcome(catalog: Catalog, clip: Clip, prepared: Prepared) -> str:
    """Return one of `STAYS`, `KNOWN` and `GOES`."""
    if prepared.held is None:
        return STAYS
    with catalog.read() as connection:
        boxes = accepted_boxes(connection, clip)
    is_known = are_accepted(prepared.verdict.hits, boxes, clip.rows, clip.columns)
    return KNOWN if is_known and prepared.held.code == prepared.verdict.code else GOES


def _settle(catalog: Catalog, vault: Vault, clip: Clip, prepared: Prepared, by: str) -> str:
    """Write what came of it, move the files of a clip that goes, and return what `_outcome` said."""
    reason = _outcome(catalog, clip, prepared)
    is_held = reason == GOES
    done: list[Done] = ["recheck", "withdraw"] if is_held else ["recheck"]
    for what in done:
        put_on_record(vault, what, clip.code, by)

    def write(connection: sa.Connection) -> None:
        there = clip_by_code(connection, clip.code)
        if (there.state, there.mask_version) != ("approved", clip.mask_version):
            raise ConflictError(f"clip {clip.code} was decided on by somebody else meanwhile")
        rows.insert_verdict(connection, verdict_row(clip.code, clip.mask_version, prepared.verdict))
        for what in done:
            rows.insert_inspection(
                connection, rows.Inspection(clip.code, clip.mask_version, by, what, reason, now())
            )
        if is_held:
            set_state(connection, clip.code, "quarantined")

    if not is_held:
        catalog.write(write)
        return reason
    # The row first: from then on nobody is shown it. The mark lets the next run move files that stayed.
    catalog.files.mark(clip.code)
    catalog.write(write)
    catalog.files.withdraw_clip(clip.code)
    return reason
