"""What a file is comes from its first bytes, and what is no file is not waited on."""

import bz2
import lzma
import os
from pathlib import Path

import pytest

from unisono.ingest.files.kinds import kind_of, opened_file, other_archive


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\0" * 128 + b"DICM", "dicom"),
        (b"\0\0\0\x18ftypmp42", "video"),
        (b"\0\0\0\x08wide", "video"),
        (b"GIF89a", "video"),
        (b"RIFF\0\0\0\0AVI LIST", "video"),
        (b"\x1aE\xdf\xa3", "video"),
        (b"\x89PNG\r\n\x1a\n", "images"),
        (b"\xff\xd8\xff\xe0", "images"),
        (b"BM\0\0\0\0\0\0\0\0", "images"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "images"),
        (b"PK\x03\x04", "zip"),
        (b"BMI of patients", ""),
        (b"", ""),
        (b"{}", ""),
    ],
)
def test_kinds_by_first_bytes(head: bytes, kind: str) -> None:
    assert kind_of(head) == kind


@pytest.mark.parametrize("head", [b"PK\5\6", b"\x1f\x8b\x08", bytes(257) + b"ustar"])
def test_archives_that_are_opened(head: bytes) -> None:
    assert kind_of(head)
    assert other_archive(head) == ""


@pytest.mark.parametrize(
    ("head", "name"),
    [(bz2.compress(b"x"), "bzip2"), (lzma.compress(b"x"), "xz"), (b"Rar!\x1a\x07\0", "rar"), (b"BMx", "")],
)
def test_archives_that_are_known_and_not_opened(head: bytes, name: str) -> None:
    assert kind_of(head) == ""
    assert other_archive(head) == name


def test_a_pipe_is_refused_without_waiting_for_somebody_to_write(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="it is no file"):
        opened_file(tmp_path / "pipe")
    (tmp_path / "file").write_bytes(b"1")
    with opened_file(tmp_path / "file") as file:
        assert file.read() == b"1"
