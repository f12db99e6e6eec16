"""What a release says is what the catalog holds: finished answers, current consensus, fixed parts."""

from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.make import Site, curve_label, gesture, point_label
from unisono.agree.run import agree
from unisono.annotate.run import people
from unisono.base.errors import NotFoundError, ReleaseError
from unisono.release.package import Contents
from unisono.release.run.gather import contents_of


def gather(site: Site, project: str = "lv", **changes: Any) -> Contents:
    given = {"version": "1.0.0", "fmt": "unity", "policy": "consensus", "date": "2026-01-02", **changes}
    with site.catalog.read() as connection:
        return contents_of(connection, project, **given)


def test_only_finished_answers_are_in(answered: Site) -> None:
    answered.catalog.write(partial(people.add_expert, name="Cleo Three"))
    answered.catalog.write(partial(people.set_role, project="lv", name="Cleo Three", role="expert"))
    cleo = answered.client("Cleo Three")
    item = answered.item(cleo)
    answered.save(cleo, item, "lv-apex-endo", point_label(1, 1))
    agree(answered.catalog, "lv")
    contents = gather(answered)
    assert len(contents.experts) == 2
    assert len(contents.answers) == 16


def test_unusable_is_told_with_its_reason_and_no_comment(answered: Site) -> None:
    ada = answered.client("Ada One")
    item = answered.item(ada)
    body = {
        "project": "lv",
        "item": item,
        "outcome": "unusable",
        "reason": "wrong view",
        "comment": "Mr Smith's",
        "protocol_version": 1,
        "gesture": gesture("done"),
    }
    ada.put(f"/api/submissions/{uuid4()}", json=body).raise_for_status()
    agree(answered.catalog, "lv")
    contents = gather(answered)
    (told,) = [i for i in contents.items if i.id == item]
    assert [u["reason"] for u in told.unusable] == ["wrong view"]
    assert len(told.done) == 1
    assert "Smith" not in str(contents)
    assert len([r for r in contents.answers if r.image == told.image]) == 4


def test_a_consensus_of_one_is_his_answer(site: Site) -> None:
    ada = site.client("Ada One")
    site.finish(ada, site.item(ada), 0.125)
    agree(site.catalog, "lv")
    contents = gather(site)
    labels = {r.question: r.label for r in contents.settled}
    assert labels["curve-lv-endo"] == curve_label(0.125)
    assert len(contents.items) == len(contents.clips) == 1


def test_a_consensus_that_is_missing_or_old_is_refused(answered: Site) -> None:
    with pytest.raises(ReleaseError, match="has no consensus; run `unisono agree lv` first"):
        gather(answered)
    agree(answered.catalog, "lv")
    ada = answered.client("Ada One")
    item = answered.item(ada)
    answered.finish(ada, item, 3.0)
    with pytest.raises(ReleaseError, match="changed since its consensus; run `unisono agree lv` first"):
        gather(answered)
    agree(answered.catalog, "lv")
    assert gather(answered).consensus


def test_a_project_without_answers_or_none_at_all(site: Site) -> None:
    with pytest.raises(ReleaseError, match="no finished answers"):
        gather(site)
    with pytest.raises(NotFoundError, match="'other'"):
        gather(site, "other")


def test_nothing_of_the_site_is_in_the_contents(answered: Site, tmp_path: Path) -> None:
    text = str(gather(answered, policy="last"))
    for secret in ("Ada One", "Ben Two", "Lena Lead", str(tmp_path)):
        assert secret not in text
