"""Turn one source into a coded, masked clip, on disk but not yet in the catalog. Runs in a worker.

Frames are read, masked, encoded and let go one at a time; their files lie in a draft folder until the one
process that owns the catalog takes them over or drops them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np

from unisono.base.errors import IngestError
from unisono.ingest.identity import Keys, content_identity, sha256_hex
from unisono.ingest.limits import check_size
from unisono.ingest.mask import MaskPlan, plan_mask
from unisono.ingest.pack import encode_page_image
from unisono.ingest.png import encode_png
from unisono.ingest.reading import fingerprint, opened
from unisono.ingest.recording import Recording
from unisono.ingest.sources import Source


@dataclass(frozen=True, slots=True)
class Job:
    """One source and what its names are made with."""

    source: Source
    dataset_class: str
    keys: Keys
    drafts: Path


@dataclass(frozen=True, slots=True)
class DraftFrame:
    """One encoded frame: hashes, and the sizes by which it is found again in the draft."""

    png_sha256: str
    pixel_sha256: str
    png_bytes: int
    page_bytes: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """A clip ready to be stored. It holds nothing that names a patient.

    Parameters
    ----------
    code, subject : str
    facts : dict
        The fields of a catalog clip that the recording gives.
    frames : tuple of DraftFrame
    folder : pathlib.Path
        The draft; `drop` it in any case.
    """

    code: str
    subject: str
    facts: dict[str, Any]
    frames: tuple[DraftFrame, ...]
    folder: Path

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
    """Read, mask, code and encode one source.

    Raises
    ------
    IngestError
        With the code of the rule that refused it; no draft is left then.
    """
    folder = job.drafts / uuid4().hex
    with opened(job.source) as recording:
        plan = plan_mask(
            recording.sample,
            recording.regions,
            lossless=recording.lossless,
            is_declared=recording.kind == "dicom",
        )
        content = content_identity(fingerprint(job.source)) if recording.uid is None else ""
        folder.mkdir(parents=True)
        try:
            frames = tuple(_encoded(recording, plan, folder))
        except (IngestError, OSError):
            _delete(folder)
            raise
    facts = _facts(recording) | {"mask": plan.record, "n_frames": len(frames)}
    code = job.keys.clip_code(job.dataset_class, recording.uid or content)
    subject = job.keys.subject_name(recording.patient or content or f"clip|{recording.uid}")
    return Prepared(code, subject, facts, frames, folder)


def _encoded(recording: Recording, plan: MaskPlan, folder: Path) -> Iterator[DraftFrame]:
    count, first = 0, recording.sample[0].shape
    with (folder / "png").open("wb") as pngs, (folder / "page").open("wb") as pages:
        for frame in recording.frames():
            if frame.shape != first:
                raise IngestError("E_DIM_MISMATCH", f"frame {count} has the shape {frame.shape}, not {first}")
            count += 1
            check_size(recording.rows, recording.columns, count)
            masked = np.ascontiguousarray(plan.apply(frame))
            png, page = encode_png(masked), encode_page_image(masked)
            pngs.write(png)
            pages.write(page)
            yield DraftFrame(sha256_hex(png), sha256_hex(masked.data), len(png), len(page))
    if count != recording.n_frames:
        raise IngestError("E_FRAME_COUNT", f"{recording.n_frames} frames were announced; got {count}")


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
