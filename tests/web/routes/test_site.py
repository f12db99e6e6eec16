import pytest

from tests.make import Site
from unisono.annotate.run import probe


def test_the_site_says_what_it_is_before_anybody_signed_in(site: Site) -> None:
    said = site.client().get("/api/site").json()
    assert set(said) == {"name", "version", "page_built"}
    assert said["name"] == "unisono"


def test_a_full_disk_is_not_ready(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "free_share", lambda _: 0.001)
    answer = site.client().get("/readyz")
    assert answer.status_code == 503
    assert "disk" in answer.json()["detail"]


def test_a_database_that_takes_no_writes_is_not_ready(site: Site) -> None:
    site.catalog.write(lambda c: c.exec_driver_sql("drop table session"))
    assert site.client().get("/readyz").status_code == 503
