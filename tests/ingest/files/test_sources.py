"""What a file is comes from its bytes; which images are one clip comes from a rule."""

import bz2
import os
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.ingest import makers
from unisono.ingest.files.sources import scan


def image(path: Path, shade: int = 90, side: int = 20) -> None:
    cv2.imwrite(str(path), np.full((side, side), shade, np.uint8))


def found(*paths: Path) -> dict[str, tuple[str, int]]:
    return {Path(s.label).name: (s.kind, len(s.files)) for s in scan(paths)}


def test_suffixes_do_not_count(tmp_path: Path) -> None:
    makers.write_dicom(tmp_path / "clip.txt", makers.loop(1))
    (tmp_path / "fake.png").write_text("not an image")
    assert found(tmp_path) == {"clip.txt": ("dicom", 1), "fake.png": ("", 0)}


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
