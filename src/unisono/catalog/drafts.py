"""Drafts, turns and marks: how several processes write one home, and how a killed one is cleaned up after.

A process holds a kernel lock on its folder of drafts, so whoever finds the folder unlocked knows that its
owner died. Whoever changes a clip's files first marks its code; the mark goes when rows and files agree, so
after a crash only marked clips need a look, however many there are.
"""

import fcntl
import os
import shutil
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

FEW, FLUSHES_AT_ONCE = 4, 16


class Drafts:
    """The parts of a home that are locked or not finished.

    Parameters
    ----------
    home : pathlib.Path
    """

    def __init__(self, home: Path) -> None:
        self.root = home
        self._held = home / "held"
        self._marks = home / "changing"
        self._kept = self._marks / ".kept"
        self._turn = threading.local()

    @contextmanager
    def pending(self) -> Iterator[Path]:
        """Open a folder for drafts; it goes when this ends, or is swept when the process was killed."""
        folder = self.root / "pending" / uuid4().hex
        with self._doorkeeper():
            folder.mkdir()
            alive = os.open(folder, os.O_RDONLY)
            fcntl.flock(alive, fcntl.LOCK_EX)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(alive)

    def is_alive(self, name: str) -> bool:
        """Return whether the process that opened a drafts folder of this name still has it open."""
        folder = self.root / "pending" / name
        return folder.is_dir() and not _is_dead(folder)

    def drop_pending(self) -> int:
        """Delete what dead runs left unfinished; return how many folders that were."""
        with self._doorkeeper():
            dead = [f for f in (self.root / "pending").glob("*") if f.is_dir() and _is_dead(f)]
            for folder in dead:
                shutil.rmtree(folder, ignore_errors=True)
        return len(dead)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be the only one who stores, admits or drops clips of this home.

        Clips marked inside are settled when this ends well; when it raises, their marks stay for the sweep.
        """
        with _locked(self._held):
            self._turn.codes = set()
            try:
                yield
                self.settle(self._turn.codes)
            finally:
                del self._turn.codes

    def mark(self, code: str) -> None:
        """Note, durably, that a clip's rows and files may disagree from here on."""
        mine: set[str] | None = getattr(self._turn, "codes", None)
        if mine is not None:
            if code in mine:
                return
            mine.add(code)
        self._marks.mkdir(parents=True, exist_ok=True)
        (self._marks / code).touch()
        flush([self._marks])

    def marked(self) -> list[str] | None:
        """Return the codes of clips that may be half-way; None in a home that did not always keep marks."""
        if not self._kept.exists():
            return None
        return sorted(mark.name for mark in self._marks.iterdir() if mark != self._kept)

    def settle(self, codes: Iterable[str]) -> None:
        """Take marks away: rows and files of these clips agree."""
        for code in codes:
            (self._marks / code).unlink(missing_ok=True)

    def keep_marks(self) -> None:
        """Say that everything in this home is settled but for what is marked from now on."""
        self._marks.mkdir(parents=True, exist_ok=True)
        self._kept.touch()

    @property
    def _is_alone(self) -> bool:
        return hasattr(self._turn, "codes")

    @contextmanager
    def _doorkeeper(self) -> Iterator[None]:
        # A folder that is made but not yet locked would look like a dead run's.
        with _locked(self.root / "pending"):
            yield


def make_folder(path: Path, mode: int = 0o777) -> None:
    """Make a folder where there is none, and its name durable."""
    if not path.is_dir():
        path.mkdir(mode=mode, parents=True, exist_ok=True)
        flush([path.parent])


def flush(paths: Iterable[Path]) -> None:
    """Make files and folders durable."""
    several = list(paths)
    if len(several) <= FEW:
        for path in several:
            _flush_one(path)
        return
    # Waiting for the disk together, they share its journal's commits.
    with ThreadPoolExecutor(FLUSHES_AT_ONCE) as pool:
        list(pool.map(_flush_one, several))


def _flush_one(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    make_folder(folder)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _is_dead(folder: Path) -> bool:
    # The kernel lets go of a lock when its process dies.
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True
