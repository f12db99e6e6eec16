"""Zip files that come out the same, byte for byte, from the same content.

Stored and not deflated: frames are compressed already, and deflate's output differs between builds of zlib.
Members are sorted and all bear the first instant that a zip can say.
"""

import hashlib
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path, PurePosixPath

from unisono.base.errors import ReleaseError

EPOCH = (1980, 1, 1, 0, 0, 0)
_MODE = 0o644 << 16
_UNIX = 3
_BLOCK = 2**20


def write_zip(path: Path, names: Iterable[str], read: Callable[[str], bytes], comment: str = "") -> None:
    """Write members in the order of their names, one in memory at a time."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.comment = comment.encode()
        for name in sorted(names):
            member = zipfile.ZipInfo(name, EPOCH)
            member.external_attr = _MODE
            member.create_system = _UNIX
            archive.writestr(member, read(name))


class Archive:
    """A zip file that is read member by member; its table of contents is read once.

    Parameters
    ----------
    path : pathlib.Path

    Raises
    ------
    ReleaseError
        If it is no zip, a name leads out of the folder, or two members share a name.
    """

    def __init__(self, path: Path) -> None:
        self._name = path.name
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, FileNotFoundError):
            raise ReleaseError(f"{path.name} is missing or is no zip file") from None
        members = [m.filename for m in self._zip.infolist() if not m.is_dir()]
        for name in members:
            place = PurePosixPath(name)
            if place.is_absolute() or ".." in place.parts or "\\" in name:
                raise ReleaseError(f"{path.name}: member {name!r} leads out of the folder")
        if len(set(members)) != len(members):
            raise ReleaseError(f"{path.name}: two members share a name")
        self.names = tuple(sorted(members))
        self.comment = self._zip.comment.decode("utf-8", errors="replace")

    def read(self, name: str) -> bytes:
        """Return one member.

        Raises
        ------
        ReleaseError
            If it is not there or its checksum is wrong.
        """
        try:
            return self._zip.read(name)
        except (zipfile.BadZipFile, KeyError, EOFError):
            raise ReleaseError(f"{self._name}: member {name} is missing or broken") from None


def sha256_of_file(path: Path) -> str:
    """Return the SHA-256 of a file as 64 hex digits, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def hashes_of(files: Mapping[str, bytes]) -> list[dict[str, str | int]]:
    """Return path, size and SHA-256 of contents, by path."""
    return [
        {"path": p, "bytes": len(files[p]), "sha256": hashlib.sha256(files[p]).hexdigest()}
        for p in sorted(files)
    ]
