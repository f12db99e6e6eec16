"""List the files of a tar archive from its headers, reading no more than those.

`tarfile` reads a name or a header of any length that the archive claims into memory; here a name has at
most a few thousand bytes.

Source: POSIX.1-2017, pax interchange format and ustar; GNU tar manual, "Basic Tar Format" (long names, base
256).
"""

import io
from collections.abc import Iterator
from typing import BinaryIO

from unisono.base.errors import IngestError
from unisono.ingest.limits import LIMITS

BLOCK = 512
_LONGEST_NAME, _LONGEST_PAX = 4096, 65_536
_FILE_TYPES = (b"0", b"\0", b"7")
_FOLDER, _LONG_NAME, _PAX, _PAX_GLOBAL = b"5", b"L", b"x", b"g"
_CHECKSUM = slice(148, 156)


def tar_members(file: BinaryIO) -> Iterator[tuple[str, int, int]]:
    """Yield name, start and size (bytes) of each file.

    Raises
    ------
    IngestError
        ``E_LIMIT_INFLATE`` for links, devices and too many files; ``E_TRUNCATED`` for a damaged archive.
    """
    size = file.seek(0, io.SEEK_END)
    at = count = 0
    name, known_size = "", None
    while at + BLOCK <= size:
        file.seek(at)
        head = file.read(BLOCK)
        if not any(head):
            return
        _check_sum(head)
        length = _number(head[124:136]) if known_size is None else known_size
        kind, start = head[156:157], at + BLOCK
        if length < 0 or start + length > size:
            break
        at = start + -(-length // BLOCK) * BLOCK
        if kind == _LONG_NAME:
            name = _text(_content(file, start, length, _LONGEST_NAME))
            continue
        if kind in (_PAX, _PAX_GLOBAL):
            found = _pax(_content(file, start, length, _LONGEST_PAX))
            if kind == _PAX:
                name, known_size = found.get("path", name), _pax_size(found)
            continue
        if kind in _FILE_TYPES:
            count += 1
            _check_count(count)
            yield name or _ustar_name(head), start, length
        elif kind != _FOLDER:
            raise IngestError(
                "E_LIMIT_INFLATE",
                "an archive with links or devices is not opened; pack files and folders alone",
            )
        name, known_size = "", None
    if at < size:
        raise IngestError("E_TRUNCATED", "the archive breaks off inside a member")


def is_tar(head: bytes) -> bool:
    """Return whether a file's first 512 bytes are a tar header."""
    return head[257:262] == b"ustar"


def _check_count(count: int) -> None:
    if count > LIMITS.members:
        raise IngestError("E_LIMIT_INFLATE", f"an archive holds at most {LIMITS.members} files")


def _check_sum(head: bytes) -> None:
    blanked = bytearray(head)
    blanked[_CHECKSUM] = b" " * 8
    if not is_tar(head) or sum(blanked) != _number(head[_CHECKSUM]):
        raise IngestError("E_TRUNCATED", "a header of the archive is damaged")


def _number(text: bytes) -> int:
    if text[0] & 0x80:  # base 256, for files of 8 GiB and more
        return int.from_bytes(text[1:], "big")
    try:
        return int(text.split(b"\0")[0].strip() or b"0", 8)
    except ValueError:
        return -1


def _content(file: BinaryIO, start: int, length: int, most: int) -> bytes:
    if length > most:
        raise IngestError("E_LIMIT_INFLATE", f"a name in an archive has at most {most} bytes")
    file.seek(start)
    return file.read(length)


def _text(data: bytes) -> str:
    return data.split(b"\0")[0].decode("utf-8", "replace")


def _ustar_name(head: bytes) -> str:
    name, prefix = _text(head[:100]), _text(head[345:500])
    # GNU tar keeps times where ustar keeps the prefix.
    return f"{prefix}/{name}" if prefix and head[257:263] == b"ustar\0" else name


def _pax(data: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    while data:
        length, _, _ = data.partition(b" ")
        if not length.isdigit() or not 0 < int(length) <= len(data):
            raise IngestError("E_TRUNCATED", "a header of the archive is damaged")
        record, data = data[len(length) + 1 : int(length)], data[int(length) :]
        key, _, value = record.decode("utf-8", "replace").rstrip("\n").partition("=")
        found[key] = value
    return found


def _pax_size(found: dict[str, str]) -> int | None:
    if any(key.startswith("GNU.sparse") for key in found):
        raise IngestError("E_LIMIT_INFLATE", "an archive with sparse files is not opened")
    return int(found["size"]) if found.get("size", "").isdigit() else None
