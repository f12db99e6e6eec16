"""What a file is, by its first bytes."""

import os
import stat
from pathlib import Path
from typing import BinaryIO

from unisono.ingest.files.tar import is_tar

HEAD_BYTES = 512
ARCHIVES = ("zip", "tar", "gzip")
_ISO_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
_ZIP, _EMPTY_ZIP = b"PK\x03\x04", b"PK\x05\x06"
_OTHER_ARCHIVES = (
    (b"BZh", "bzip2"), (b"\xfd7zXZ\0", "xz"), (b"7z\xbc\xaf'\x1c", "7z"), (b"Rar!\x1a\x07", "rar"),
    (b"(\xb5/\xfd", "zstd"), (b"\x1f\x9d", "compress"), (b"PK\x07\x08", "split zip"),
)  # fmt: skip


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


def other_archive(head: bytes) -> str:
    """Return the name of a packing that is known and not opened, or nothing."""
    return next((name for mark, name in _OTHER_ARCHIVES if head.startswith(mark)), "")


def opened_file(path: Path) -> BinaryIO:
    """Open a file to read, without waiting on what is none.

    Raises
    ------
    OSError
        If it cannot be opened, or is a pipe or a device: whoever made it may have swapped it for the file.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(None, "it is no file")
    return os.fdopen(handle, "rb")


def _archive_kind(head: bytes) -> str:
    if head[:4] in (_ZIP, _EMPTY_ZIP):
        return "zip"
    if head[:3] == b"\x1f\x8b\x08":
        return "gzip"
    return "tar" if is_tar(head) else ""
