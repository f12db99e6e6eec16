"""Open a source: its bytes within limits, its fingerprint, and the reader that fits its kind."""

import hashlib
import io
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, overload

from unisono.base.errors import IngestError
from unisono.ingest.files.archive import Member, list_members, open_member
from unisono.ingest.files.sources import HEAD_BYTES, Source, kind_of
from unisono.ingest.identity.codes import sha256_of_parts
from unisono.ingest.limits import CHUNK_BYTES, LIMITS, Limits, check_bytes
from unisono.ingest.readers.dicom import open_dicom
from unisono.ingest.readers.recording import Recording
from unisono.ingest.readers.stills import open_stills
from unisono.ingest.readers.video import open_video


def fingerprint(source: Source) -> str:
    """Return the SHA-256 of a source's content, hex; of several files, of their hashes in order.

    Raises
    ------
    IngestError
        ``E_STORE_IO``, ``E_LIMIT_SIZE``, ``E_LIMIT_INFLATE``.
    """
    if source.member:
        return _member_digest(source)
    return sha256_of_parts([_digest(Path(name)) for name in source.files])


@contextmanager
def opened(source: Source, limits: Limits = LIMITS) -> Iterator[Recording]:
    """Open a source as a `Recording`, for as long as its frames are read.

    Parameters
    ----------
    source : Source
    limits : Limits
        Of the whole recording.

    Raises
    ------
    IngestError
        With the code of the rule that refused it.
    """
    if source.kind == "images":
        images = [_member_bytes(source)] if source.member else _Files(source.files)
        yield open_stills(images, limits)
        return
    with _binary(source) as file:
        size = file.seek(0, io.SEEK_END)
        check_bytes(size)
        yield open_dicom(file, size, limits) if source.kind == "dicom" else open_video(file, limits)


class _Files(Sequence[bytes]):
    """The bytes of some files, each read when it is asked for."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names

    def __len__(self) -> int:
        return len(self._names)

    @overload
    def __getitem__(self, index: int) -> bytes: ...
    @overload
    def __getitem__(self, index: slice) -> list[bytes]: ...
    def __getitem__(self, index: int | slice) -> bytes | list[bytes]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        with _from_disk(Path(self._names[index])) as file:
            return file.read()


@contextmanager
def _binary(source: Source) -> Iterator[BinaryIO]:
    if source.member:
        with _member(source) as (file, _):
            yield file
        return
    with _from_disk(Path(source.files[0])) as file:
        yield file


@contextmanager
def _from_disk(path: Path) -> Iterator[BinaryIO]:
    try:
        check_bytes(path.stat().st_size)
        file = path.open("rb")
    except OSError as error:
        raise IngestError("E_STORE_IO", f"the file cannot be read ({type(error).__name__})") from None
    with file:
        yield file


@contextmanager
def _member(source: Source) -> Iterator[tuple[BinaryIO, Member]]:
    path = Path(source.files[0])
    kind, member = _find_member(path, source)
    check_bytes(member.size)
    with open_member(path, kind, member) as content:
        yield content, member


def _find_member(path: Path, source: Source) -> tuple[str, Member]:
    with _from_disk(path) as file:
        kind = kind_of(file.read(HEAD_BYTES))
    if source.place is not None:
        return kind, source.place
    for member, _ in list_members(path, kind):
        if member.name == source.member:
            return kind, member
    raise IngestError("E_TRUNCATED", "the archive's member is gone")


def _member_bytes(source: Source) -> bytes:
    with _member(source) as (file, _):
        return file.read()


def _member_digest(source: Source) -> str:
    hasher, checked, count = hashlib.sha256(), 0, 0
    with _member(source) as (file, member):
        while chunk := file.read(CHUNK_BYTES):
            hasher.update(chunk)
            checked, count = zlib.crc32(chunk, checked), count + len(chunk)
    if count != member.size or member.crc32 not in (None, checked):
        raise IngestError("E_TRUNCATED", "the archive's member is damaged")
    return hasher.hexdigest()


def _digest(path: Path) -> str:
    hasher = hashlib.sha256()
    with _from_disk(path) as file:
        while chunk := file.read(CHUNK_BYTES):
            hasher.update(chunk)
    return hasher.hexdigest()
