"""Heavy work beside the server: in a process of its own, so that no expert's save waits for it."""

import asyncio
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context

from unisono.agree.run import agree
from unisono.annotate.run import Catalog, open_catalog
from unisono.base.settings import Settings

NICE = 10
"""How far the work steps back behind the server for the processor."""


def _step_back() -> None:
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"
    os.nice(NICE)


def _agree(settings: Settings, project: str) -> None:
    catalog = open_catalog(settings)
    try:
        agree(catalog, project)
    finally:
        catalog.close()


@dataclass
class Background:
    """One process for all heavy work; projects are agreed on one after the other.

    Parameters
    ----------
    catalog : Catalog
        Whose settings the process opens a catalog of its own by.
    pool : concurrent.futures.ProcessPoolExecutor, optional
        The process; started at the first work.
    running : dict of str to asyncio.Future
        The project being agreed on, and those that wait.
    """

    catalog: Catalog
    pool: ProcessPoolExecutor | None = None
    running: dict[str, "asyncio.Future[None]"] = field(default_factory=dict)

    async def agree(self, project: str) -> None:
        """Agree on a project; whoever asks while that is under way waits for the same run.

        Raises
        ------
        NotFoundError
            If there is no such project, or nobody has finished an item.
        """
        under_way = self.running.get(project)
        if under_way is None:
            if self.pool is None:
                self.pool = ProcessPoolExecutor(1, get_context("spawn"), initializer=_step_back)
            loop = asyncio.get_running_loop()
            under_way = loop.run_in_executor(self.pool, _agree, self.catalog.settings, project)
            self.running[project] = under_way
            under_way.add_done_callback(lambda _: self.running.pop(project, None))
        await asyncio.shield(under_way)

    def close(self) -> None:
        """End the process, dropping what has not begun."""
        if self.pool is not None:
            self.pool.shutdown(wait=True, cancel_futures=True)
