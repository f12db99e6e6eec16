"""Hold the disk against the rows: every frame there, whole, and nothing besides."""

import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from unisono.catalog.clips import Clip, Frame, all_clips, frames_of
from unisono.catalog.db import Catalog
from unisono.catalog.files import frame_code
from unisono.ingest.run.sweeping import HOLDING, stray_files, sweep


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    Parameters
    ----------
    what : str
        ``missing``, ``damaged`` or ``stray``.
    path : str
        Relative to the home folder.
    """

    what: str
    path: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check came to.

    Parameters
    ----------
    clips, frames, bytes : int
        Looked at.
    swept : int
        Leftovers of interrupted work that were put in order first.
    faults : tuple of Fault
    """

    clips: int
    frames: int
    bytes: int
    swept: int
    faults: tuple[Fault, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing is missing, damaged or astray."""
        return not self.faults


def fsck(catalog: Catalog, *, threads: int = 0) -> Checked:
    """Compare every frame and pack with its hash, and look for files that no row names.

    Leftovers of work that was killed are swept first; they are no faults.

    Parameters
    ----------
    catalog : Catalog
    threads : int, default=0
        For reading and hashing; 0 means one for each core.
    """
    swept = sweep(catalog)
    with catalog.read() as connection:
        clips = [c for c in all_clips(connection) if c.state != "rejected"]
        expected = {clip.code: frames_of(connection, clip.code) for clip in clips}
    faults: list[Fault] = []
    n_bytes = 0
    root = catalog.files.root
    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        jobs = [job for clip in clips for job in _files(catalog, clip, expected[clip.code])]
        for (path, _), (fault, size) in zip(jobs, pool.map(_look, jobs, chunksize=64), strict=True):
            n_bytes += size
            if fault:
                faults.append(Fault(fault, str(path.relative_to(root))))
    approved = {c.code for c in clips if c.state == "approved"}
    held = {c.code for c in clips if c.state in HOLDING}
    for top, wanted in ((root, approved), (root / "held", held)):
        faults += [Fault("stray", str(p.relative_to(root))) for p in stray_files(top, wanted)]
    return Checked(len(clips), sum(len(f) for f in expected.values()), n_bytes, swept, tuple(faults))


def _files(catalog: Catalog, clip: Clip, frames: list[Frame]) -> Iterator[tuple[Path, str]]:
    held = clip.state != "approved"
    for frame in frames:
        yield catalog.files.frame_path(frame_code(clip.code, frame.index), held=held), frame.png_sha256
    yield catalog.files.pack_path(clip.code, clip.pack_sha256, held=held), clip.pack_sha256


def _look(job: tuple[Path, str]) -> tuple[str, int]:
    path, sha256 = job
    try:
        with path.open("rb") as file:
            data = file.read()
    except FileNotFoundError:
        return "missing", 0
    is_same = hashlib.sha256(data).hexdigest() == sha256
    return ("" if is_same else "damaged"), len(data)
