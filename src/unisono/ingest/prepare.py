"""Turn one source into a coded, masked clip, on disk but not yet in the catalog. Runs in a worker.

Frames are read, masked, encoded and let go one at a time; their files lie in a draft folder until the one
process that owns the catalog takes them over or drops them. What names a patient travels apart from the rest,
in `Confidential`, and ends in the vault.

A clip of which no trusted area is found is drawn black and held: a person may draw its mask.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import cv2
import numpy as np

from unisono.base.errors import IngestError
from unisono.ingest.children import still_alive
from unisono.ingest.files.sources import Source
from unisono.ingest.files.steady import Stamps, changed, check_steady, stamps_of
from unisono.ingest.gate.composites import CompositeBuilder, Composites, Extremes
from unisono.ingest.gate.verdict import Verdict
from unisono.ingest.identity.codes import Keys, content_identity, sha256_hex, sha256_of_parts
from unisono.ingest.identity.confidential import Confidential
from unisono.ingest.limits import check_size
from unisono.ingest.masks.drawn import encode_mask
from unisono.ingest.masks.mask import MaskPlan, blackened, plan_mask
from unisono.ingest.pack import encode_page_image
from unisono.ingest.png import encode_png
from unisono.ingest.readers.reading import fingerprint, opened
from unisono.ingest.readers.recording import Recording

HOLDING = ("E_NO_MASK", "E_MASK_IMPLAUSIBLE")
"""Refusals that a person can mend by drawing a mask."""
NOT_RUN = Verdict("not run", (), "")


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
    """

    source: Source
    dataset_class: str
    keys: Keys
    drafts: Path
    plan: MaskPlan | None = None
    source_key: str = ""


@dataclass(frozen=True, slots=True)
class DraftFrame:
    """One encoded frame: hashes, and the sizes by which it is found again in the draft."""

    png_sha256: str
    pixel_sha256: str
    png_bytes: int
    page_bytes: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """A clip ready to be stored. But for ``private`` it holds nothing that names a patient.

    Parameters
    ----------
    code, subject : str
    facts : dict
        The fields of a catalog clip that the recording gives.
    frames : tuple of DraftFrame
    mask_png : bytes
    shown : Composites
        Of the masked frames, for the text gate.
    private : Confidential
    folder : pathlib.Path
        The draft; `drop` it in any case.
    verdict : Verdict
        Of the text gate; not run until `looked_at`.
    """

    code: str
    subject: str
    facts: dict[str, Any]
    frames: tuple[DraftFrame, ...]
    mask_png: bytes
    shown: Composites = field(repr=False)
    private: Confidential = field(repr=False)
    folder: Path
    verdict: Verdict = NOT_RUN

    @property
    def held(self) -> IngestError | None:
        """The rule that puts this clip into quarantine, if any."""
        refused = self.facts["mask"].get("refused")
        if refused:
            return IngestError(refused["code"], refused["reason"])
        return gate_error(self.verdict.state)

    def looked_at(self, verdict: Verdict) -> "Prepared":
        """Return this clip with what the gate said of it."""
        private = replace(self.private, seen=tuple(hit.text for hit in verdict.hits))
        return replace(self, verdict=verdict, private=private)

    def pngs(self) -> Iterator[bytes]:
        """Yield the frames' PNG files in order."""
        with (self.folder / "png").open("rb") as file:
            for frame in self.frames:
                yield file.read(frame.png_bytes)

    def page_images(self) -> list[bytes]:
        """Return the page's images in order."""
        with (self.folder / "page").open("rb") as file:
            return [file.read(frame.page_bytes) for frame in self.frames]

    def drop(self) -> None:
        """Delete the draft."""
        _delete(self.folder)


def identify(job: Job) -> str:
    """Return the keyed hash of a source's content."""
    return job.keys.source_key(fingerprint(job.source))


