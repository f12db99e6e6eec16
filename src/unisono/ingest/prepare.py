"""Turn one source into a coded, masked clip, on disk but not yet in the catalog. Runs in a worker.

Frames are read, masked, encoded and let go one at a time; their files lie in a draft folder until the one
process that owns the catalog takes them over or drops them. What names a patient travels apart from the rest,
in `Confidential`, and ends in the vault.

A clip of which no trusted area is found is drawn black and held: a person may draw its mask.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

import cv2
import numpy as np

from unisono.base.errors import IngestError
from unisono.ingest.drafting import Draft, write_draft
from unisono.ingest.files.sources import Source
from unisono.ingest.files.steady import Stamps, changed, check_steady, stamps_of
from unisono.ingest.identity.codes import Keys, content_identity
from unisono.ingest.identity.confidential import Confidential
from unisono.ingest.limits import LIMITS, Limits, check_size
from unisono.ingest.masks.drawn import encode_mask
from unisono.ingest.masks.mask import MaskPlan, plan_mask
from unisono.ingest.parts import Part, larger, parts_of
from unisono.ingest.prepared import Prepared, delete_draft
from unisono.ingest.readers.reading import fingerprint, opened
from unisono.ingest.readers.recording import Pixels, Recording

HOLDING = ("E_NO_MASK", "E_MASK_IMPLAUSIBLE")
"""Refusals that a person can mend by drawing a mask."""


@dataclass(frozen=True, slots=True)
class Job:
    """One source and what its names are made with.

    Parameters
    ----------
    source : Source
    dataset_class : str
    keys : Keys
    drafts : pathlib.Path
    plan : MaskPlan, optional
        A mask that a person drew, or one to keep; it goes before what would be found.
    source_key : str, optional
        What `identify` gave: the source is refused when it is another one by now.
    limits : Limits, optional
        Of a clip. Every part of a recording that is cut keeps to them.
    is_split : bool, default=False
        Cut a recording that is longer than a clip; else it is refused.
    part : Part, optional
        The only one to read of a recording that was cut; its code is as before, wherever one would cut today.
    """

    source: Source
    dataset_class: str
    keys: Keys
    drafts: Path
    plan: MaskPlan | None = None
    source_key: str = ""
    limits: Limits = LIMITS
    is_split: bool = False
    part: Part | None = None

    @property
    def reading_limits(self) -> Limits:
        """Of the recording."""
        return larger(self.limits) if self.is_split else self.limits


def identify(job: Job) -> str:
    """Return the keyed hash of a source's content."""
    return job.keys.source_key(fingerprint(job.source))


def prepare(job: Job) -> Prepared:
    """Read, mask, code and encode one source, or the one part of it that the job names.

    Raises
    ------
    IngestError
        With the code of the rule that refused it; no draft is left then.
    """
    (only,) = prepare_parts(job)
    return only


def prepare_parts(job: Job) -> tuple[Prepared, ...]:
    """Read, mask, code and encode one source; the look for text in it comes next.

    Returns
    -------
    tuple of Prepared
        One clip, or the parts of a recording that is cut, in order.

    Raises
    ------
    IngestError
        With the code of the rule that refused it; no draft is left then.
    """
    cv2.setNumThreads(1)  # as many processes as cores: threads of their own would wait for each other
    stamps = stamps_of(job.source)
    known = job.source_key or identify(job)
    drafts: list[Draft] = []
    with _opened_steady(job, stamps) as recording:
        plan = _plan(recording, job)
        recording.let_go()
        try:
            for part, frames in _cut(recording, job):
                drafts.append(write_draft(recording, part, frames, plan, job.drafts / uuid4().hex))
            digest = fingerprint(job.source)
            if job.keys.source_key(digest) != known:
                raise changed()
            check_steady(job.source, stamps)
        except (IngestError, OSError) as error:
            for draft in drafts:
                delete_draft(draft.folder)
            if isinstance(error, IngestError):
                raise
            raise IngestError("E_STORE_IO", f"its frames cannot be written ({error.strerror})") from None
    return tuple(_prepared(draft, recording, plan, job, digest) for draft in drafts)


