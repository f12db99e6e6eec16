"""Disks that fill up: a stand-in at the lowest call that writes, and a real one where that is allowed."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MIB = 2**20
_MOUNTED = 'mount -t tmpfs -o "size=$1" none "$2" && shift 2 && exec "$@"'


def fills_up(patch: pytest.MonkeyPatch, folder: Path, after_bytes: int) -> None:
    """Let no file under a folder grow beyond some bytes: the write that would says that the disk is full.

    As a real disk does, it takes what still fits first.
    """
    write, inside = os.write, folder.resolve()

    def write_what_fits(handle: int, data: bytes | memoryview) -> int:
        if not Path(f"/proc/self/fd/{handle}").resolve().is_relative_to(inside):
            return write(handle, data)
        room = after_bytes - os.fstat(handle).st_size
        if room <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(handle, data[:room])

    patch.setattr(os, "write", write_what_fits)


def fill(folder: Path, leave_bytes: int) -> Path:
    """Fill the disk that a folder lies on until only so much is free; return what fills it."""
    filler = folder / "filler"
    with filler.open("wb") as file:
        for _ in range((shutil.disk_usage(folder).free - leave_bytes) // 4096):
            file.write(b"\0" * 4096)
    return filler


def run_on_small_disk(folder: Path, size_mib: int, module: str, *words: str) -> None:
    """Run a module of the tests with a folder that lies on a real disk of its own, of a few MiB.

    The disk is seen by that program alone, and goes with it. Skips where it may not be made.
    """
    mounted = [
        "unshare",
        "--mount",
        "--map-root-user",
        "sh",
        "-c",
        _MOUNTED,
        "sh",
        f"{size_mib}m",
        str(folder),
    ]
    if (
        shutil.which("unshare") is None
        or subprocess.run([*mounted, "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("this machine lets nobody make a disk of his own (unshare, tmpfs)")
    program = [sys.executable, "-W", "error", "-m", module, str(folder), *words]
    done = subprocess.run([*mounted, *program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
