"""`tests/catalog/test_db.py` opens catalogs old and new; here several processes migrate one at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command

from tests.postgres import Server
from unisono.catalog.db import make_engine
from unisono.catalog.evidence_tables import ACTS
from unisono.catalog.migrate import configuration, upgrade
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


CLIP = """insert into clip (code, dataset_class, subject, kind, "rows", columns, n_frames, timing, regions,
    header, mask, decoder, pack_sha256, pack_bytes, source_key, origin, licence, simulated, created_at)
    values ('c', '01', 's', 'dicom', 1, 1, 1, 't', '[]', '{}', '{}', 'd', 'p', 1, 'k', '', '', false,
    '2026-01-01')"""
INSPECTION = 'insert into inspection (clip, mask_version, "by", decision, reason, at) values '
FILLED = (
    CLIP,
    "insert into frame values ('c', 0, 'a', 'b', 1)",
    "insert into expert values ('e', 'Ada', 'expert-1', false, true, null, '2026-01-01')",
    "insert into session values ('t', 'e', '2026-01-01', '2026-01-01', '2026-01-01')",
    "insert into exclusion values ('/patients/DOE^JANE.dcm', 'k2', 'E', 'r', '2026-01-01')",
)
"""Rows of the first version that others refer to."""


def check_a_filled_one_is_carried_on(url: str) -> None:
    engine = make_engine(url)
    with engine.begin() as connection:
        command.upgrade(configuration(connection), "0001")
        for statement in FILLED:
            connection.exec_driver_sql(statement)
    upgrade(engine)
    with engine.connect() as connection:
        clip = connection.execute(sa.text("select state, mask_version, dup_of from clip")).one()
        assert tuple(clip) == ("written", 1, None)
        assert connection.scalar(sa.text("select count(*) from frame")) == 1
        assert connection.scalar(sa.text("select reviewer from expert")) in (0, False)
        assert connection.scalar(sa.text("select count(*) from session")) == 1
        assert connection.scalar(sa.text("select count(*) from exclusion")) == 0
    with engine.begin() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.exec_driver_sql("update clip set state = 'nonsense'")
    engine.dispose()


def test_a_filled_file_of_the_first_version(tmp_path: Path) -> None:
    check_a_filled_one_is_carried_on(f"sqlite:///{tmp_path / 'old.sqlite'}")


@pytest.mark.postgres
def test_a_filled_server_database_of_the_first_version(postgres: Server) -> None:
    check_a_filled_one_is_carried_on(postgres.fresh_database())


def check_inspections_are_carried_on(url: str) -> None:
    """Those taken stay and still cannot be changed; every verb that exists is taken from now on."""
    engine = make_engine(url)
    with engine.begin() as connection:
        command.upgrade(configuration(connection), "0004")
        connection.exec_driver_sql(CLIP)
        for verb in ("approve", "redraw"):
            connection.exec_driver_sql(f"{INSPECTION}('c', 1, 'rita', '{verb}', 'why', '2026-01-01')")
    upgrade(engine)
    with engine.begin() as connection:
        for verb in ACTS:
            connection.exec_driver_sql(f"{INSPECTION}('c', 1, 'rita', '{verb}', '', '2026-01-01')")
        found = connection.execute(sa.text("select seq, decision, reason from inspection order by seq")).all()
        assert [tuple(row) for row in found[:2]] == [(1, "approve", "why"), (2, "redraw", "why")]
        assert [row.decision for row in found[2:]] == list(ACTS)
        assert connection.scalar(sa.text("select part from clip")) is None
    for statement in (
        "delete from inspection",
        "update inspection set reason = ''",
        f"{INSPECTION}('c', 1, 'rita', 'nonsense', '', '2026-01-01')",
        f"{INSPECTION}('nobody', 1, 'rita', 'look', '', '2026-01-01')",
    ):
        with engine.begin() as connection, pytest.raises(sa.exc.DBAPIError):
            connection.exec_driver_sql(statement)
    engine.dispose()


def test_inspections_of_an_older_file(tmp_path: Path) -> None:
    check_inspections_are_carried_on(f"sqlite:///{tmp_path / 'old.sqlite'}")


@pytest.mark.postgres
def test_inspections_of_an_older_server_database(postgres: Server) -> None:
    check_inspections_are_carried_on(postgres.fresh_database())


PROJECT = """insert into project (slug, title, protocol, protocol_name, protocol_version, seed, simulated,
    created_at) values ('p', 'P', '', 'p', 1, 's', false, '2026-01-01')"""
ITEM = "insert into item (id, project, position, clip, frame) values ('i', 'p', 0, 'c', null)"


def check_items_are_carried_on(url: str) -> None:
    """Those that are there repeat nothing and are no sets; sets and repeats are taken from now on."""
    engine = make_engine(url)
    with engine.begin() as connection:
        command.upgrade(configuration(connection), "0005")
        for statement in (CLIP, PROJECT, ITEM):
            connection.exec_driver_sql(statement)
    upgrade(engine)
    with engine.begin() as connection:
        assert connection.scalar(sa.text("select repeat_of from item")) is None
        assert connection.scalar(sa.text("select count(*) from item_member")) == 0
        connection.exec_driver_sql("insert into item_member values ('i', 0, 'c', null)")
    wrong = "insert into item (id, project, position, clip, repeat_of) values ('j', 'p', 1, 'c', 'nobody')"
    with engine.begin() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.exec_driver_sql(wrong)
    engine.dispose()


def test_items_of_an_older_file(tmp_path: Path) -> None:
    check_items_are_carried_on(f"sqlite:///{tmp_path / 'old.sqlite'}")


@pytest.mark.postgres
def test_items_of_an_older_server_database(postgres: Server) -> None:
    check_items_are_carried_on(postgres.fresh_database())
