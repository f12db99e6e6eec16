"""Bring a database to the newest schema, one Alembic migration after the other."""

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

import unisono.catalog.evidence_tables  # noqa: F401  # they join the metadata
from unisono.base.errors import CatalogError

LOCATION = "unisono.catalog:migrations"


def configuration(connection: sa.Connection | None = None) -> Config:
    """Return Alembic's configuration, bound to a connection."""
    config = Config()
    config.set_main_option("script_location", LOCATION)
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(engine: sa.Engine) -> None:
    """Apply the migrations that are missing; several processes may call it at once.

    Raises
    ------
    CatalogError
        If the database was written by a newer version of the program.
    """
    newest = ScriptDirectory.from_config(configuration()).get_current_head()
    with engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() == newest:
            return
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("select pg_advisory_xact_lock(7265381)")
        try:
            command.upgrade(configuration(connection), "head")
        except CommandError as error:
            raise CatalogError(f"the database is newer than this program: {error}") from None
