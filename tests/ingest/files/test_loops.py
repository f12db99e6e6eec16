"""Which images are one clip comes from a rule, and from the heads of the files alone."""

import os
import tracemalloc
from pathlib import Path

from tests.ingest.files.test_sources import found, image
from unisono.ingest.files.loops import loops_in


def test_the_order_is_that_of_the_numbers(tmp_path: Path) -> None:
    paths = [tmp_path / f"f-{i:03d}.png" for i in range(1, 4)]
    for path in paths:
        image(path)
    (tmp_path / "f-04.png").write_bytes(paths[0].read_bytes())
    assert loops_in([paths[2], paths[0], tmp_path / "f-04.png", paths[1]]) == [paths]
    paths[1].write_bytes(b"no image")
    assert loops_in(paths) == []
    paths[1].unlink()
    assert loops_in(paths) == []


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