def prepare(job: Job) -> Prepared:
    """Read, mask, code and encode one source; the look for text in it comes next.

    Raises
    ------
    IngestError
        With the code of the rule that refused it; no draft is left then.
    """
    cv2.setNumThreads(1)  # as many processes as cores: threads of their own would wait for each other
    folder = job.drafts / uuid4().hex
    stamps = stamps_of(job.source)
    known = job.source_key or identify(job)
    with _opened_steady(job.source, stamps) as recording:
        plan = _plan(recording, job)
        composites, extremes = CompositeBuilder(), Extremes()
        folder.mkdir(parents=True)
        try:
            frames = tuple(_encoded(recording, plan, folder, (composites, extremes)))
            digest = fingerprint(job.source)
            if job.keys.source_key(digest) != known:
                raise changed()
            check_steady(job.source, stamps)
        except IngestError:
            _delete(folder)
            raise
        except OSError as error:
            _delete(folder)
            raise IngestError("E_STORE_IO", f"its frames cannot be written ({error.strerror})") from None
        shown = composites.composites()
    warnings = [w for w in (plan.record.get("warning"), recording.warning) if w]
    mask = plan.record | {"lossless": recording.lossless}
    if warnings:
        mask["warning"] = "; ".join(warnings)
    facts = _facts(recording) | {"mask": mask, "n_frames": len(frames)}
    content = content_identity(digest)
    code = job.keys.clip_code(job.dataset_class, recording.uid or content)
    fallback = f"clip|{recording.uid}" if recording.uid else content
    subject = job.keys.subject_name(recording.patient or fallback)
    brightest, darkest = extremes.images()
    is_still = len(frames) == 1
    private = Confidential(
        path=job.source.label,
        source_sha256=digest,
        source=job.source,
        uid=recording.uid or "",
        patient=recording.patient or "",
        identifiers=recording.identifiers,
        before_png=encode_png(brightest),
        after_png=encode_png(plan.apply(brightest)),
        dark_before_png=b"" if is_still else encode_png(darkest),
        dark_after_png=b"" if is_still else encode_png(plan.apply(darkest)),
        extremes_sha256=sha256_of_parts([sha256_hex(image.data) for image in (brightest, darkest)]),
    )
    return Prepared(code, subject, facts, frames, encode_mask(plan.keep), shown, private, folder)


def gate_error(verdict: str) -> IngestError | None:
    """Return the refusal that goes with a verdict of the text gate."""
    if verdict == "identifier":
        return IngestError("E_PHI_RESIDUAL", "the masked frames show something that the header names")
    if verdict == "text":
        return IngestError("E_TEXT_RESIDUAL", "the masked frames show text")
    return None


@contextmanager
def _opened_steady(source: Source, stamps: Stamps) -> Iterator[Recording]:
    try:
        with opened(source) as recording:
            yield recording
    except IngestError:
        check_steady(source, stamps)  # what is wrong with a file that grows is that it grows
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


def _encoded(
    recording: Recording, plan: MaskPlan, folder: Path, seen: tuple[CompositeBuilder, Extremes]
) -> Iterator[DraftFrame]:
    composites, extremes = seen
    count, first = 0, recording.sample[0].shape
    stencil = plan.stencil(1 if len(first) == plan.keep.ndim else first[2])
    with (folder / "png").open("wb") as pngs, (folder / "page").open("wb") as pages:
        for frame in recording.frames():
            if frame.shape != first:
                raise IngestError("E_DIM_MISMATCH", f"frame {count} has the shape {frame.shape}, not {first}")
            count += 1
            check_size(recording.rows, recording.columns, count)
            masked = blackened(frame, stencil)
            composites.add(masked)
            extremes.add(frame)
            still_alive()
            png, page = encode_png(masked), encode_page_image(masked)
            pngs.write(png)
            pages.write(page)
            yield DraftFrame(sha256_hex(png), sha256_hex(masked.data), len(png), len(page))
    if count != recording.n_frames:
        raise IngestError("E_FRAME_COUNT", f"there are {count} frames; another number was announced")


def _facts(recording: Recording) -> dict[str, Any]:
    names = (
        "kind", "rows", "columns", "frame_times_s", "timing", "regions", "spacing_mm", "header", "decoder",
    )  # fmt: skip
    return {name: getattr(recording, name) for name in names}


def _delete(folder: Path) -> None:
    for path in folder.glob("*"):
        path.unlink(missing_ok=True)
    if folder.exists():
        folder.rmdir()
