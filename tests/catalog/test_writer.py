import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from unisono.base.errors import CatalogError
from unisono.catalog.db import make_engine
from unisono.catalog.writer import GroupCommitWriter, PooledWriter


@pytest.fixture
def engine(tmp_path: Path) -> sa.Engine:
    made = make_engine(f"sqlite:///{tmp_path / 'db.sqlite'}")
    with made.begin() as connection:
        connection.exec_driver_sql("create table t (n integer primary key)")
    return made


def insert(n: int):  # noqa: ANN201  # a job
    return lambda connection: connection.execute(sa.text("insert into t values (:n)"), {"n": n}).rowcount


def numbers(engine: sa.Engine) -> list[int]:
    with engine.connect() as connection:
        return list(connection.scalars(sa.text("select n from t order by n")))


def test_sixteen_writers_lose_nothing_and_none_is_locked_out(engine: sa.Engine) -> None:
    writer = GroupCommitWriter(engine)
    with ThreadPoolExecutor(16) as pool:
        done = list(pool.map(lambda n: writer.submit(insert(n)).result(), range(400)))
    writer.close()
    assert done == [1] * 400
    assert numbers(engine) == list(range(400))


def test_saves_that_wait_share_one_commit(engine: sa.Engine) -> None:
    commits: Counter[str] = Counter()
    sa.event.listen(engine, "commit", lambda _: commits.update(["commit"]))
    writer = GroupCommitWriter(engine)
    gate = threading.Event()
    held = writer.submit(lambda _: gate.wait(10))
    futures = [writer.submit(insert(n)) for n in range(50)]
    gate.set()
    assert held.result()
    assert [f.result() for f in futures] == [1] * 50
    writer.close()
    assert 1 <= commits["commit"] <= 2


def test_a_job_that_fails_leaves_the_others_alone(engine: sa.Engine) -> None:
    writer = GroupCommitWriter(engine)
    gate = threading.Event()
    writer.submit(lambda _: gate.wait(10))

    def half_done(connection: sa.Connection) -> None:
        insert(7)(connection)
        raise KeyError("mine")

    first, broken, last = writer.submit(insert(1)), writer.submit(half_done), writer.submit(insert(2))
    gate.set()
    assert (first.result(), last.result()) == (1, 1)
    with pytest.raises(KeyError, match="mine"):
        broken.result()
    writer.close()
    assert numbers(engine) == [1, 2]


def test_a_save_is_answered_only_after_its_commit(engine: sa.Engine) -> None:
    seen = []
    writer = GroupCommitWriter(engine)
    for n in range(20):
        writer.submit(insert(n)).result()
        seen.append(numbers(engine)[-1])
    writer.close()
    assert seen == list(range(20))


def test_a_failed_commit_is_told_to_everybody_who_waited(engine: sa.Engine) -> None:
    def break_commit(_: sa.Connection) -> None:
        raise sa.exc.OperationalError("commit", {}, OSError("disk full"))

    writer = GroupCommitWriter(engine)
    sa.event.listen(engine, "commit", break_commit)
    with pytest.raises(sa.exc.OperationalError, match="disk full"):
        writer.submit(insert(1)).result()
    sa.event.remove(engine, "commit", break_commit)
    assert writer.submit(insert(2)).result() == 1
    writer.close()
    assert numbers(engine) == [2]


def test_what_was_queued_before_closing_is_written(engine: sa.Engine) -> None:
    writer = GroupCommitWriter(engine)
    futures = [writer.submit(insert(n)) for n in range(30)]
    writer.close()
    assert [f.result() for f in futures] == [1] * 30
    with pytest.raises(CatalogError, match="closed"):
        writer.submit(insert(99))


def test_the_pooled_writer_gives_each_job_its_transaction(engine: sa.Engine) -> None:
    writer = PooledWriter(engine, threads=1)
    assert writer.submit(insert(1)).result() == 1
    with pytest.raises(sa.exc.IntegrityError):
        writer.submit(insert(1)).result()
    writer.close()
    assert numbers(engine) == [1]
