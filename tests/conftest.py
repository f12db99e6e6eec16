"""Fixtures that every test may use: a seeded generator, a fresh catalog on each database, a client."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
for name in [n for n in os.environ if n.startswith("UNISONO_")]:
    del os.environ[name]

from tests.make import Site  # noqa: E402  # after the environment is clean
from tests.postgres import Server, find_postgres, start  # noqa: E402
from unisono.annotate.run import Catalog, open_catalog  # noqa: E402
from unisono.base.settings import Settings  # noqa: E402


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20_260_101)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    if find_postgres() is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have PostgreSQL: make test installs it")
        pytest.skip("PostgreSQL is not installed")
    server = start()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def catalog(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalog]:
    """Return an empty catalog, once on each database."""
    url = ""
    if request.param == "postgres":
        url = request.getfixturevalue("postgres").fresh_database()
    opened = open_catalog(Settings(home=tmp_path / "home", database=url))
    yield opened
    opened.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Return a small site on SQLite: clips, a project, a lead and two experts."""
    made = Site(tmp_path / "home")
    yield made
    made.close()
