import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from unisono.base.errors import CatalogError, NotFoundError
from unisono.catalog.files import FrameFiles
from unisono.catalog.names import frame_code

CODE = "01-" + "ab12" + "0" * 60


def test_frames_lie_in_the_unity_tree(tmp_path: Path) -> None:
    path = FrameFiles(tmp_path).frame_path(frame_code(CODE, 7))
    assert path.relative_to(tmp_path).as_posix() == f"png-cache/01/ab/12/{CODE}-0007.png"


@pytest.mark.parametrize(
    "code", ["../x", CODE, f"{CODE}-00001", "1-" + CODE[3:] + "-0000", f"{CODE.upper()}-0000"]
)
def test_a_code_that_is_none_never_becomes_a_path(tmp_path: Path, code: str) -> None:
    with pytest.raises(CatalogError, match="frame code"):
        FrameFiles(tmp_path).frame_path(code)


def test_put_then_read(tmp_path: Path) -> None:
    files = FrameFiles(tmp_path)
    files.put_clip(CODE, [b"a", b"bb"], b"pack")
    assert files.read_frame(f"{CODE}-0001") == b"bb"
    assert list((tmp_path / "pending").iterdir()) == []
    with pytest.raises(NotFoundError):
        files.read_frame(f"{CODE}-0002")


def test_an_interrupted_put_leaves_nothing(tmp_path: Path) -> None:
    def breaking():  # noqa: ANN202  # a generator
        yield b"first"
        raise KeyboardInterrupt

    files = FrameFiles(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        files.put_clip(CODE, breaking(), b"pack")
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


def test_what_a_killed_run_left_is_dropped(tmp_path: Path) -> None:
    left = tmp_path / "pending" / "x"
    left.mkdir(parents=True)
    (left / "half.png").write_bytes(b"half")
    assert FrameFiles(tmp_path).drop_pending() == 1
    assert not left.exists()


def test_held_files_are_nobodys_until_they_are_admitted(tmp_path: Path) -> None:
    files = FrameFiles(tmp_path)
    files.put_clip(CODE, [b"a", b"bb"], b"pack", held=True)
    sha = hashlib.sha256(b"pack").hexdigest()
    with pytest.raises(NotFoundError):
        files.read_frame(f"{CODE}-0000")
    assert files.read_frame(f"{CODE}-0001", held=True) == b"bb"
    files.admit_clip(CODE, 2, sha)
    files.drop_clip(CODE, 2, sha, held=True)
    assert files.read_frame(f"{CODE}-0001") == b"bb"
    assert files.pack_path(CODE, sha).read_bytes() == b"pack"
    assert not [p for p in (tmp_path / "held").rglob("*") if p.is_file()]


def test_a_clip_that_is_not_whole_is_not_admitted(tmp_path: Path) -> None:
    files = FrameFiles(tmp_path)
    files.put_clip(CODE, [b"a"], b"pack", held=True)
    with pytest.raises(NotFoundError, match="not all there"):
        files.admit_clip(CODE, 2, hashlib.sha256(b"pack").hexdigest())
    assert not (tmp_path / "png-cache").exists()


def test_the_drafts_of_a_run_that_lives_are_not_swept(tmp_path: Path) -> None:
    files = FrameFiles(tmp_path)
    with files.pending() as folder:
        (folder / "draft").write_bytes(b"x")
        code = "import sys, pathlib; from unisono.catalog.files import FrameFiles as F; "
        code += "print(F(pathlib.Path(sys.argv[1])).drop_pending())"
        swept = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, check=True)
        assert swept.stdout.strip() == b"0"
        assert (folder / "draft").exists()
    assert files.drop_pending() == 0
