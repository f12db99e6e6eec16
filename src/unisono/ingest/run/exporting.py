"""A clip as a clean DICOM file, for sites that need DICOM out."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import uuid4

import cv2
import numpy as np

from unisono.base.errors import ConflictError
from unisono.catalog.clips import Clip, approved_clip
from unisono.catalog.db import Catalog
from unisono.catalog.evidence import GateVerdict, Inspection, inspections_of, verdict_of
from unisono.catalog.names import frame_code
from unisono.ingest.identity.clean_dicom import CleanClip, write_clean
from unisono.ingest.readers.recording import Pixels

NO_PERSONS = ("policy", "import")


def export_dicom(catalog: Catalog, code: str, out: Path) -> int:
    """Write an approved clip as one DICOM file and return its size in bytes.

    Parameters
    ----------
    catalog : Catalog
    code : str
    out : pathlib.Path
        A file that is not there yet; it appears whole or not at all.

    Raises
    ------
    NotFoundError
        If there is no such clip.
    ConflictError
        If the clip is not approved, or the file exists.
    IngestError
        ``E_LIMIT_SIZE`` if its uncompressed pixels do not fit a DICOM file.
    """
    if out.exists():
        raise ConflictError(f"{out} exists already; nothing was written")
    with catalog.read() as connection:
        clip = approved_clip(connection, code)
        verdict = verdict_of(connection, code, clip.mask_version)
        decisions = inspections_of(connection, code)
    first = next(_frames(catalog, clip))
    clean = CleanClip(
        code=clip.code,
        subject=clip.subject,
        rows=clip.rows,
        columns=clip.columns,
        n_frames=clip.n_frames,
        is_colour=first.ndim == 3,  # noqa: PLR2004  # RGB
        frame_times_s=clip.frame_times_s,
        regions=clip.regions,
        header=clip.header,
        is_lossless=clip.mask.get("lossless", False),
        is_searched=verdict is not None and verdict.verdict == "passed",
        is_seen=is_seen(decisions, clip.mask_version, verdict),
    )
    draft = out.with_name(f"{out.name}.{uuid4().hex}.tmp")
    try:
        with draft.open("wb") as file:
            write_clean(clean, _frames(catalog, clip), file)
            size = file.tell()
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
    return size


def is_seen(decisions: Sequence[Inspection], mask_version: int, verdict: GateVerdict | None) -> bool:
    """Return whether a person approved the pixels as they are, and the gate saw nothing in them since.

    Parameters
    ----------
    decisions : sequence of Inspection
        On one clip, oldest first. An approval by the site's policy, or one that an import brought, is none.
    mask_version : int
        Of the mask in force.
    verdict : GateVerdict or None
        On that mask.
    """
    approvals = [d for d in decisions if d.decision == "approve"]
    if not approvals or approvals[-1].by.partition(":")[0] in NO_PERSONS:
        return False
    last = approvals[-1]
    # An approved clip that was searched again, and stays approved, was seen for that search as well.
    looked_at = max(d.at for d in decisions if d.decision in ("approve", "recheck"))
    return last.mask_version == mask_version and (verdict is None or looked_at >= verdict.at)


def _frames(catalog: Catalog, clip: Clip) -> Iterator[Pixels]:
    for index in range(clip.n_frames):
        png = catalog.files.read_frame(frame_code(clip.code, index))
        stored = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)
        if stored is None:
            raise ConflictError(f"frame {index} of clip {clip.code} does not decode; run: unisono fsck")
        colour = cv2.cvtColor(stored, cv2.COLOR_BGR2RGB) if stored.ndim == 3 else stored  # noqa: PLR2004  # RGB
        yield np.asarray(colour, dtype=np.uint8)
