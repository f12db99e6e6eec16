"""`tests/catalog/test_db.py` opens catalogs old and new; here several processes migrate one at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.postgres import Server
from unisono.catalog.db import make_engine
from unisono.catalog.migrate import upgrade
from unisono.catalog.tables import metadata


def migrate(url: str) -> int:
    engine = make_engine(url)
    upgrade(engine)
    found = set(sa.inspect(engine).get_table_names())
    engine.dispose()
    return len(found & set(metadata.tables))


def test_two_that_open_a_new_file_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.sqlite'}"
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(migrate, [url] * 4)) == {len(metadata.tables)}


@pytest.mark.postgres
def test_two_that_open_a_new_server_database_at_once(postgres: Server) -> None:
    url = postgres.fresh_database()
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(migrate, [url] * 4)) == {len(metadata.tables)}
