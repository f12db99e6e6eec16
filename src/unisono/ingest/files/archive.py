"""Look into zip, tar and tar.gz archives in place, within limits; nothing is unpacked to disk.

A member is a span of the archive's (inflated) bytes. What an archive's directory says of sizes is not
believed: bytes are counted as they are inflated. Links, paths that lead out, sparse and encrypted members
and archives in archives are refused, and one such member refuses the archive: whoever packed it meant
something else.

Source: PKWARE APPNOTE 6.3.10 sections 4.3 and 4.4 (zip); POSIX.1-2017 pax (tar), GNU tar manual "Basic Tar
Format".
"""

import io
import struct
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from unisono.base.errors import IngestError
from unisono.ingest.files.inflated import GZIP, Inflated, Marks
from unisono.ingest.files.pieces import joined
from unisono.ingest.files.tar import BLOCK, is_tar, tar_members
from unisono.ingest.limits import LIMITS, MIB

_LINK_MODE, _MODE_SHIFT, _TYPE_BITS = 0o120000, 16, 0o170000
_END_MARK, _END_BYTES, _COMMENT_BYTES = b"PK\x05\x06", 22, 65_535
_LOCAL_BYTES = 30
_STORED, _DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
_DIRECTORY_BYTES = 16 * MIB
ZIP_ERRORS = (
    zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError, EOFError, struct.error,
    IndexError, OverflowError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive.

    Parameters
    ----------
    name : str
    start, stored : int, bytes
        Where its bytes lie: in a zip file itself, in a tar archive once it is inflated.
    size : int, bytes
        Once inflated, as the directory says.
    is_deflated : bool
    crc32 : int, optional
        Of the inflated bytes.
    """

    name: str
    start: int
    stored: int
    size: int
    is_deflated: bool = False
    crc32: int | None = None


def list_members(path: Path, kind: str) -> list[tuple[Member, bytes]]:
    """Return the files of an archive, in its order, each with its first 512 bytes.

    Parameters
    ----------
    path : pathlib.Path
    kind : str
        ``zip``, ``tar`` or ``gzip``.

    Raises
    ------
    IngestError
        ``E_LIMIT_INFLATE`` for an archive beyond the limits or with members that are refused,
        ``E_TRUNCATED`` for one that cannot be read, ``E_NOT_RECORDING`` for gzip of something else.
    """
    with path.open("rb") as file:
        if kind == "zip":
            members = _zip_members(file)
            _check_members(members)
            return [(m, _zip_head(file, m)) for m in members]
        with _whole_tar(file, path, kind) as tar:
            members = [Member(name, start, size, size) for name, start, size in tar_members(tar)]
            _check_members(members)
            return [(m, joined(tar, [(m.start, m.stored)]).read(BLOCK)) for m in members]


@contextmanager
def open_member(path: Path, kind: str, member: Member) -> Iterator[BinaryIO]:
    """Open one file of an archive, seekable, without inflating it at once.

    Raises
    ------
    IngestError
        As its bytes are read: ``E_LIMIT_INFLATE``, ``E_TRUNCATED``.
    """
    with path.open("rb") as file:
        if kind == "zip":
            yield _zip_content(file, member)
        else:
            with _whole_tar(file, path, kind) as tar:
                yield joined(tar, [(member.start, member.stored)])


def _check_members(members: Sequence[Member]) -> None:
    for member in members:
        _check_name(member.name)
    total = sum(member.size for member in members)
    if len(members) > LIMITS.members or total > LIMITS.archive_bytes:
        raise IngestError(
            "E_LIMIT_INFLATE",
            f"an archive holds at most {LIMITS.members} files of {LIMITS.archive_bytes // MIB} MiB in all; "
            f"got {len(members)} files of {total // MIB} MiB",
        )


def _zip_head(file: BinaryIO, member: Member) -> bytes:
    try:
        return _zip_content(file, member).read(BLOCK)
    except IngestError as error:
        if error.code != "E_LIMIT_INFLATE":
            raise
        reason = f"a member holds more than the {member.size} bytes that the archive's directory says"
        raise IngestError(error.code, reason) from None


def _zip_content(file: BinaryIO, member: Member) -> BinaryIO:
    if not member.is_deflated:
        return joined(file, [(member.start, member.stored)])
    most = min(member.size, LIMITS.file_bytes)
    return io.BufferedReader(Inflated(file, member.start, member.stored, most=most))


@contextmanager
def _whole_tar(file: BinaryIO, path: Path, kind: str) -> Iterator[BinaryIO]:
    if kind == "tar":
        yield file
        return
    facts = path.stat()
    marks = _marks_of(str(path), facts.st_size, facts.st_mtime_ns)
    tar = io.BufferedReader(
        Inflated(file, 0, facts.st_size, window_bits=GZIP, most=LIMITS.archive_bytes, marks=marks)
    )
    if not is_tar(tar.read(BLOCK)):
        raise IngestError("E_NOT_RECORDING", "not a recording: gzip of something that is no tar archive")
    yield tar


@lru_cache(maxsize=4)
def _marks_of(_path: str, _size: int, _changed_ns: int) -> Marks:
    # Shared by all members of one tar.gz that this process reads: each would start from byte 0 otherwise.
    return Marks()


def _zip_members(file: BinaryIO) -> list[Member]:
    _check_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
        return [_zip_member(file, info) for info in infos]
    except ZIP_ERRORS as error:
        raise IngestError("E_TRUNCATED", f"the archive cannot be read ({type(error).__name__})") from None


def _check_directory(file: BinaryIO) -> None:
    # zipfile reads the whole directory into memory, so its size is looked at first.
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _END_BYTES - _COMMENT_BYTES))
    tail = file.read()
    at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) - at < _END_BYTES:
        raise IngestError("E_TRUNCATED", "the archive ends before its directory")
    if struct.unpack_from("<I", tail, at + 12)[0] > _DIRECTORY_BYTES:
        raise IngestError("E_LIMIT_INFLATE", f"an archive holds at most {LIMITS.members} files")


def _zip_member(file: BinaryIO, info: zipfile.ZipInfo) -> Member:
    if info.flag_bits & 1:
        raise IngestError(
            "E_LIMIT_INFLATE",
            "an archive with encrypted members is not opened; pack the files without a password",
        )
    if (info.external_attr >> _MODE_SHIFT) & _TYPE_BITS == _LINK_MODE:
        raise IngestError("E_LIMIT_INFLATE", "an archive with links is not opened; pack the files themselves")
    if info.compress_type not in (_STORED, _DEFLATED):
        raise IngestError(
            "E_LIMIT_INFLATE",
            "a member is packed by a method that is not read; zip members are stored or deflated",
        )
    if info.file_size > LIMITS.ratio * max(info.compress_size, 1):
        raise IngestError("E_LIMIT_INFLATE", f"a member inflates more than {LIMITS.ratio} times")
    file.seek(info.header_offset)
    n_name, n_extra = struct.unpack_from("<HH", file.read(_LOCAL_BYTES), 26)
    start = info.header_offset + _LOCAL_BYTES + n_name + n_extra
    is_deflated = info.compress_type == _DEFLATED
    return Member(info.filename, start, info.compress_size, info.file_size, is_deflated, info.CRC)


def _check_name(name: str) -> None:
    path = PurePosixPath(name.replace("\\", "/"))
    if ".." in path.parts or path.is_absolute() or name[1:2] == ":":
        raise IngestError(
            "E_LIMIT_INFLATE",
            "an archive with paths that lead out of it is not opened; pack with paths below it",
        )
