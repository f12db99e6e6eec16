"""A folder for copies of patients' recordings that are here for one batch, and gone after, whatever happens.

What a killed process left is deleted by the next one: the copies of one that lives are locked.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from unisono.base.locks import locked
from unisono.ingest.doors.inbox import private_folder


@contextmanager
def private_copies(home: Path) -> Iterator[Path]:
    """Yield an empty folder under ``home/fetched``, closed to others; it is deleted at the end of the block.

    Parameters
    ----------
    home : pathlib.Path

    Yields
    ------
    pathlib.Path
    """
    root = private_folder(home / "fetched")
    with locked(root.parent / f".{root.name}.lock"):
        for left in root.iterdir():
            _sweep(left)
        folder = private_folder(root / uuid4().hex)
        handle = os.open(folder, os.O_RDONLY)
        fcntl.flock(handle, fcntl.LOCK_EX)  # for as long as this process lives
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def _sweep(left: Path) -> None:
    """Delete the copies of a process that was killed; those of one that lives are locked."""
    handle = os.open(left, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    else:
        shutil.rmtree(left, ignore_errors=True)
    finally:
        os.close(handle)
