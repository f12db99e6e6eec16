"""One run: sources in, each of them claimed, read, stored and settled; again changes nothing.

States of a source (E3 of the design): received when it is claimed; peeked, planned and written inside the
worker, where a crash costs only that work; then, in one transaction, its clip is ``written`` (no text gate
ran), ``gated``, ``quarantined`` or, where the policy allows it, ``approved``.
"""

import re
from collections.abc import Iterable
from contextlib import ExitStack, nullcontext
from pathlib import Path

from unisono.base.errors import CatalogError, SettingsError
from unisono.catalog.clips import Clip, all_clips
from unisono.catalog.db import Catalog
from unisono.ingest.files.sources import scan
from unisono.ingest.reports.report import IngestReport, Progress, RunStoppedError
from unisono.ingest.run.storing import STORE_ERRORS, Terms, why_unstorable
from unisono.ingest.run.sweeping import sweep
from unisono.ingest.run.taking import Run, Undisturbed
from unisono.ingest.workers import Workers


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
    policy: str = "",
    split: bool | None = None,
    isolated: bool = True,
    progress: Progress | None = None,
    undisturbed: Undisturbed = nullcontext,
) -> IngestReport:
    """Take recordings in; running it again changes nothing, and several runs share one home.

    Parameters
    ----------
    catalog : Catalog
    paths : iterable of pathlib.Path
        Files, folders and archives.
    dataset_class : str
        Two digits: ``01`` development, ``02`` external validation.
    workers : int, default=0
        Processes; 0 means one for each core.
    cluster : str, optional
        Address of a Dask scheduler whose workers see the same disks.
    origin, licence : str, optional
        Where the recordings come from and under which terms.
    simulated : bool, default=False
        They show no patient.
    policy : str, optional
        Who must have looked before a clip may be used: ``person``, ``gate`` or ``none``; the site's setting
        by default.
    split : bool, optional
        Cut a recording that is longer than a clip into parts that are clips of their own; else it is refused.
        The site's setting by default.
    isolated : bool, default=True
        Decode in limited child processes. Without them a crash of a decoder is the caller's own.
    progress : callable, optional
    undisturbed : callable, optional
        See `Undisturbed`.

    Returns
    -------
    IngestReport

    Raises
    ------
    NotFoundError
        If a path does not exist.
    SettingsError
        If the class is not two digits, or the site secret is unusable.
    RunStoppedError
        If a clip cannot be stored, or the run is interrupted; it carries what the run came to.
    """
    if not re.fullmatch(r"[0-9]{2}", dataset_class):
        raise SettingsError(f"a dataset class is two digits; got {dataset_class!r}")
    home = catalog.settings.home
    sources = list(scan(paths, skip=home))
    is_split = bool(catalog.settings.split) if split is None else split
    terms = Terms(dataset_class, origin, licence, simulated, policy or catalog.settings.review, is_split)
    run = Run(catalog, terms, len(sources), progress, undisturbed)
    try:
        sweep(catalog)
        with ExitStack() as stack:
            run.open(
                stack, [stack.enter_context(Workers(workers, cluster, isolated=isolated)) for _ in range(2)]
            )
            run.take_all(sources)
    except (KeyboardInterrupt, CatalogError, *STORE_ERRORS) as error:
        why = "it was interrupted" if isinstance(error, KeyboardInterrupt) else why_unstorable(error)
        raise RunStoppedError(why, run.report(stopped=why)) from None
    return run.report()


def clips(catalog: Catalog) -> list[Clip]:
    """Return all clips that are in, in the order of their codes."""
    with catalog.read() as connection:
        return all_clips(connection)
