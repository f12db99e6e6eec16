from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from unisono.annotate.run import Catalog, open_catalog
from unisono.base.errors import CatalogError
from unisono.base.settings import Settings
from unisono.catalog.db import make_engine
from unisono.catalog.tables import metadata


def test_the_migrations_make_exactly_the_tables_that_the_code_names(catalog: Catalog) -> None:
    with catalog.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_opening_twice_migrates_once_and_keeps_the_data(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    first = open_catalog(settings)
    first.write(
        lambda c: c.exec_driver_sql("insert into exclusion values ('p', 'k', 'E', 'r', '2026-01-01')")
    )
    first.close()
    second = open_catalog(settings)
    with second.read() as connection:
        assert connection.scalar(sa.text("select count(*) from exclusion")) == 1
    second.close()


def test_sqlite_flushes_every_commit(tmp_path: Path) -> None:
    catalog = open_catalog(Settings(home=tmp_path))
    with catalog.read() as connection:
        assert connection.exec_driver_sql("pragma synchronous").scalar() == 2
        assert connection.exec_driver_sql("pragma journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("pragma foreign_keys").scalar() == 1
    catalog.close()


def test_a_reader_keeps_its_snapshot(catalog: Catalog) -> None:
    insert = "insert into exclusion values ('p', 'k', 'E', 'r', '2026-01-01')"
    count = sa.text("select count(*) from exclusion")
    with catalog.read() as connection:
        assert connection.scalar(count) == 0
        catalog.write(lambda c: c.exec_driver_sql(insert))
        assert connection.scalar(count) == 0
    with catalog.read() as connection:
        assert connection.scalar(count) == 1


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    open_catalog(Settings(home=tmp_path)).close()
    engine = make_engine(Settings(home=tmp_path).database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("update alembic_version set version_num = '9999'")
    engine.dispose()
    with pytest.raises(CatalogError, match="newer than this program"):
        open_catalog(Settings(home=tmp_path))


@pytest.mark.parametrize(
    ("url", "says"),
    [("mysql://x/y", "not one of: sqlite, postgresql"), ("nonsense", "cannot be read")],
)
def test_other_databases_are_refused_by_name(url: str, says: str) -> None:
    with pytest.raises(CatalogError, match=says):
        make_engine(url)


def test_a_database_out_of_reach_is_one_clear_error(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, database="postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(CatalogError, match="cannot open the database"):
        open_catalog(settings)


def test_a_new_home_is_closed_to_others(tmp_path: Path) -> None:
    open_catalog(Settings(home=tmp_path / "home")).close()
    assert (tmp_path / "home").stat().st_mode & 0o077 == 0


def test_a_home_that_was_open_holds_a_database_that_is_not(tmp_path: Path) -> None:
    home = tmp_path / "old"
    home.mkdir(mode=0o755)
    (home / "catalog.sqlite").touch(mode=0o644)
    (home / "quarantine").mkdir(mode=0o755)
    (home / "png-cache").mkdir(mode=0o755)
    open_catalog(Settings(home=home)).close()
    closed = {p.name for p in home.iterdir() if p.stat().st_mode & 0o077 == 0}
    assert closed == {"catalog.sqlite", "changing", "held", "pending", "quarantine"}