def _cut(recording: Recording, job: Job) -> Iterator[tuple[Part, Iterator[Pixels]]]:
    """Yield each part that is wanted with its frames; the last one's go on to the end, whatever that is."""
    n_frames = recording.n_frames
    if not job.is_split:
        check_size(recording.rows, recording.columns, n_frames, job.limits)
    parts = (job.part,) if job.part else parts_of(n_frames, recording.rows, recording.columns, job.limits)
    if parts[-1].end > n_frames:
        raise IngestError("E_FRAME_COUNT", "the recording has fewer frames than when it was cut into parts")
    stream = recording.frames_from(parts[0].first_frame)
    for part in parts:
        yield part, stream if part.end == n_frames else islice(stream, part.n_frames)


def _prepared(draft: Draft, recording: Recording, plan: MaskPlan, job: Job, digest: str) -> Prepared:
    part, times_s = draft.part, recording.frame_times_s
    warnings = [w for w in (plan.record.get("warning"), recording.warning) if w]
    mask = plan.record | {"lossless": recording.lossless}
    if warnings:
        mask["warning"] = "; ".join(warnings)
    facts = _facts(recording) | {"mask": mask, "n_frames": len(draft.frames)}
    facts |= {"frame_times_s": part.times_s(times_s), "part": part.record(times_s)}
    content = content_identity(digest)
    identity = recording.uid or content
    rival = f"{identity}|part=1" if part.is_whole else identity
    fallback = f"clip|{recording.uid}" if recording.uid else content
    return Prepared(
        code=job.keys.clip_code(job.dataset_class, part.identity(identity)),
        subject=job.keys.subject_name(recording.patient or fallback),
        facts=facts,
        frames=draft.frames,
        mask_png=encode_mask(plan.keep),
        shown=draft.shown,
        private=_confidential(draft, recording, job.source, digest),
        folder=draft.folder,
        pack_sha256=draft.pack_sha256,
        pack_bytes=draft.pack_bytes,
        rival=job.keys.clip_code(job.dataset_class, rival),
    )


def _confidential(draft: Draft, recording: Recording, source: Source, digest: str) -> Confidential:
    return Confidential(
        path=source.label,
        source_sha256=digest,
        source=source,
        uid=recording.uid or "",
        patient=recording.patient or "",
        identifiers=recording.identifiers,
        before_png=draft.bright[0],
        after_png=draft.bright[1],
        dark_before_png=draft.dark[0],
        dark_after_png=draft.dark[1],
        extremes_sha256=draft.extremes_sha256,
    )


@contextmanager
def _opened_steady(job: Job, stamps: Stamps) -> Iterator[Recording]:
    try:
        with opened(job.source, job.reading_limits) as recording:
            yield recording
    except IngestError:
        check_steady(job.source, stamps)  # what is wrong with a file that grows is that it grows
        raise


def _plan(recording: Recording, job: Job) -> MaskPlan:
    if job.plan is not None:
        return job.plan
    try:
        return plan_mask(
            recording.sample,
            recording.regions,
            lossless=recording.lossless,
            is_declared=recording.kind == "dicom",
            overlay=recording.overlay,
            header=recording.header,
        )
    except IngestError as error:
        if error.code not in HOLDING:
            raise
        nothing = np.zeros((recording.rows, recording.columns), dtype=np.bool_)
        refused = {"code": error.code, "reason": error.message}
        return MaskPlan(nothing, {"source": "none", "coverage": 0.0, "refused": refused})


def _facts(recording: Recording) -> dict[str, Any]:
    names = (
        "kind", "rows", "columns", "timing", "regions", "spacing_mm", "header", "decoder",
    )  # fmt: skip
    return {name: getattr(recording, name) for name in names}
