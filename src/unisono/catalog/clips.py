"""Rows of clips, their frames, and what was left out."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from unisono.base.errors import ConflictError
from unisono.catalog import tables as t
from unisono.catalog.rows import many, one


@dataclass(frozen=True, slots=True)
class Clip:
    """One recording: what may be known of it, and how it was read.

    Parameters
    ----------
    code : str
        ``CC-`` and 64 hex digits.
    dataset_class : str
        Two digits.
    subject : str
        Pseudonym of the patient.
    kind : str
        ``dicom``, ``video`` or ``images``.
    rows, columns, n_frames : int
    frame_times_s : tuple of float or None
        Start of each frame in s, the first 0; None when the recording does not say.
    timing : str
        The rule that gave the times.
    regions : tuple of dict
        Calibrated areas, with the keys of ``Region`` on the wire.
    spacing_mm : tuple of float or None
        Size of a pixel, (x, y) in mm; None without a calibration.
    header : dict
        What the allow-list let pass.
    mask : dict
        How the pixels outside the ultrasound area were found.
    decoder : str
    pack_sha256 : str
    pack_bytes : int
    source_key : str
        Keyed hash of the source file's bytes.
    origin, licence : str
        Where it comes from and under which terms.
    simulated : bool
        No patient: drawn or generated.
    created_at : datetime
    state : str
        ``written``, ``gated``, ``quarantined``, ``approved`` or ``rejected``.
    mask_version : int
        Of the mask in force; ``mask`` is its record.
    pixels_sha256 : str
        Of the pixel hashes of all frames as first taken; empty when they were not.
    dup_of : str, optional
        Code of a clip with the same pixels that was in first.
    part : dict, optional
        Of a clip that is a part of a longer recording: ``number`` from 1, ``of``, ``first_frame`` as the
        recording counts, ``n_frames``, and ``start_s``, when it starts in the recording, or None.
    """

    code: str
    dataset_class: str
    subject: str
    kind: str
    rows: int
    columns: int
    n_frames: int
    frame_times_s: tuple[float, ...] | None
    timing: str
    regions: tuple[dict[str, Any], ...]
    spacing_mm: tuple[float, float] | None
    header: dict[str, Any]
    mask: dict[str, Any]
    decoder: str
    pack_sha256: str
    pack_bytes: int
    source_key: str
    origin: str
    licence: str
    simulated: bool
    created_at: datetime
    state: str = "written"
    mask_version: int = 1
    pixels_sha256: str = ""
    dup_of: str | None = None
    part: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """One stored frame and its hashes; ``pixel_sha256`` is of the decoded, masked pixels."""

    clip: str
    index: int
    png_sha256: str
    pixel_sha256: str
    png_bytes: int


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A file that was not taken, with the rule that refused it; its path is in the vault alone."""

    path_key: str
    source_key: str
    code: str
    reason: str
    at: datetime


def insert_clip(connection: sa.Connection, clip: Clip, frames: Sequence[Frame]) -> None:
    """Add a clip with all its frames.

    Raises
    ------
    ConflictError
        If the code or the source is in already, or the frames are not 0 to n - 1.
    """
    if [f.index for f in frames] != list(range(clip.n_frames)):
        raise ConflictError(f"clip {clip.code} says {clip.n_frames} frames; got {len(frames)}")
    try:
        with connection.begin_nested():
            connection.execute(t.clip.insert().values(**asdict(clip)))
    except sa.exc.IntegrityError:
        raise ConflictError(f"clip {clip.code} or its source is in the catalog already") from None
    connection.execute(t.frame.insert(), [asdict(f) for f in frames])


def clip_by_code(connection: sa.Connection, code: str) -> Clip:
    """Return a clip.

    Raises
    ------
    NotFoundError
        If there is none of that code.
    """
    return one(connection, sa.select(t.clip).where(t.clip.c.code == code), Clip, f"clip {code!r}")


def all_clips(connection: sa.Connection) -> list[Clip]:
    """Return all clips in the order of their codes."""
    return many(connection, sa.select(t.clip).order_by(t.clip.c.code), Clip)


