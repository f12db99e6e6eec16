"""Recordings in an object store: fetched one at a time to a private folder, taken in, deleted.

fsspec speaks to the store; which kinds there are depends on what is installed (``s3://`` needs the extra
``s3``). Objects of one folder stay together, so that numbered images are still found to be one loop.
"""

import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import uuid4

from unisono.base.errors import IngestError, NotFoundError, SettingsError
from unisono.ingest.doors.inbox import Arrival, drop_stale, full, private_folder
from unisono.ingest.limits import CHUNK_BYTES, LIMITS, Limits, check_bytes
from unisono.ingest.reports.report import IngestReport, RunStoppedError, Withheld

BATCH_FILES, BATCH_BYTES = 64, 1024**3
_URL = re.compile(r"[a-z][a-z0-9+.\-]*://.+")
_LOCAL = ("file", "local")
STORE_ERRORS = (OSError, ValueError, RuntimeError)
"""What fsspec's file systems raise; those of botocore and aiohttp are turned into these by s3fs."""


def is_url(path: str) -> bool:
    """Return whether this names something in an object store.

    Examples
    --------
    >>> is_url("s3://bucket/echo"), is_url("/data/echo")
    (True, False)
    """
    return _URL.fullmatch(path) is not None


@dataclass
class Fetched:
    """One batch of objects on the local disk.

    Parameters
    ----------
    folder : pathlib.Path
        Holds the batch alone.
    urls : dict of str to str
        Address of each path inside.
    refused : list of Withheld
        Objects that could not be fetched.
    numbers : dict of str to int
        Of each folder of the store, where its objects lie here.
    """

    folder: Path
    urls: dict[str, str] = field(default_factory=dict)
    refused: list[Withheld] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)

    def place(self, name: str) -> Path:
        """Return where an object goes: objects of one folder into one folder, under a name of its own."""
        path = PurePosixPath(name)
        number = self.numbers.setdefault(str(path.parent), len(self.numbers))
        folder = private_folder(self.folder / f"{number:05d}")
        safe = re.sub(r"[^\w.\-]", "_", path.name).lstrip(".")[-120:] or "object"
        return folder / (f"{uuid4().hex[:8]}-{safe}" if (folder / safe).exists() else safe)

    def url_of(self, label: str) -> str:
        """Return the address behind a label of a report."""
        inside = label.removeprefix(f"{self.folder}/")
        name, mark, rest = inside.partition("!")
        first, run, last = name.partition(" to ")
        return self.urls.get(first, first) + run + last + mark + rest

    def addressed(self, report: IngestReport) -> IngestReport:
        """Return a report that names objects by their addresses, those among them that were not fetched."""
        held = (*(replace(w, path=self.url_of(w.path)) for w in report.withheld), *self.refused)
        warned = tuple(replace(w, path=self.url_of(w.path)) for w in report.warnings)
        return replace(report, withheld=held, warnings=warned)


def ingest_addresses(
    urls: Iterable[str], home: Path, take: Callable[[Sequence[Path]], IngestReport]
) -> list[IngestReport]:
    """Take in what lies under some addresses.

    Parameters
    ----------
    urls : iterable of str
    home : pathlib.Path
    take : callable
        The ingest door: paths in, report out.

    Returns
    -------
    list of IngestReport
        One a batch; what was withheld or warned of is named by its address.

    Raises
    ------
    NotFoundError, SettingsError
        See `batches`.
    """
    reports: list[IngestReport] = []
    for url in urls:
        for fetched in batches(url, home):
            try:
                report = take([fetched.folder]) if fetched.urls else IngestReport((), 0, 0, ())
            except RunStoppedError as stopped:
                done = [*reports, fetched.addressed(stopped.report)]
                raise RunStoppedError(str(stopped), sum_of(done)) from None
            reports.append(fetched.addressed(report))
    return reports


