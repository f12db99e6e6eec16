"""Where recordings land before they are read: bytes that are on the disk for good, or not there at all.

Every door (DICOM network, STOW-RS, upload) writes here. A file grows under a name that nobody reads, is
synchronised and renamed, and only then does the sender hear that it arrived. Names are drawn, never taken
from the sender. The folder holds patient data until the ingest door has settled each file.
"""

import fcntl
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from uuid import uuid4

from unisono.base.errors import CatalogError, IngestError, SettingsError
from unisono.ingest.limits import LIMITS, Limits

MIN_FREE_SHARE = 0.05
"""Below this share of the disk nothing more is taken: the catalog needs the rest."""
PRIVATE = 0o700
STALE_S = 24 * 3600.0
GROWING = ".tmp"
README = (
    "These files hold patient data: recordings as they were sent, which ingest could not take.\n"
    "The reports in home/reports, one a day for each door, say why. They name a file by a key;\n"
    "`unisono vault identify file-... --by YOU --reason WHY` tells which file that is, on record.\n"
    "Keep this folder closed to others, mend and send again what you can, and delete the rest.\n"
)
MOST_TRIES, RETRY_S = 3, 600.0
"""How often a file is tried that may have failed by the machine's fault, and the rest in between."""
_TRIED = re.compile(r"(.*)-try(\d)")


class Arrival:
    """One file on its way in.

    It has the shape of a file (``write``, ``close``, ``name``), because pynetdicom writes into one. What does
    not fit is let go of at once, and the rest of it is read and forgotten: `error` says why.

    Parameters
    ----------
    path : pathlib.Path
        Where it grows.
    limits : Limits
    error : IngestError, optional
        A reason to refuse it before its first byte.
    """

    def __init__(self, path: Path, limits: Limits, error: IngestError | None = None) -> None:
        self.name, self.error, self.n_bytes = str(path), error, 0
        self._path, self._limits, self._lock = path, limits, Lock()
        self._handle: int | None = None
        if error is None:
            self._begin()

    @property
    def file(self) -> "Arrival":
        """The file under the file, as `tempfile` has one."""
        return self

    def flush(self) -> None:
        """Do nothing: nothing is buffered here."""

    def write(self, data: bytes | bytearray | memoryview) -> int:
        """Append some bytes; past the limits they are dropped."""
        self.n_bytes += len(data)
        if self._handle is None:
            return len(data)
        if self.n_bytes > self._limits.file_bytes:
            message = f"a file has at most {self._limits.file_bytes} bytes; more than that came"
            self.refuse(IngestError("E_LIMIT_SIZE", message))
            return len(data)
        try:
            _write_all(self._handle, memoryview(data))
        except OSError as error:
            self.refuse(IngestError("E_STORE_IO", f"the disk took no more ({type(error).__name__})"))
        return len(data)

    def deliver(self, target: Path) -> Path:
        """Make the file durable under its final name.

        Raises
        ------
        IngestError
            ``E_LIMIT_SIZE`` or ``E_STORE_IO``; nothing is left then.
        """
        with self._lock:
            if self.error is None and self._handle is None:
                self.error = IngestError("E_STORE_IO", "the connection ended before the file was stored")
            if self.error is not None or self._handle is None:
                raise self.error or IngestError("E_STORE_IO", "the file was not kept")
            try:
                os.fsync(self._handle)
                self._path.rename(target)
                sync_folder(target.parent)
            except OSError as error:
                self._path.unlink(missing_ok=True)
                message = f"the file could not be stored ({type(error).__name__})"
                raise IngestError("E_STORE_IO", message) from None
            finally:
                os.close(self._handle)
                self._handle = None
        return target

    def _begin(self) -> None:
        try:
            self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            self.error = IngestError("E_STORE_IO", f"the disk took no file ({type(error).__name__})")
            return
        # Held for as long as this process lives: `Inbox.sweep` leaves a locked file alone.
        fcntl.flock(self._handle, fcntl.LOCK_EX)

    def close(self) -> None:
        """Let go of what was not delivered."""
        with self._lock:
            if self._handle is not None:
                self._path.unlink(missing_ok=True)
                os.close(self._handle)
                self._handle = None

    def refuse(self, error: IngestError) -> None:
        """Let go of it for a reason; what still comes is forgotten."""
        self.close()
        self.error = error


