"""The work of one run: sources are claimed, read, stored and settled, each of them once.

A source ends as taken, known or withheld; one that another run is busy with is waited for.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from functools import partial

import sqlalchemy as sa

from unisono.base.errors import CatalogError, IngestError
from unisono.catalog import intake
from unisono.catalog.clips import Exclusion, exclusions, forget_exclusions, insert_exclusion, known_sources
from unisono.catalog.db import Catalog
from unisono.catalog.rows import now
from unisono.ingest.files.sources import Source
from unisono.ingest.identity.codes import derive_keys, site_secret
from unisono.ingest.identity.vault import Vault
from unisono.ingest.looks import read_and_look
from unisono.ingest.prepare import Job, identify
from unisono.ingest.prepared import Prepared
from unisono.ingest.reports.report import IngestReport, Progress, Warned, Withheld
from unisono.ingest.run.holding import held_reasons
from unisono.ingest.run.storing import Terms, class_error, store
from unisono.ingest.workers import Workers

BATCH, CLIPS_A_SLOT = 64, 16
WAIT_S = 0.5
Settled = IngestError | None
Undisturbed = Callable[[], AbstractContextManager[None]]
"""Opened around what is one step: who interrupts a run by an exception waits until it is left."""


class Run:
    """One run: takes batches of sources and keeps count.

    Parameters
    ----------
    catalog : Catalog
    terms : Terms
    n_sources : int
        In all batches.
    progress : callable, optional
    undisturbed : callable
        See `Undisturbed`.
    """

    def __init__(
        self,
        catalog: Catalog,
        terms: Terms,
        n_sources: int,
        progress: Progress | None,
        undisturbed: Undisturbed,
    ) -> None:
        self._catalog, self._terms, self._undisturbed = catalog, terms, undisturbed
        self._keys = derive_keys(site_secret(catalog.settings.home))
        self._n_sources, self._n_done, self._progress = n_sources, 0, progress
        self._codes: list[str] = []
        self._frames = self._known = 0
        self._withheld: list[Withheld] = []
        self._warned: list[Warned] = []
        self._settled: dict[str, Settled] = {}
        self._busy: list[tuple[Job, str]] = []

    def open(self, stack: ExitStack, pools: Sequence[Workers]) -> None:
        """Open what the run works with, to be closed with the stack."""
        self._pool, self._gates = pools
        self._vault = stack.enter_context(Vault(self._catalog.settings.home, self._keys))
        self._drafts = stack.enter_context(self._catalog.files.pending())
        self._id = self._drafts.name
        stack.callback(lambda: self._catalog.write(lambda c: intake.give_back(c, self._id)))
        with self._catalog.read() as connection:
            self._excluded = {(e.path_key, e.source_key, e.code, e.reason) for e in exclusions(connection)}

    def report(self, stopped: str = "") -> IngestReport:
        """Return what the run came to so far, and why it ended early if it did."""
        withheld = tuple(sorted(self._withheld, key=lambda w: w.path))
        warned = tuple(sorted(self._warned, key=lambda w: w.path))
        left = self._n_sources - self._n_done
        return IngestReport(tuple(self._codes), self._frames, self._known, withheld, warned, stopped, left)

    def take_all(self, sources: Sequence[Source]) -> None:
        """Settle everything, batch by batch."""
        start = 0
        while start < len(sources):
            # A batch ends when its slowest clip does: many clips a worker, and the others wait little.
            end = start + max(BATCH, CLIPS_A_SLOT * self._pool.slots)
            self.take(sources[start:end])
            start = end
        self.take_over()

    def take(self, sources: Sequence[Source]) -> None:
        """Settle a batch: every source ends as taken, known, withheld, or busy in another run."""
        self._read(self._identified(sources))

    def take_over(self) -> None:
        """Settle what other runs were busy with: known once they are done, ours when they died."""
        while self._busy:
            busy, self._busy = self._busy, []
            self._read(busy)
            if self._busy:
                time.sleep(WAIT_S)

    def _identified(self, sources: Sequence[Source]) -> list[tuple[Job, str]]:
        jobs, keys = [], self._keys.for_workers()
        for source in sources:
            if source.refusal:
                self._settle(source, "", IngestError(*source.refusal))
            else:
                jobs.append(
                    Job(source, self._terms.dataset_class, keys, self._drafts, is_split=self._terms.is_split)
                )
        identified = []
        for job, key in self._pool.map(identify, jobs):
            if isinstance(key, IngestError):
                self._settle(job.source, "", key)
            else:
                identified.append((replace(job, source_key=key), key))
        return identified

    def _read(self, identified: Sequence[tuple[Job, str]]) -> None:
        fresh, twins = self._unknown(identified)
        mine = self._claimed(list(fresh))
        self._busy += [(job, key) for key, job in fresh.items() if key not in mine]
        keys = {job: key for key, job in fresh.items() if key in mine}
        parts: list[Prepared] = []
        for job, prepared in read_and_look(self._pool, self._gates, list(keys)):
            if isinstance(prepared, IngestError):
                self._settle(job.source, keys[job], prepared)
                continue
            parts.append(prepared)
            if len(parts) == prepared.n_parts:
                with self._undisturbed():
                    self._settle(job.source, keys[job], self._stored(job.source, parts, keys[job]))
                parts = []
        for job, key in twins:
            if key in self._settled:
                self._known += self._settled[key] is None
                self._settle(job.source, key, self._settled[key])
            else:
                self._busy.append((job, key))

    def _claimed(self, source_keys: list[str]) -> set[str]:
        with self._catalog.read() as connection:
            holders = intake.holders(connection) - {self._id}
        dead = [run for run in holders if not self._catalog.files.is_alive(run)]
        claim = partial(intake.claim, source_keys=source_keys, run=self._id, dead=dead)
        return self._catalog.write(claim)

    def _unknown(self, identified: Sequence[tuple[Job, str]]) -> tuple[dict[str, Job], list[tuple[Job, str]]]:
        with self._catalog.read() as connection:
            there = known_sources(connection, [key for _, key in identified])
            held = held_reasons(connection, there, self._part_key)
        fresh: dict[str, Job] = {}
        twins = []
        for job, key in identified:
            if key in there:
                error = class_error(there[key][:2], self._terms.dataset_class) or held.get(there[key])
                self._known += error is None
                self._settle(job.source, key, error)
            elif key in fresh or key in self._settled:
                twins.append((job, key))
            else:
                fresh[key] = job
        return fresh, twins

    def _part_key(self, source_key: str, number: int) -> str:
        """Return the source key of a part of a cut recording; the first has that of the recording."""
        return source_key if number == 1 else self._keys.source_key(f"{source_key}|part={number}")

    def _stored(self, source: Source, parts: Sequence[Prepared], key: str) -> Settled:
        keys = [self._part_key(key, number) for number in range(1, len(parts) + 1)]
        try:
            stored = store(self._catalog, self._vault, parts, keys, self._id, self._terms)
        except CatalogError as error:
            self._withheld.append(Withheld(source.label, "E_STORE_IO", str(error)))
            self._n_done += 1
            raise
        finally:
            for part in parts:
                part.drop()
        taken = [one for one in stored if one.code and one.error is None]
        self._codes += [one.code for one in taken]
        self._frames += sum(one.frames for one in taken)
        errors = [one.error for one in stored if one.error is not None]
        if errors:
            return errors[0]
        if not taken:
            self._known += 1
            self._warned.append(Warned(source.label, stored[0].note))
            return None
        warning = parts[0].facts["mask"].get("warning")
        if warning:
            self._warned.append(Warned(source.label, warning))
        return None

    def _settle(self, source: Source, key: str, error: Settled) -> None:
        path_key = self._keys.path_key(source.label)
        if key:
            self._settled[key] = error
        if error is not None:
            self._withheld.append(Withheld(source.label, error.code, error.message))
        if error is not None and source.kind != "folder":
            self._record(source, Exclusion(path_key, key, error.code, error.message, now()))
        elif any(path == path_key for path, *_ in self._excluded):
            self._catalog.write(lambda connection: forget_exclusions(connection, path_key))
        self._n_done += 1
        if self._progress is not None:
            self._progress(self._n_done, self._n_sources, source.label)

    def _record(self, source: Source, exclusion: Exclusion) -> None:
        same = (exclusion.path_key, exclusion.source_key, exclusion.code, exclusion.reason)
        if same in self._excluded:
            return
        self._vault.put("path", exclusion.path_key, {"path": source.label})
        self._catalog.write(lambda connection: self._write_exclusion(connection, exclusion))

    def _write_exclusion(self, connection: sa.Connection, exclusion: Exclusion) -> None:
        insert_exclusion(connection, exclusion)
        if exclusion.source_key:
            intake.settle(connection, exclusion.source_key, self._id, "withheld")
