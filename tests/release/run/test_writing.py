"""Release, verify, import into an empty site, agree, release again: the same bytes."""

import json
import zipfile
from pathlib import Path

import pytest

from tests.make import Site
from unisono.agree.run import agree
from unisono.annotate.run import Catalog, open_catalog
from unisono.base.errors import ConflictError, NotFoundError, ReleaseError
from unisono.base.settings import Settings
from unisono.release.run import import_labels, release, verify

DATE = "2026-01-02"


@pytest.fixture
def answered(site: Site) -> Site:
    for name, shift in (("Ada One", 0.0), ("Ben Two", 1.37)):
        client = site.client(name)
        for row in client.get("/api/projects/lv/queue").json():
            site.finish(client, row["item"], shift)
    return site


@pytest.fixture
def empty(tmp_path: Path):
    catalog = open_catalog(Settings(home=tmp_path / "empty"))
    yield catalog
    catalog.close()


def tree(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


@pytest.mark.parametrize(
    ("fmt", "policy"), [("unity", "consensus"), ("unity", "last"), ("multix", "consensus")]
)
def test_a_release_comes_back_byte_for_byte(
    answered: Site, empty: Catalog, tmp_path: Path, fmt: str, policy: str
) -> None:
    agree(answered.catalog, "lv")
    first = release(answered.catalog, "lv", "1.0.0", fmt, tmp_path / "one", policy=policy, date=DATE)
    assert verify(tmp_path / "one") == []
    report = import_labels(empty, fmt, tmp_path / "one", "lv")
    assert (report.clips, report.items, report.experts, report.answers) == (2, 2, 2, 16)
    agree(empty, "lv")
    second = release(empty, "lv", "1.0.0", fmt, tmp_path / "two", policy=policy, date=DATE)
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    assert first.manifest_sha256 == second.manifest_sha256
