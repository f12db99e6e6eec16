"""A site with finished answers, an empty one, and a release made from a few numbers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.make import Site
from tests.release.make import write_release
from unisono.annotate.run import Catalog, open_catalog
from unisono.base.settings import Settings


@pytest.fixture
def answered(site: Site) -> Site:
    """Return a site where two experts finished both items of ``lv``."""
    for name, shift in (("Ada One", 0.0), ("Ben Two", 1.37)):
        client = site.client(name)
        for row in client.get("/api/projects/lv/queue").json():
            site.finish(client, row["item"], shift)
    return site


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Catalog]:
    catalog = open_catalog(Settings(home=tmp_path / "empty"))
    yield catalog
    catalog.close()


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Return a release in Unity's format."""
    return write_release(tmp_path / "made")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalog]:
    """Return an empty site, once on each database."""
    url = ""
    if request.param == "postgres":
        url = request.getfixturevalue("postgres").fresh_database()
    catalog = open_catalog(Settings(home=tmp_path / "elsewhere", database=url))
    yield catalog
    catalog.close()
