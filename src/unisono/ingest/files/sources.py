"""Find recordings under paths: what a file is is read from its first bytes, never from its name.

Folders are walked in the order of names, archives are looked into without unpacking them to disk. Images that
are the numbered frames of one loop (`loops`) become one clip. Every other image is a clip of its own. What is
no file, or cannot be read, is named with its reason.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from unisono.base.errors import IngestError, NotFoundError
from unisono.ingest.files.archive import Member, list_members
from unisono.ingest.files.kinds import ARCHIVES, HEAD_BYTES, kind_of, opened_file, other_archive
from unisono.ingest.files.loops import loops_in
from unisono.ingest.files.walk import Left, walk

__all__ = ["HEAD_BYTES", "LANDINGS", "Source", "kind_of", "scan"]
LANDINGS = ("inbox", "uploads", "fetched")
"""Folders of the home where recordings wait."""
USUAL_SUFFIXES = (
    ".7z", ".avi", ".bak", ".bin", ".bmp", ".csv", ".dat", ".db", ".dll", ".doc", ".docx", ".exe", ".gif",
    ".gz", ".htm", ".html", ".inf", ".ini", ".jpeg", ".jpg", ".json", ".log", ".md", ".mkv", ".mov", ".mp4",
    ".npy", ".pdf", ".png", ".ppt", ".pptx", ".py", ".rar", ".rtf", ".sql", ".tar", ".tif", ".tiff", ".tmp",
    ".txt", ".webm", ".webp", ".wmv", ".xls", ".xlsx", ".xml", ".yaml", ".yml", ".zip",
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
        ``dicom``, ``video`` or ``images``; when it is refused already, empty, or ``folder``.
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
        if not _is_there(path):
            raise NotFoundError(f"no such file or folder: {path}")
    home = None if skip is None else skip.resolve()
    for entries in walk(wanted, partial(_is_ours, home=home)):
        files = [entry for entry in entries if not isinstance(entry, Left)]
        first = {loop[0]: loop for loop in loops_in(files)}
        in_loop = {frame for loop in first.values() for frame in loop[1:]}
        for entry in entries:
            if isinstance(entry, Left):
                kind = "folder" if entry.is_folder else ""
                yield Source(str(entry.path), kind, (), refusal=(entry.code, entry.reason))
            elif entry in first:
                yield _loop_source(first[entry])
            elif entry not in in_loop:
                yield from _file_sources(entry)


def _is_there(path: Path) -> bool:
    try:
        return os.path.lexists(path)
    except ValueError:  # a null byte inside
        return False


def _is_ours(path: Path, home: Path | None) -> bool:
    return home is not None and home in path.parents and path.relative_to(home).parts[0] not in LANDINGS


def _file_sources(path: Path) -> Iterator[Source]:
    try:
        with opened_file(path) as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        yield _refused(str(path), "E_STORE_IO", f"the file cannot be read ({error.strerror})")
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
    packing = other_archive(head)
    if packing:
        reason = f"a {packing} archive is not opened; send zip, tar or tar.gz, or the files themselves"
        return _refused(label, "E_NOT_RECORDING", reason)
    shown = suffix.lower() if suffix.lower() in USUAL_SUFFIXES else "a file"
    return _refused(label, "E_NOT_RECORDING", f"not a recording: {shown} is no DICOM, video or image")


def _members(path: Path, archive: str) -> Iterator[Source]:
    try:
        found = list_members(path, archive)
    except IngestError as error:
        yield _refused(str(path), error.code, error.message)
        return
    except OSError as error:
        yield _refused(str(path), "E_STORE_IO", f"the archive cannot be read ({error.strerror})")
        return
    if not found:
        yield _refused(str(path), "E_NOT_RECORDING", "not a recording: the archive holds no files")
    for member, head in found:
        label = f"{path}!{member.name}"
        kind = kind_of(head)
        if kind in ARCHIVES:
            yield _refused(label, "E_LIMIT_DEPTH", "an archive inside an archive is not opened")
        elif kind:
            yield Source(label, kind, (str(path),), member.name, member)
        else:
            yield _not_a_recording(label, Path(member.name).suffix, head)


def _loop_source(paths: Sequence[Path]) -> Source:
    label = f"{paths[0]} to {paths[-1].name}"
    return Source(label, "images", tuple(str(p) for p in paths))


def _refused(label: str, code: str, reason: str) -> Source:
    return Source(label, "", (), refusal=(code, reason))
