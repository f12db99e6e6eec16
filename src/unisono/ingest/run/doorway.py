"""A door that stays open: takes batches in, names files by keys alone, and keeps the report of its day."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from unisono.catalog.db import Catalog
from unisono.ingest.identity.codes import derive_keys, site_secret
from unisono.ingest.reports.report import IngestReport, Withheld
from unisono.ingest.run.flow import ingest
from unisono.ingest.run.reporting import Place, add_to_daily


@dataclass
class Doorway:
    """One door of one dataset class.

    Parameters
    ----------
    catalog : Catalog
    name : str
        ``receive``, ``watch`` or ``stow``.
    dataset_class : str
        Two digits.
    origin, licence : str
        Where the recordings come from and under which terms.
    is_ending : callable, optional
        Asked after each clip: whether to leave the rest of a batch for the next time.
    seconds : float, s
        What taking them in took since the report was last added to.
    """

    catalog: Catalog
    name: str
    dataset_class: str
    origin: str = ""
    licence: str = ""
    is_ending: Callable[[], bool] = lambda: False
    seconds: float = field(default=0.0, init=False)

    def take(self, paths: Sequence[Path]) -> IngestReport:
        """Take some files in; what it raises is what `ingest` raises, when it is to end early, too."""
        settings, began_s = self.catalog.settings, time.monotonic()
        try:
            return ingest(
                self.catalog,
                paths,
                self.dataset_class,
                workers=settings.workers,
                cluster=settings.cluster,
                origin=self.origin,
                licence=self.licence,
                undisturbed=self._unless_ending,
            )
        finally:
            self.seconds += time.monotonic() - began_s

    @contextmanager
    def _unless_ending(self) -> Iterator[None]:
        yield
        if self.is_ending():
            raise KeyboardInterrupt

    def named(self, found: IngestReport) -> tuple[Withheld, ...]:
        """Return what was withheld under names that a log may hold: keys of the paths."""
        keys = derive_keys(site_secret(self.catalog.settings.home))
        return tuple(replace(held, path=keys.file_name(held.path)) for held in found.withheld)

    def tell(self, found: IngestReport, place: Place = str) -> None:
        """Add what a batch came to to the report of the day; nothing when it came to nothing new.

        Parameters
        ----------
        found : IngestReport
        place : callable, optional
            See `add_to_daily`.

        Raises
        ------
        CatalogError
            If it cannot be written.
        """
        if found.codes or found.known or found.withheld:
            door = f"{self.name}-{self.dataset_class}"
            add_to_daily(self.catalog, found, door=door, seconds=self.seconds, place=place)
        self.seconds = 0.0
