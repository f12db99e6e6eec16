"""Open a source: its bytes within limits, its fingerprint, and the reader that fits its kind."""

import hashlib
import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, overload

from unisono.base.errors import IngestError
from unisono.ingest.dicom import open_dicom
from unisono.ingest.identity import sha256_of_parts
from unisono.ingest.limits import CHUNK_BYTES, LIMITS, check_bytes
from unisono.ingest.recording import Recording
from unisono.ingest.sources import Source
from unisono.ingest.stills import open_stills
from unisono.ingest.video import open_video


def fingerprint(source: Source) -> str:
    """Return the SHA-256 of a source's content, hex; of several files, of their hashes in order.

    Raises
    ------
    IngestError
        ``E_STORE_IO``, ``E_LIMIT_SIZE``, ``E_LIMIT_INFLATE``.
    """
    if source.member:
        return hashlib.sha256(_member(source)).hexdigest()
    return sha256_of_parts([_digest(Path(name)) for name in source.files])


@contextmanager
def opened(source: Source) -> Iterator[Recording]:
    """Open a source as a `Recording`, for as long as its frames are read.

    Raises
    ------
    IngestError
        With the code of the rule that refused it.
    """
    if source.kind == "images":
        images = [_member(source)] if source.member else _Files(source.files)
        yield open_stills(images)
        return
    with _binary(source) as file:
        size = file.seek(0, io.SEEK_END)
        check_bytes(size)
        yield open_dicom(file, size) if source.kind == "dicom" else open_video(file)


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
        yield io.BytesIO(_member(source))
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


def _member(source: Source) -> bytes:
    try:
        with zipfile.ZipFile(source.files[0]) as archive, archive.open(source.member) as file:
            # The directory of an archive may lie about sizes: read no more than is allowed.
            data = file.read(LIMITS.file_bytes + 1)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError, EOFError) as error:
        raise IngestError(
            "E_TRUNCATED", f"the archive's member cannot be read ({type(error).__name__})"
        ) from None
    check_bytes(len(data))
    return data


def _digest(path: Path) -> str:
    hasher = hashlib.sha256()
    with _from_disk(path) as file:
        while chunk := file.read(CHUNK_BYTES):
            hasher.update(chunk)
    return hasher.hexdigest()