class Inbox:
    """The folder ``home/inbox/CC``: recordings for one dataset class that wait for the ingest door.

    Parameters
    ----------
    home : pathlib.Path
    dataset_class : str
        Two digits.
    limits : Limits

    Raises
    ------
    SettingsError
        If the class is not two digits.
    """

    def __init__(self, home: Path, dataset_class: str, limits: Limits = LIMITS) -> None:
        if not re.fullmatch(r"[0-9]{2}", dataset_class):
            raise SettingsError(f"a dataset class is two digits; got {dataset_class!r}")
        self.home, self.dataset_class, self._limits = home, dataset_class, limits
        self.folder = private_folder(private_folder(home / "inbox") / dataset_class)

    def begin(self) -> Arrival:
        """Return a file to write into; when the disk is nearly full, one that is refused already."""
        return Arrival(self.folder / f"{uuid4().hex}{GROWING}", self._limits, full(self.home))

    def deliver(self, arrival: Arrival, suffix: str = ".dcm") -> Path:
        """Make an arrival durable, see `Arrival.deliver`."""
        # The x keeps a name of digits alone from looking like a numbered frame.
        return arrival.deliver(self.folder / f"{uuid4().hex}x{suffix}")

    def delivered(self) -> list[Path]:
        """Return what waits, the oldest first; what was put back only after its rest."""
        rested = [p for p in self._files() if _tries(p) == 0 or p.stat().st_mtime <= time.time() - RETRY_S]
        return sorted(rested, key=lambda p: (p.stat().st_mtime_ns, p.name))

    def n_waiting(self) -> int:
        """Return how many files wait, those among them that rest."""
        return len(self._files())

    def put_back(self, path: Path) -> Path | None:
        """Let a file rest that may not be to blame; return its new place, None when it had its tries."""
        tries = _tries(path) + 1
        if tries >= MOST_TRIES:
            return None
        match = _TRIED.fullmatch(path.stem)
        target = path.with_name(f"{match[1] if match else path.stem}-try{tries}{path.suffix}")
        path.rename(target)
        os.utime(target)
        sync_folder(self.folder)
        return target

    def wake(self) -> None:
        """End the rest of what was put back: a machine that starts anew may be a better one."""
        for path in self.folder.iterdir():
            if _tries(path):
                os.utime(path, (0, 0))

    def sweep(self) -> int:
        """Delete what senders left half-written when their receiver was killed; return how many."""
        return sum(_is_orphan(path) for path in self.folder.glob(f"*{GROWING}"))

    def _files(self) -> list[Path]:
        return [p for p in self.folder.iterdir() if p.suffix != GROWING and not p.name.startswith(".")]

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the inbox against a second process that would settle the same files.

        Raises
        ------
        CatalogError
            If another process holds it.
        """
        with (self.folder / ".lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise CatalogError("another process is taking this inbox in; wait for it") from None
            yield


def full(home: Path) -> IngestError | None:
    """Return why nothing more is taken when less than 5 % of the disk is free, else None."""
    usage = shutil.disk_usage(home)
    if usage.free >= MIN_FREE_SHARE * usage.total:
        return None
    return IngestError("E_STORE_IO", f"less than {MIN_FREE_SHARE:.0%} of the disk is free")


def private_folder(path: Path) -> Path:
    """Make a folder that nobody else can read, and return it."""
    path.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    path.chmod(PRIVATE)
    return path


def quarantine(home: Path, path: Path) -> Path:
    """Move a file to ``home/quarantine``, which says what it holds; return where it lies now."""
    folder = private_folder(home / "quarantine")
    readme = folder / "README.txt"
    if not readme.exists() or readme.read_text(encoding="utf-8") != README:
        readme.write_text(README, encoding="utf-8")
    target = folder / path.name
    if target.exists():
        target = folder / f"{uuid4().hex[:8]}-{path.name}"
    path.rename(target)
    sync_folder(folder)
    return target


def drop_stale(root: Path) -> None:
    """Delete what a process that was killed left in a folder of passing things, a day later."""
    before_s = time.time() - STALE_S
    for path in root.iterdir():
        if path.stat().st_mtime < before_s:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _tries(path: Path) -> int:
    match = _TRIED.fullmatch(path.stem)
    return int(match[2]) if match else 0


def _write_all(handle: int, data: memoryview) -> None:
    while data:
        data = data[os.write(handle, data) :]


def _is_orphan(path: Path) -> bool:
    try:
        handle = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        path.unlink(missing_ok=True)
        return True
    finally:
        os.close(handle)
