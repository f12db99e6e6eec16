"""What a file is comes from its bytes; which images are one clip comes from a rule."""

import bz2
import os
import tracemalloc
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.ingest import makers
from unisono.ingest.sources import kind_of, scan


def image(path: Path, shade: int = 90, side: int = 20) -> None:
    cv2.imwrite(str(path), np.full((side, side), shade, np.uint8))


def found(*paths: Path) -> dict[str, tuple[str, int]]:
    return {Path(s.label).name: (s.kind, len(s.files)) for s in scan(paths)}


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


def test_suffixes_do_not_count(tmp_path: Path) -> None:
    makers.write_dicom(tmp_path / "clip.txt", makers.loop(1))
    (tmp_path / "fake.png").write_text("not an image")
    assert found(tmp_path) == {"clip.txt": ("dicom", 1), "fake.png": ("", 0)}


def test_numbered_frames_are_one_clip(tmp_path: Path) -> None:
    for i in range(3):
        image(tmp_path / f"loop-{i:04d}.png")
        image(tmp_path / f"other_{i + 1:02d}.png")
    assert found(tmp_path) == {
        "loop-0000.png to loop-0002.png": ("images", 3),
        "other_01.png to other_03.png": ("images", 3),
    }


def test_numbers_with_gaps_other_sizes_or_other_widths_are_images_of_their_own(tmp_path: Path) -> None:
    for name in ("benign_17", "benign_22", "benign_131", "normal_5", "normal_1"):
        image(tmp_path / f"{name}.png")
    image(tmp_path / "size-00.png")
    image(tmp_path / "size-01.png", side=30)
    image(tmp_path / "late-05.png")
    image(tmp_path / "late-06.png")
    assert {n for _, n in found(tmp_path).values()} == {1}
    assert len(found(tmp_path)) == 9


def test_folders_are_walked_in_order_and_the_home_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "home").mkdir()
    image(tmp_path / "b" / "x.png")
    image(tmp_path / "a.png")
    image(tmp_path / "home" / "y.png")
    names = [Path(s.label).name for s in scan([tmp_path], skip=tmp_path / "home")]
    assert names == ["a.png", "x.png"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [("a.CSV", ".csv"), ("DOE.19620312", "a file"), ("1.2.840.88777447", "a file"), ("x.ZQXDOE", "a file")],
)  # fmt: skip
def test_a_reason_repeats_no_unusual_end_of_a_name(tmp_path: Path, name: str, shown: str) -> None:
    (tmp_path / name).write_bytes(b"neither this nor that")
    (found,) = scan([tmp_path])
    assert found.refusal[1] == f"not a recording: {shown} is no DICOM, video or image"


def test_of_numbered_files_only_the_heads_are_read(tmp_path: Path) -> None:
    for i in range(3):
        path = tmp_path / f"IM_{i:02d}.dcm"
        path.write_bytes(bytes(128) + b"DICM")
        os.truncate(path, 200 * 2**20)
    for i in range(3):
        image(tmp_path / f"loop-{i:02d}.png")
        os.truncate(tmp_path / f"loop-{i:02d}.png", 200 * 2**20)
    tracemalloc.start()
    names = found(tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert names == {f"IM_{i:02d}.dcm": ("dicom", 1) for i in range(3)} | {
        "loop-00.png to loop-02.png": ("images", 3)
    }
    assert peak < 2**20


def test_names_that_are_no_utf8_or_hold_new_lines_are_names(tmp_path: Path) -> None:
    name = os.fsdecode(b"inv\xff\xfe.dcm")
    makers.write_dicom(tmp_path / name, makers.loop(1))
    for i in range(2):
        image(tmp_path / "plain.png")
        (tmp_path / "plain.png").rename(tmp_path / f"two\nlines-{i:02d}.png")
    assert found(tmp_path) == {
        name: ("dicom", 1),
        "two\nlines-00.png to two\nlines-01.png": ("images", 2),
    }


def test_archives_that_hold_nothing_or_are_not_opened_are_said(tmp_path: Path) -> None:
    zipfile.ZipFile(tmp_path / "empty.zip", "w").close()
    with zipfile.ZipFile(tmp_path / "folders.zip", "w") as archive:
        archive.writestr("a/", b"")
    (tmp_path / "a.tar.bz2").write_bytes(bz2.compress(b"x"))
    said = {Path(s.label).name: s.refusal for s in scan([tmp_path])}
    assert {code for code, _ in said.values()} == {"E_NOT_RECORDING"}
    assert said["empty.zip"][1] == said["folders.zip"][1] == "not a recording: the archive holds no files"
    assert "bzip2" in said["a.tar.bz2"][1]
    assert "zip, tar or tar.gz" in said["a.tar.bz2"][1]
