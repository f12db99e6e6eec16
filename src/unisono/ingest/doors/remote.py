"""Recordings in an object store: fetched in batches to a private folder, taken in, deleted.

`stored` says what lies there and what belongs together; `remembered`, what need not be fetched again.
"""

import hashlib
import re
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, fields, replace
from pathlib import Path, PurePosixPath
from uuid import uuid4

from unisono.base.errors import IngestError
from unisono.ingest.doors.copies import private_copies
from unisono.ingest.doors.inbox import Arrival, full, private_folder
from unisono.ingest.doors.remembered import Remembered
from unisono.ingest.doors.stored import (
    STORE_ERRORS,
    Group,
    Place,
    Stored,
    batched,
    groups_under,
    place_of,
)
from unisono.ingest.limits import CHUNK_BYTES, LIMITS, Limits, check_bytes
from unisono.ingest.reports.report import IngestReport, RunStoppedError, Withheld

_URL = re.compile(r"[a-z][a-z0-9+.\-]*://.+")


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
    n_known : int
        Groups of objects that were passed over since the last batch, because they are in.
    """

    folder: Path
    urls: dict[str, str] = field(default_factory=dict)
    refused: list[Withheld] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    n_known: int = 0

    def place(self, name: str) -> Path:
        """Return where an object goes: objects of one folder into one folder, under a name of its own."""
        path = PurePosixPath(name)
        number = self.numbers.setdefault(str(path.parent), len(self.numbers))
        folder = private_folder(self.folder / f"{number:05d}")
        # Not "-" or "_": either would make a name end as those of numbered images do.
        safe = re.sub(r"[^\w.\-]", "+", path.name).lstrip(".")[-120:] or "object"
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
        return replace(report, known=report.known + self.n_known, withheld=held, warnings=warned)


def ingest_addresses(
    urls: Iterable[str],
    home: Path,
    take: Callable[[Sequence[Path]], IngestReport],
    remembered: Remembered | None = None,
) -> Iterator[IngestReport]:
    """Take in what lies under some addresses, and yield a report for each batch as it is done.

    Parameters
    ----------
    urls : iterable of str
    home : pathlib.Path
    take : callable
        The ingest door: paths in, report out.
    remembered : Remembered, optional
        What is in by its word is counted as known and not fetched.

    Yields
    ------
    IngestReport
        What was withheld or warned of is named by its address.

    Raises
    ------
    NotFoundError, SettingsError
        See `batches`.
    RunStoppedError
        If the door stops; it carries the report of that batch alone.
    """
    for url in urls:
        with closing(batches(url, home, remembered=remembered)) as fetching:
            for fetched in fetching:
                try:
                    report = take([fetched.folder]) if fetched.urls else IngestReport((), 0, 0, ())
                except RunStoppedError as stopped:
                    raise RunStoppedError(str(stopped), fetched.addressed(stopped.report)) from None
                yield fetched.addressed(report)


def sum_of(reports: Sequence[IngestReport]) -> IngestReport:
    """Return one report for several runs: lists joined, counts added."""
    first, *rest = reports
    for report in rest:
        sums = {f.name: getattr(first, f.name) + getattr(report, f.name) for f in fields(IngestReport)}
        first = IngestReport(**sums)
    return first


def batches(
    url: str, home: Path, limits: Limits = LIMITS, remembered: Remembered | None = None
) -> Generator[Fetched, None, None]:
    """Yield what lies under an address, batch by batch; each is deleted when the next is asked for.

    Parameters
    ----------
    url : str
        ``protocol://...`` of one object or of all below a prefix.
    home : pathlib.Path
    limits : Limits
    remembered : Remembered, optional

    Raises
    ------
    NotFoundError
        If nothing lies there.
    SettingsError
        If the store cannot be spoken to.
    """
    place = place_of(url)
    chosen = _Chosen(place, remembered)
    for groups in batched(chosen):
        with private_copies(home) as folder:
            fetched = Fetched(folder)
            for group in groups:
                digests = [_fetch(place, stored, fetched, home, limits) for stored in group]
                if remembered is not None and all(digests):
                    remembered.keep(place, group, digests)
            for inside in list(folder.iterdir()):
                if not any(inside.iterdir()):
                    inside.rmdir()  # its objects are refused already; the folder is nobody's
            chosen.tell(fetched)
            yield fetched
    with private_copies(home) as folder:
        last = Fetched(folder)
        chosen.tell(last)
        if last.refused or last.n_known:
            yield last


class _Chosen:
    """The groups to fetch; it counts those that are in, and keeps what cannot be listed, until it is told."""

    def __init__(self, place: Place, remembered: Remembered | None) -> None:
        self._place, self._remembered = place, remembered
        self._n_known = 0
        self._refused: list[Withheld] = []

    def __iter__(self) -> Iterator[Group]:
        if self._remembered is None:
            yield from self._listed()
            return
        for group, is_in in self._remembered.marked(self._place, self._listed()):
            if is_in:
                self._n_known += 1
            else:
                yield group

    def tell(self, fetched: Fetched) -> None:
        """Hand over what gathered."""
        fetched.n_known, self._n_known = self._n_known, 0
        fetched.refused += self._refused
        self._refused.clear()

    def _listed(self) -> Iterator[Group]:
        for group in groups_under(self._place):
            if isinstance(group, Withheld):
                self._refused.append(group)
            else:
                yield group


def _fetch(place: Place, stored: Stored, fetched: Fetched, home: Path, limits: Limits) -> str:
    """Fetch one object, and return the SHA-256 of what it held; nothing when it is refused."""
    url = place.url_of(stored.name)
    arrival = None
    try:
        check_bytes(stored.n_bytes, limits)
        arrival, digest = Arrival(fetched.folder / f"{uuid4().hex}.tmp", limits, full(home)), hashlib.sha256()
        with place.store.open(stored.name, "rb") as file:
            while piece := file.read(CHUNK_BYTES):
                arrival.write(piece)
                digest.update(piece)
        target = arrival.deliver(fetched.place(stored.name))
    except IngestError as error:
        fetched.refused.append(Withheld(url, error.code, error.message))
        return ""
    except STORE_ERRORS as error:
        message = f"the object cannot be fetched ({type(error).__name__})"
        fetched.refused.append(Withheld(url, "E_STORE_IO", message))
        return ""
    finally:
        if arrival is not None:
            arrival.close()
    fetched.urls[target.relative_to(fetched.folder).as_posix()] = url
    return digest.hexdigest()
