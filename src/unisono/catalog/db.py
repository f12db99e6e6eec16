"""Open the catalog: one engine, one writer, one folder of frames.

Source of the SQLite settings: https://www.sqlite.org/wal.html and pragma documentation; ``synchronous=FULL``
means that an answered save survives a power cut.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from unisono.base.errors import CatalogError
from unisono.base.settings import Settings
from unisono.catalog.drafts import make_folder
from unisono.catalog.files import FrameFiles
from unisono.catalog.migrate import upgrade
from unisono.catalog.writer import GroupCommitWriter, PooledWriter, Writer

R = TypeVar("R")
ALWAYS_THERE = ("held", "pending", "changing")
NOT_FOR_OTHERS = (*ALWAYS_THERE, "reports", "quarantine", "inbox", "uploads", "fetched")
"""Folders of a home with what nobody approved, or what only the site may read."""
OTHERS = 0o077
PRAGMAS = (
    "journal_mode=wal",
    "synchronous=full",
    "foreign_keys=on",
    "busy_timeout=10000",
    "cache_size=-64000",
    "temp_store=memory",
)


class Catalog:
    """The site's memory. Rooms read from it and write to it; nobody else opens it.

    Parameters
    ----------
    settings : Settings
    engine : sqlalchemy.Engine
        Its schema is at the newest migration.
    """

    def __init__(self, settings: Settings, engine: sa.Engine) -> None:
        self.settings = settings
        self.files = FrameFiles(settings.home, settings.frames)
        self._engine = engine
        is_sqlite = engine.dialect.name == "sqlite"
        self._writer: Writer = GroupCommitWriter(engine) if is_sqlite else PooledWriter(engine)
        self._read_options: dict[str, Any] = (
            {"write": False}
            if is_sqlite
            else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Open a snapshot: everything read inside belongs together."""
        with self._engine.connect().execution_options(**self._read_options) as connection:
            yield connection

    def write(self, job: Callable[[sa.Connection], R]) -> R:
        """Run a job in a transaction; when this returns its changes are durable.

        Whatever the job raises is raised here, and nothing of the job is kept.
        """
        return self._writer.submit(job).result()

    async def awrite(self, job: Callable[[sa.Connection], R]) -> R:
        """Do `write` without holding up the event loop."""
        return await asyncio.wrap_future(self._writer.submit(job))

    async def aread(self, job: Callable[[sa.Connection], R]) -> R:
        """Run a reading job in a thread."""
        return await asyncio.to_thread(self._read_with, job)

    def close(self) -> None:
        """Finish the queued writes and let go of the database."""
        self._writer.close()
        self._engine.dispose()

    def _read_with(self, job: Callable[[sa.Connection], R]) -> R:
        with self.read() as connection:
            return job(connection)


def open_catalog(settings: Settings) -> Catalog:
    """Open the catalog that the settings name, making or migrating it first.

    Raises
    ------
    CatalogError
        If the database cannot be reached, is of another kind, or is newer than this program.
    """
    # Answers are blind only as long as nobody else on the machine can read the database.
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    _close_folders(settings.home)
    engine = make_engine(settings.database_url)
    _close_to_others(engine)
    try:
        upgrade(engine)
    except sa.exc.OperationalError as error:
        engine.dispose()
        raise CatalogError(f"cannot open the database: {str(error.orig).strip()}") from None
    except CatalogError:
        engine.dispose()
        raise
    return Catalog(settings, engine)


def _close_folders(home: Path) -> None:
    # A home that is older than we are may be open to all; what nobody approved yet must not be.
    for name in NOT_FOR_OTHERS:
        folder = home / name
        if folder.is_dir() and folder.stat().st_mode & OTHERS:
            folder.chmod(0o700)
        elif name in ALWAYS_THERE:
            make_folder(folder, 0o700)


def _close_to_others(engine: sa.Engine) -> None:
    # The folder may be older than we are, and open; SQLite gives its journals the mode of the database.
    name = engine.url.database
    if engine.dialect.name == "sqlite" and name and name != ":memory:":
        path = Path(name)
        try:
            path.touch(mode=0o600)
            path.chmod(0o600)
        except OSError as error:
            engine.dispose()
            raise CatalogError(f"cannot open the database: {error.strerror}") from None


def make_engine(url: str) -> sa.Engine:
    """Make an engine for an SQLite or PostgreSQL URL.

    Raises
    ------
    CatalogError
        If the URL names another kind of database or cannot be read.
    """
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise CatalogError(
            "the database URL cannot be read; legal: sqlite:///FILE, postgresql://..."
        ) from None
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() == "postgresql":
        return sa.create_engine(parsed, pool_pre_ping=True, pool_size=10, max_overflow=10)
    if parsed.get_backend_name() != "sqlite":
        raise CatalogError(f"database {parsed.get_backend_name()!r} is not one of: sqlite, postgresql")
    engine = sa.create_engine(parsed)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401  # the driver's own class
    connection.isolation_level = None  # we say BEGIN: python's delayed one deadlocks and breaks savepoints
    for pragma in PRAGMAS:
        connection.execute(f"pragma {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    is_write = connection.get_execution_options().get("write", True)
    # A deferred transaction that turns into a writer fails at once when another writer got in.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")
