"""Clips that an import brings: their frames go to disk, approved, as whoever gave them away said."""

import hashlib
from dataclasses import replace

import sqlalchemy as sa

from unisono.base.errors import ConflictError, NotFoundError, ReleaseError
from unisono.base.packs import encode_pack
from unisono.catalog.clips import Clip, Frame, approved_clip, clip_by_code, frames_of
from unisono.catalog.db import Catalog
from unisono.catalog.evidence import Inspection
from unisono.catalog.rows import now
from unisono.formats.names import png_path
from unisono.release.facts import ClipFacts, FrameFacts
from unisono.release.pixels import Decoded, black_png, decode
from unisono.release.run.gather import IMPORTED
from unisono.release.sources import Plan


def is_known(connection: sa.Connection, facts: ClipFacts) -> bool:
    """Whether a clip is here already, with the same frames.

    Raises
    ------
    ConflictError
        If its frames are others, or it is not approved here.
    """
    try:
        clip_by_code(connection, facts.code)
    except NotFoundError:
        return False
    stored = {f.index: f.png_sha256 for f in frames_of(connection, facts.code)}
    if any(f.png_sha256 and stored.get(f.index) != f.png_sha256 for f in facts.frames):
        raise ConflictError(f"clip {facts.code} is in the catalog already with other frames")
    approved_clip(connection, facts.code)
    return True


def store_clip(catalog: Catalog, facts: ClipFacts, plan: Plan) -> tuple[Clip, list[Frame]]:
    """Put a clip's frames on disk and return its rows; a frame that is lacking is black.

    Raises
    ------
    ReleaseError
        If a frame is no image, or not of the clip's size.
    """
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


def approval(facts: ClipFacts) -> Inspection:
    """Return the row that says why an imported clip is approved: whoever gave it away had done so."""
    by = IMPORTED if facts.approved_by == "imported" else f"{IMPORTED}:{facts.approved_by}"
    reason = "came with labels of others" if by == IMPORTED else "came approved in a release"
    return Inspection(facts.code, 1, by, "approve", reason, now())
