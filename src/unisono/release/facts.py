"""What a release says of its clips, experts and items: the rows of its three JSON files.

``clips.json`` holds everything that a re-import needs and nothing that points at the site or the patient: no
source key, no path, no date.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, TypeVar

from unisono.base.errors import ReleaseError

CLIPS, EXPERTS, ITEMS, PROTOCOL = "clips.json", "experts.json", "items.json", "protocol.yaml"
APPROVALS = {
    "person": "a person looked at them",
    "gate": "by the site's policy no text was found, and nobody looked",
    "none": "by the site's policy without a look",
    "imported": "they came as they are from elsewhere",
    "not recorded": "nothing is recorded",
}
"""Who approved a clip's frames, and what that means."""


@dataclass(frozen=True, slots=True)
class FrameFacts:
    """One frame: its number from 0, and the hashes of its file and of its pixels."""

    index: int
    png_sha256: str
    pixel_sha256: str
    png_bytes: int


@dataclass(frozen=True, slots=True)
class ClipFacts:
    """One recording as a release tells of it.

    Parameters
    ----------
    code, subject, split : str
        Clip code, patient's pseudonym, ``train``, ``tune`` or ``ival``.
    kind : str
        ``dicom``, ``video`` or ``images``.
    rows, columns, n_frames : int
        ``n_frames`` of the recording; ``frames`` may hold fewer.
    frame_times_s : list of float or None
        Start of each frame, s.
    timing, decoder : str
        How times and pixels were got.
    regions : list of dict
    spacing_mm : list of two floats or None
        Size of a pixel, (x, y) in mm.
    header, mask : dict
        What the allow-list let pass; how pixels outside the ultrasound area were found.
    origin, licence : str
    approved_by : str
        One of `APPROVALS`: who saw that nothing identifying is in the frames.
    simulated : bool
    frames : tuple of FrameFacts
    """

    code: str
    subject: str
    split: str
    kind: str
    rows: int
    columns: int
    n_frames: int
    frame_times_s: list[float] | None
    timing: str
    regions: list[dict[str, Any]]
    spacing_mm: list[float] | None
    header: dict[str, Any]
    mask: dict[str, Any]
    decoder: str
    origin: str
    licence: str
    approved_by: str
    simulated: bool
    frames: tuple[FrameFacts, ...]


@dataclass(frozen=True, slots=True)
class ExpertFacts:
    """One expert, by pseudonym."""

    pseudonym: str
    simulated: bool


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What the experts were shown at once.

    Parameters
    ----------
    id : str
    image : str
        Frame code, or clip code when the whole clip was asked about.
    done : list of str
        Pseudonyms of who finished it.
    unusable : list of dict
        ``expert`` and ``reason`` of who could not use it.
    """

    id: str
    image: str
    done: list[str]
    unusable: list[dict[str, str]]


Row = TypeVar("Row", ExpertFacts, ItemFacts, FrameFacts)


def clips_to_json(clips: Iterable[ClipFacts]) -> list[dict[str, Any]]:
    """Return the rows of ``clips.json``, by code."""
    return [asdict(c) for c in sorted(clips, key=lambda c: c.code)]


def clips_from_json(raw: Any) -> tuple[ClipFacts, ...]:  # noqa: ANN401  # any JSON
    """Read ``clips.json``.

    Raises
    ------
    ReleaseError
        If a row lacks a key or has an unknown one.
    """
    out = []
    for row in _rows(raw, CLIPS):
        values = _checked(row, ClipFacts, CLIPS)
        if values["approved_by"] not in APPROVALS:
            raise ReleaseError(f"{CLIPS}: approved_by is one of {', '.join(APPROVALS)}")
        out.append(ClipFacts(**{**values, "frames": rows_from_json(values["frames"], FrameFacts, CLIPS)}))
    return tuple(out)


def rows_from_json(raw: Any, kind: type[Row], where: str) -> tuple[Row, ...]:  # noqa: ANN401  # any JSON
    """Read a list of rows.

    Raises
    ------
    ReleaseError
        If a row lacks a key or has an unknown one.
    """
    return tuple(kind(**_checked(row, kind, where)) for row in _rows(raw, where))


def _rows(raw: Any, where: str) -> list[Any]:  # noqa: ANN401  # any JSON
    if not isinstance(raw, list):
        raise ReleaseError(f"{where}: expected a list; got {type(raw).__name__}")
    return raw


def _checked(row: Any, kind: type, where: str) -> dict[str, Any]:  # noqa: ANN401  # any JSON
    keys = {f.name for f in fields(kind)}
    if not isinstance(row, Mapping) or row.keys() != keys:
        raise ReleaseError(f"{where}: each row has the keys {', '.join(sorted(keys))}")
    return dict(row)
