"""The door of the ingest room: paths in; clips, frames and exclusions in the catalog out.

Workers read and mask; this process alone writes, clip by clip, so that a killed run leaves whole clips and
nothing else. What is in already is found by the keyed hash of its content before it is read again.
"""

import fcntl
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from unisono.base.errors import CatalogError, IngestError, NotFoundError, SettingsError
from unisono.catalog.clips import (
    Clip,
    Exclusion,
    Frame,
    all_clips,
    classes_of_subject,
    clip_by_code,
    exclusions,
    forget_exclusions,
    frames_of,
    insert_clip,
    insert_exclusion,
    known_sources,
)
from unisono.catalog.db import Catalog
from unisono.catalog.files import encode_pack
from unisono.catalog.rows import now
from unisono.ingest.identity import derive_keys, sha256_hex, site_secret
from unisono.ingest.prepare import Job, Prepared, identify, prepare
from unisono.ingest.report import IngestReport, Progress, Warned, Withheld
from unisono.ingest.sources import Source, scan
from unisono.ingest.workers import Workers

__all__ = ["Clip", "IngestReport", "clips", "ingest"]
BATCH = 64


@dataclass(frozen=True, slots=True)
class Terms:
    """What the caller says of a whole run: dataset class, origin, licence, and whether it is simulated."""

    dataset_class: str
    origin: str
    licence: str
    simulated: bool


def ingest(
    catalog: Catalog,
    paths: Iterable[Path],
    dataset_class: str,
    *,
    workers: int = 0,
    cluster: str = "",
    origin: str = "",
    licence: str = "",
    simulated: bool = False,
    progress: Progress | None = None,
) -> IngestReport:
    """Take recordings in; running it again changes nothing.

    Parameters
    ----------
    catalog : Catalog
    paths : iterable of pathlib.Path
        Files, folders and zip archives.
    dataset_class : str
        Two digits: ``01`` development, ``02`` external validation.
    workers : int, default=0
        Processes; 0 means one for each core, 1 means this process itself.
    cluster : str, optional
        Address of a Dask scheduler whose workers see the same disks.
    origin, licence : str, optional
        Where the recordings come from and under which terms.
    simulated : bool, default=False
        They show no patient.
    progress : callable, optional

    Returns
    -------
    IngestReport

    Raises
    ------
    NotFoundError
        If a path does not exist.
    SettingsError
        If the class is not two digits, or the site secret is unusable.
    CatalogError
        If another run is taking recordings into the same home.
    """
    if not re.fullmatch(r"[0-9]{2}", dataset_class):
        raise SettingsError(f"a dataset class is two digits; got {dataset_class!r}")
    home = catalog.settings.home
    sources = list(scan(paths, skip=home))
    terms = Terms(dataset_class, origin, licence, simulated)
    with _alone(home), Workers(workers, cluster) as pool:
        catalog.files.drop_pending()
        run = _Run(catalog, terms, pool, len(sources), progress)
        for start in range(0, len(sources), BATCH):
            run.take(sources[start : start + BATCH])
    return run.report()


def clips(catalog: Catalog) -> list[Clip]:
    """Return all clips that are in, in the order of their codes."""
    with catalog.read() as connection:
        return all_clips(connection)


