"""Find recordings under paths: what a file is is read from its first bytes, never from its name.

Folders are walked in the order of names, archives are looked into without unpacking them to disk. Images that
are the numbered frames of one loop become one clip: same folder, same name but for a trailing number of equal
length that runs from 0 or 1 without a gap, and one size. Every other image is a clip of its own.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from unisono.base.errors import IngestError, NotFoundError
from unisono.ingest.archive import Member, list_members
from unisono.ingest.stills import read_size
from unisono.ingest.tar import is_tar

HEAD_BYTES = 512
LANDINGS = ("inbox", "uploads", "fetched")
"""Folders of the home where recordings wait."""
_NUMBERED = re.compile(r"(.*?)(\d{2,})\.[A-Za-z]+")
_ISO_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
ARCHIVES = ("zip", "tar", "gzip")
USUAL_SUFFIXES = (
    ".7z", ".avi", ".bak", ".bin", ".bmp", ".csv", ".dat", ".db", ".dll", ".doc", ".docx", ".exe", ".gif",
    ".gz", ".htm", ".html", ".inf", ".ini", ".jpeg", ".jpg", ".json", ".log", ".md", ".mkv", ".mov", ".mp4",
    ".npy", ".pdf", ".png", ".ppt", ".pptx", ".py", ".rar", ".rtf", ".sql", ".tar", ".tif", ".tiff", ".tmp", ".txt",
    ".webm", ".webp", ".wmv", ".xls", ".xlsx", ".xml", ".yaml", ".yml", ".zip",
)  # fmt: skip
"""Ends of names that are repeated in a reason; any other may be a part of somebody's name or number."""


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to take in, or to name as left out.

    Parameters
    ----------
    label : str
        The path that reports show; a member of an archive is ``archive.zip!member``.
    kind : str
        ``dicom``, ``video`` or ``images``; empty when it is refused already.
    files : tuple of str
        Its files: several for numbered frames, the archive for a member.
    member : str
        Name inside the archive, or empty.
    place : Member, optional
        Where it lies in the archive.
    refusal : tuple of str
        Code and reason, or empty.
    """

    label: str
    kind: str
    files: tuple[str, ...]
    member: str = ""
    place: Member | None = None
    refusal: tuple[str, str] | tuple[()] = ()


def scan(paths: Iterable[Path], skip: Path | None = None) -> Iterator[Source]:
    """Yield every file under the paths as a recording or as refused.

    Parameters
    ----------
    paths : iterable of pathlib.Path
        Files and folders.
    skip : pathlib.Path, optional
        A folder not to enter: the site's own home. What lies in its `LANDINGS` is entered.

    Raises
    ------
    NotFoundError
        If a path does not exist; nothing is yielded then.
    """
    wanted = list(paths)
    for path in wanted:
        if not path.exists():
            raise NotFoundError(f"no such file or folder: {path}")
    for path in wanted:
        inside = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
        files = [p for p in inside if skip is None or not _is_ours(p.resolve(), skip.resolve())]
        loops = _loops(files)
        in_loop = {frame for loop in loops for frame in loop[1:]}
        first = {loop[0]: loop for loop in loops}
        for file in files:
            if file in first:
                yield _loop_source(first[file])
            elif file not in in_loop:
                yield from _file_sources(file)


def kind_of(head: bytes) -> str:
    """Return ``dicom``, ``video``, ``images``, an archive's kind or nothing, from the first 512 bytes."""
    if head[128:132] == b"DICM":
        return "dicom"
    archive = _archive_kind(head)
    if archive:
        return archive
    is_video = head[4:8] in _ISO_BOXES or head[:4] in (b"GIF8", b"\x1aE\xdf\xa3", b"0&\xb2u")
    if is_video or (head[:4] == b"RIFF" and head[8:12] == b"AVI "):
        return "video"
    is_image = head[:8] == b"\x89PNG\r\n\x1a\n" or head[:3] == b"\xff\xd8\xff"
    is_rarer = head[:4] in (b"II*\0", b"MM\0*") or (head[:2] == b"BM" and head[6:10] == b"\0\0\0\0")
    if is_image or is_rarer or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return "images"
    return ""


def _is_ours(path: Path, home: Path) -> bool:
    return home in path.parents and path.relative_to(home).parts[0] not in LANDINGS


def _archive_kind(head: bytes) -> str:
    if head[:4] == b"PK\x03\x04":
        return "zip"
    if head[:3] == b"\x1f\x8b\x08":
        return "gzip"
    return "tar" if is_tar(head) else ""


def _file_sources(path: Path) -> Iterator[Source]:
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        yield _refused(str(path), "E_STORE_IO", f"the file cannot be read ({type(error).__name__})")
        return
    kind = kind_of(head)
    if kind in ARCHIVES:
        yield from _members(path, kind)
    elif kind:
        yield Source(str(path), kind, (str(path),))
    else:
        yield _not_a_recording(str(path), path.suffix, head)


def _not_a_recording(label: str, suffix: str, head: bytes) -> Source:
    if not head:
        return _refused(label, "E_NOT_RECORDING", "not a recording: the file is empty")
    if suffix.lower() in (".dcm", ".dicom"):
        return _refused(label, "E_NOT_DICOM", "the file has no DICOM preamble")
    shown = suffix.lower() if suffix.lower() in USUAL_SUFFIXES else "a file"
    return _refused(label, "E_NOT_RECORDING", f"not a recording: {shown} is no DICOM, video or image")


def _members(path: Path, archive: str) -> Iterator[Source]:
    try:
        found = list_members(path, archive)
    except IngestError as error:
        yield _refused(str(path), error.code, error.message)
        return
    except OSError as error:
        yield _refused(str(path), "E_STORE_IO", f"the archive cannot be read ({type(error).__name__})")
        return
    for member, head in found:
        label = f"{path}!{member.name}"
        kind = kind_of(head)
        if kind in ARCHIVES:
            yield _refused(label, "E_LIMIT_DEPTH", "an archive inside an archive is not opened")
        elif kind:
            yield Source(label, kind, (str(path),), member.name, member)
        else:
            yield _not_a_recording(label, Path(member.name).suffix, head)


def _loops(files: Sequence[Path]) -> list[list[Path]]:
    groups: dict[tuple[Path, str, int, str], list[tuple[int, Path]]] = defaultdict(list)
    for path in files:
        match = _NUMBERED.fullmatch(path.name)
        if match and match[1][-1:] in ("-", "_", ""):
            groups[path.parent, match[1], len(match[2]), path.suffix].append((int(match[2]), path))
    loops = []
    for numbered in groups.values():
        numbers = [n for n, _ in sorted(numbered)]
        runs_on = numbers[0] in (0, 1) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        paths = [p for _, p in sorted(numbered)]
        if len(numbers) > 1 and runs_on and _of_one_size(paths):
            loops.append(paths)
    return loops


def _of_one_size(paths: Sequence[Path]) -> bool:
    sizes = {_size(path) for path in paths}
    return len(sizes) == 1 and None not in sizes


def _size(path: Path) -> tuple[int, int] | None:
    try:
        data = path.read_bytes()
    except OSError:
        return None
    return read_size(data) if kind_of(data[:HEAD_BYTES]) == "images" else None


def _loop_source(paths: Sequence[Path]) -> Source:
    label = f"{paths[0]} to {paths[-1].name}"
    return Source(label, "images", tuple(str(p) for p in paths))


def _refused(label: str, code: str, reason: str) -> Source:
    return Source(label, "", (), refusal=(code, reason))
