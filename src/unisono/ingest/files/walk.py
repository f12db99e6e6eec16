"""Walk folders so that nothing is lost: each entry is a file to read, or is named with why it is none.

Links to files are read like files. A link to a folder is followed when it leads out of the folders that are
walked, once for each target, so no loop of links is endless.
"""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

NOT_A_FILE = "neither a file nor a folder but a pipe, a socket or a device; recordings are files"
NO_FOLDER, EMPTY = "the folder cannot be looked into", "the folder is empty"
LOOKED_AT = "a link to a folder that is looked at in its own place"
ABOVE = "a link to a folder around this one is not followed"


@dataclass(frozen=True, slots=True)
class Left:
    """An entry that is no file to read.

    Parameters
    ----------
    path : pathlib.Path
    code, reason : str
    is_folder : bool
        A folder, or a link to one.
    """

    path: Path = field(repr=False)
    code: str
    reason: str
    is_folder: bool = False


def walk(tops: Sequence[Path], is_skipped: Callable[[Path], bool]) -> Iterator[list[Path | Left]]:
    """Yield the contents of one folder after the other, each in the order of names.

    Parameters
    ----------
    tops : sequence of pathlib.Path
        Files and folders.
    is_skipped : callable
        Told a real path, answers whether it is left alone in silence.

    Yields
    ------
    list of pathlib.Path or Left
        What lies in one folder, folders inside apart: they come next.
    """
    roots = [_real(top) for top in tops]
    for top in tops:
        kind = _kind_of_link(top)
        if isinstance(kind, Left):
            yield [kind]
        elif kind == "folder":
            yield from _folders(top, roots, is_skipped)
        elif not is_skipped(_real(top)):
            yield [top]


def _folders(top: Path, roots: list[Path], is_skipped: Callable[[Path], bool]) -> Iterator[list[Path | Left]]:
    waiting = [(top, _real(top))]
    while waiting:
        folder, real = waiting.pop()
        entries = _entries(folder)
        if isinstance(entries, Left):
            yield [entries]
            continue
        found: list[Path | Left] = []
        inside: list[tuple[Path, Path]] = []
        for entry in entries:
            path = folder / entry.name
            is_link = entry.is_symlink()
            target = _real(path) if is_link else real / entry.name
            if is_skipped(target):
                continue
            kind = _kind(entry, path)
            if kind == "folder" and is_link:
                kind = _followed(path, target, roots)
            if kind == "folder":
                inside.append((path, target))
            else:
                found.append(kind if isinstance(kind, Left) else path)
        if found:
            yield found
        waiting += reversed(inside)


def _entries(folder: Path) -> list["os.DirEntry[str]"] | Left:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        return Left(folder, "E_STORE_IO", f"{NO_FOLDER} ({error.strerror})", is_folder=True)
    return entries or Left(folder, "E_NOT_RECORDING", EMPTY, is_folder=True)


def _kind(entry: "os.DirEntry[str]", path: Path) -> "str | Left":
    try:
        if entry.is_file(follow_symlinks=False):
            return "file"
        if entry.is_dir(follow_symlinks=False):
            return "folder"
    except OSError as error:
        return Left(path, "E_STORE_IO", f"the file cannot be looked at ({error.strerror})")
    return _kind_of_link(path)


def _kind_of_link(path: Path) -> "str | Left":
    try:
        mode = path.stat().st_mode
    except OSError as error:
        what = "a link that leads nowhere" if path.is_symlink() else "the file cannot be looked at"
        return Left(path, "E_STORE_IO", f"{what} ({error.strerror})")
    if stat.S_ISDIR(mode):
        return "folder"
    return "file" if stat.S_ISREG(mode) else Left(path, "E_NOT_RECORDING", NOT_A_FILE)


def _followed(path: Path, target: Path, roots: list[Path]) -> "str | Left":
    if any(target == root or root in target.parents for root in roots):
        return Left(path, "E_NOT_RECORDING", LOOKED_AT, is_folder=True)
    if any(target in root.parents for root in roots):
        return Left(path, "E_NOT_RECORDING", ABOVE, is_folder=True)
    roots.append(target)
    return "folder"


def _real(path: Path) -> Path:
    # Path.resolve raises for a loop of links; this does not.
    return Path(os.path.realpath(path))