class _Run:
    """One run: takes batches of sources and keeps count."""

    def __init__(
        self, catalog: Catalog, terms: Terms, pool: Workers, n_sources: int, progress: Progress | None
    ) -> None:
        self._catalog, self._terms, self._pool = catalog, terms, pool
        self._keys = derive_keys(site_secret(catalog.settings.home))
        self._drafts = catalog.settings.home / "pending"
        self._n_sources, self._n_done, self._progress = n_sources, 0, progress
        self._codes: list[str] = []
        self._frames = self._known = 0
        self._withheld: list[Withheld] = []
        self._warned: list[Warned] = []
        self._settled: dict[str, IngestError | None] = {}
        with catalog.read() as connection:
            self._excluded = {(e.path, e.source_key, e.code, e.reason) for e in exclusions(connection)}

    def report(self) -> IngestReport:
        withheld = tuple(sorted(self._withheld, key=lambda w: w.path))
        warned = tuple(sorted(self._warned, key=lambda w: w.path))
        return IngestReport(tuple(self._codes), self._frames, self._known, withheld, warned)

    def take(self, sources: Sequence[Source]) -> None:
        """Settle a batch: every source ends as taken, known or withheld."""
        keyed, twins = self._sorted_out(sources)
        for job, prepared in self._pool.map(prepare, [job for job, _ in keyed]):
            key = dict(keyed)[job]
            if isinstance(prepared, IngestError):
                error: IngestError | None = prepared
            else:
                error = self._stored(prepared, key)
                self._warn(job.source, prepared, error)
            self._settle(job.source, key, error)
        for source, key in twins:
            error = self._settled[key]
            self._known += error is None
            self._settle(source, key, error)

    def _warn(self, source: Source, prepared: Prepared, error: IngestError | None) -> None:
        warning = prepared.facts["mask"].get("warning")
        if warning and error is None:
            self._warned.append(Warned(source.label, warning))

    def _sorted_out(
        self, sources: Sequence[Source]
    ) -> tuple[list[tuple[Job, str]], list[tuple[Source, str]]]:
        jobs = []
        for source in sources:
            if source.refusal:
                self._settle(source, "", IngestError(*source.refusal))
            else:
                jobs.append(Job(source, self._terms.dataset_class, self._keys, self._drafts))
        identified = []
        for job, key in self._pool.map(identify, jobs):
            if isinstance(key, IngestError):
                self._settle(job.source, "", key)
            else:
                identified.append((job, key))
        with self._catalog.read() as connection:
            in_catalog = known_sources(connection, [key for _, key in identified])
        return self._unknown(identified, in_catalog)

    def _unknown(
        self, identified: Sequence[tuple[Job, str]], in_catalog: dict[str, str]
    ) -> tuple[list[tuple[Job, str]], list[tuple[Source, str]]]:
        fresh: dict[str, Job] = {}
        twins = []
        for job, key in identified:
            if key in in_catalog:
                error = self._class_error(in_catalog[key][:2])
                self._known += error is None
                self._settle(job.source, key, error)
            elif key in fresh or key in self._settled:
                twins.append((job.source, key))
            else:
                fresh[key] = job
        return [(job, key) for key, job in fresh.items()], twins

    def _stored(self, prepared: Prepared, key: str) -> IngestError | None:
        try:
            with self._catalog.read() as connection:
                error, is_in = self._clash(connection, prepared)
            if error is not None or is_in:
                self._known += error is None
                return error
            pack = encode_pack(prepared.page_images())
            self._catalog.files.put_clip(prepared.code, prepared.pngs(), pack)
            clip = self._clip(prepared, key, sha256_hex(pack), len(pack))
            frames = [
                Frame(clip.code, i, f.png_sha256, f.pixel_sha256, f.png_bytes)
                for i, f in enumerate(prepared.frames)
            ]
            self._catalog.write(lambda connection: insert_clip(connection, clip, frames))
        finally:
            prepared.drop()
        self._codes.append(prepared.code)
        self._frames += len(prepared.frames)
        return None

    def _clash(self, connection: sa.Connection, prepared: Prepared) -> tuple[IngestError | None, bool]:
        for other in classes_of_subject(connection, prepared.subject):
            error = self._class_error(other)
            if error is not None:
                return error, False
        try:
            clip_by_code(connection, prepared.code)
        except NotFoundError:
            return None, False
        there = [frame.pixel_sha256 for frame in frames_of(connection, prepared.code)]
        if there == [frame.pixel_sha256 for frame in prepared.frames]:
            return None, True
        return IngestError(
            "E_UID_CONFLICT", "a clip of the same SOP Instance UID is in, with other pixels"
        ), False

    def _class_error(self, other: str) -> IngestError | None:
        if other == self._terms.dataset_class:
            return None
        return IngestError("E_CLASS_CONFLICT", f"this subject is in class {other}; a subject has one class")

    def _clip(self, prepared: Prepared, key: str, pack_sha256: str, pack_bytes: int) -> Clip:
        terms = self._terms
        return Clip(
            code=prepared.code,
            dataset_class=terms.dataset_class,
            subject=prepared.subject,
            pack_sha256=pack_sha256,
            pack_bytes=pack_bytes,
            source_key=key,
            origin=terms.origin,
            licence=terms.licence,
            simulated=terms.simulated,
            created_at=now(),
            **prepared.facts,
        )

    def _settle(self, source: Source, key: str, error: IngestError | None) -> None:
        if key:
            self._settled[key] = error
        if error is not None:
            self._withheld.append(Withheld(source.label, error.code, error.message))
            self._record(Exclusion(source.label, key, error.code, error.message, now()))
        elif any(path == source.label for path, *_ in self._excluded):
            self._catalog.write(lambda connection: forget_exclusions(connection, source.label))
        self._n_done += 1
        if self._progress is not None:
            self._progress(self._n_done, self._n_sources, source.label)

    def _record(self, exclusion: Exclusion) -> None:
        same = (exclusion.path, exclusion.source_key, exclusion.code, exclusion.reason)
        if same not in self._excluded:
            self._catalog.write(lambda connection: insert_exclusion(connection, exclusion))


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    home.mkdir(parents=True, exist_ok=True)
    with (home / "ingest.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CatalogError("another run is taking recordings into this home; wait for it") from None
        yield