def clips_in(connection: sa.Connection, *states: str) -> list[Clip]:
    """Return the clips in some states, oldest first."""
    c = t.clip.c
    query = sa.select(t.clip).where(c.state.in_(states)).order_by(c.created_at, c.code)
    return many(connection, query, Clip)


def approved_clip(connection: sa.Connection, code: str) -> Clip:
    """Return a clip that may be shown and released.

    Raises
    ------
    NotFoundError
        If there is none of that code.
    ConflictError
        If nobody approved it, or it was withdrawn since.
    """
    clip = clip_by_code(connection, code)
    if clip.state != "approved":
        raise ConflictError(f"clip {code} is {clip.state}, not approved; see: unisono review")
    return clip


def set_state(connection: sa.Connection, code: str, state: str) -> None:
    """Move a clip to a state."""
    connection.execute(t.clip.update().where(t.clip.c.code == code).values(state=state))


def first_with_pixels(connection: sa.Connection, pixels_sha256: str) -> str | None:
    """Return the code of the oldest clip with just these pixels."""
    c = t.clip.c
    query = sa.select(c.code).where(c.pixels_sha256 == pixels_sha256).order_by(c.created_at, c.code)
    return connection.scalars(query).first() if pixels_sha256 else None


def replace_frames(
    connection: sa.Connection, code: str, frames: Sequence[Frame], pack_sha256: str, pack_bytes: int
) -> None:
    """Put other pixels in the place of a clip's frames: the same number, under another mask.

    Raises
    ------
    ConflictError
        If the number differs.
    """
    count = connection.scalar(sa.select(sa.func.count()).where(t.frame.c.clip == code))
    if count != len(frames):
        raise ConflictError(f"clip {code} has {count} frames; got {len(frames)}")
    connection.execute(t.frame.delete().where(t.frame.c.clip == code))
    connection.execute(t.frame.insert(), [asdict(f) for f in frames])
    values = {"pack_sha256": pack_sha256, "pack_bytes": pack_bytes}
    connection.execute(t.clip.update().where(t.clip.c.code == code).values(values))


def frames_of(connection: sa.Connection, code: str) -> list[Frame]:
    """Return a clip's frames in order."""
    query = sa.select(t.frame).where(t.frame.c.clip == code).order_by(t.frame.c.index)
    return many(connection, query, Frame)


def known_sources(connection: sa.Connection, source_keys: Iterable[str]) -> dict[str, str]:
    """Return the clip code of each source that is in already."""
    keys, found = list(source_keys), {}
    for start in range(0, len(keys), 500):  # databases limit the parameters of a statement
        part = keys[start : start + 500]
        query = sa.select(t.clip.c.source_key, t.clip.c.code).where(t.clip.c.source_key.in_(part))
        found.update({row.source_key: row.code for row in connection.execute(query)})
    return found


def classes_of_subject(connection: sa.Connection, subject: str) -> set[str]:
    """Return the dataset classes that a subject's clips are in; one, unless something went wrong."""
    query = sa.select(t.clip.c.dataset_class).where(t.clip.c.subject == subject).distinct()
    return set(connection.scalars(query))


def insert_exclusion(connection: sa.Connection, exclusion: Exclusion) -> None:
    """Record why a file was left out; the same file again replaces the former reason."""
    same = (t.exclusion.c.path_key == exclusion.path_key) & (t.exclusion.c.source_key == exclusion.source_key)
    connection.execute(t.exclusion.delete().where(same))
    connection.execute(t.exclusion.insert().values(**asdict(exclusion)))


def forget_exclusions(connection: sa.Connection, path_key: str) -> None:
    """Drop what was recorded against a path whose file is in by now."""
    connection.execute(t.exclusion.delete().where(t.exclusion.c.path_key == path_key))


def exclusions(connection: sa.Connection) -> list[Exclusion]:
    """Return what was left out, oldest first."""
    return many(connection, sa.select(t.exclusion).order_by(t.exclusion.c.at), Exclusion)