def sum_of(reports: Sequence[IngestReport]) -> IngestReport:
    """Return one report for several runs: lists joined, counts added."""
    first, *rest = reports
    for report in rest:
        sums = {f.name: getattr(first, f.name) + getattr(report, f.name) for f in fields(IngestReport)}
        first = IngestReport(**sums)
    return first


def batches(url: str, home: Path, limits: Limits = LIMITS) -> Iterator[Fetched]:
    """Yield what lies under an address, batch by batch; each is deleted when the next is asked for.

    Parameters
    ----------
    url : str
        ``protocol://...`` of one object or of all below a prefix.
    home : pathlib.Path
    limits : Limits

    Raises
    ------
    NotFoundError
        If nothing lies there.
    SettingsError
        If the store cannot be spoken to.
    """
    store, sizes = _listed(url)
    for names in _batched(sizes):
        with _private(home) as folder:
            fetched = Fetched(folder)
            for name in names:
                _fetch(store, name, sizes[name], fetched, home, limits)
            for inside in list(folder.iterdir()):
                if not any(inside.iterdir()):
                    inside.rmdir()  # its objects are refused already; the folder is nobody's
            yield fetched


def _listed(url: str) -> tuple[Any, dict[str, int]]:
    try:
        import fsspec  # type: ignore[import-untyped]  # noqa: PLC0415  # no stubs; this door alone needs it

        store, root = fsspec.core.url_to_fs(url)
    except ImportError as error:
        raise SettingsError(f"this kind of address needs: pip install 'unisono[s3]' ({error.name})") from None
    except STORE_ERRORS as error:
        raise SettingsError(f"the store's address is not understood ({type(error).__name__})") from None
    protocols = (store.protocol,) if isinstance(store.protocol, str) else store.protocol
    if set(protocols) & set(_LOCAL):
        raise SettingsError("give a folder of this machine as a path, not as an address")
    try:
        found = store.find(root, detail=True)
    except STORE_ERRORS as error:
        raise SettingsError(f"the store cannot be read ({type(error).__name__})") from None
    if not found:
        raise NotFoundError(f"nothing lies under {url}")
    return store, {name: int(about.get("size") or 0) for name, about in sorted(found.items())}


def _batched(sizes: dict[str, int]) -> Iterator[list[str]]:
    batch: list[str] = []
    n_bytes = 0
    for _, group in groupby(sizes, key=lambda name: PurePosixPath(name).parent):
        names = list(group)
        group_bytes = sum(sizes[n] for n in names)
        is_full = len(batch) + len(names) > BATCH_FILES or n_bytes + group_bytes > BATCH_BYTES
        if batch and is_full:
            yield batch
            batch, n_bytes = [], 0
        while len(names) > LIMITS.frames:
            yield names[: LIMITS.frames]
            names = names[LIMITS.frames :]
        batch, n_bytes = batch + names, n_bytes + group_bytes
    if batch:
        yield batch


def _fetch(store: Any, name: str, size: int, fetched: Fetched, home: Path, limits: Limits) -> None:  # noqa: ANN401  # an fsspec file system
    url = store.unstrip_protocol(name)
    arrival = None
    try:
        check_bytes(size, limits)
        arrival = Arrival(fetched.folder / f"{uuid4().hex}.tmp", limits, full(home))
        with store.open(name, "rb") as file:
            while piece := file.read(CHUNK_BYTES):
                arrival.write(piece)
        target = arrival.deliver(fetched.place(name))
        fetched.urls[target.relative_to(fetched.folder).as_posix()] = url
    except IngestError as error:
        fetched.refused.append(Withheld(url, error.code, error.message))
    except STORE_ERRORS as error:
        message = f"the object cannot be fetched ({type(error).__name__})"
        fetched.refused.append(Withheld(url, "E_STORE_IO", message))
    finally:
        if arrival is not None:
            arrival.close()


@contextmanager
def _private(home: Path) -> Iterator[Path]:
    root = private_folder(home / "fetched")
    drop_stale(root)
    folder = private_folder(root / uuid4().hex)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
