from pathlib import Path

import pytest
import sqlalchemy as sa

from unisono.annotate.run import Catalog, probe
from unisono.base.errors import CatalogError
from unisono.catalog import tables
from unisono.catalog.db import make_engine


def test_a_catalog_that_takes_writes_is_left_as_it_was(catalog: Catalog) -> None:
    catalog.write(probe.can_write)
    with catalog.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.session)) == 0


def test_one_without_tables_does_not(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    with engine.begin() as connection, pytest.raises(CatalogError, match="does not take writes"):
        probe.can_write(connection)


def test_the_free_share_is_a_share(tmp_path: Path) -> None:
    assert 0 <= probe.free_share(tmp_path) <= 1
