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
from unisono.catalog.clips import set_state
from unisono.catalog.evidence import Inspection, insert_inspection
from unisono.catalog.rows import now
from unisono.release.package import Contents, approvals_of
from unisono.release.run.gather import approval_of, contents_of, withheld_of


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


def withdraw(site: Site, *codes: str, state: str = "quarantined") -> None:
    for code in codes:
        site.catalog.write(partial(set_state, code=code, state=state))


def test_items_of_clips_that_are_not_approved_stay_out_by_name_and_count(answered: Site) -> None:
    first, second = (c.code for c in answered.clips)
    withdraw(answered, first)
    agree(answered.catalog, "lv")
    contents = gather(answered)
    assert [c.code for c in contents.clips] == [second]
    assert {r.image[:-5] for r in (*contents.answers, *contents.settled)} == {second}
    assert first not in str(contents)
    with answered.catalog.read() as connection:
        assert withheld_of(connection, "lv") == (
            (first, "its clip is quarantined, not approved; 1 finished items stay out"),
        )


def test_a_consensus_of_what_was_withdrawn_since_is_old(answered: Site) -> None:
    agree(answered.catalog, "lv")
    withdraw(answered, answered.clips[0].code)
    with pytest.raises(ReleaseError, match="changed since its consensus"):
        gather(answered)


@pytest.mark.parametrize("policy", ["consensus", "last"])
def test_a_project_without_an_approved_clip_is_refused(answered: Site, policy: str) -> None:
    agree(answered.catalog, "lv")
    withdraw(answered, *(c.code for c in answered.clips), state="rejected")
    with pytest.raises(ReleaseError, match="to release: the clips of 2 items are not approved"):
        gather(answered, policy=policy)


def test_who_approved_is_told_and_not_by_name(answered: Site) -> None:
    first, second = (c.code for c in answered.clips)
    for code, by in ((first, "policy:none"), (first, "reviewer-7"), (second, "policy:gate")):
        row = Inspection(code, 1, by, "approve", "", now())
        answered.catalog.write(partial(insert_inspection, inspection=row))
    contents = gather(answered, policy="last")
    assert {c.code: c.approved_by for c in contents.clips} == {first: "person", second: "gate"}
    assert approvals_of(contents.clips) == {"person": 1, "gate": 1}
    assert "reviewer-7" not in str(contents)


@pytest.mark.parametrize(
    ("by", "means"),
    [
        ("expert-3", "person"),
        ("policy:gate", "gate"),
        ("policy:none", "none"),
        ("policy:other", "not recorded"),
        ("import", "imported"),
        ("import:gate", "gate"),
        ("import:x", "imported"),
        (None, "not recorded"),
    ],
)
def test_what_an_inspection_stands_for(by: str | None, means: str) -> None:
    assert approval_of(by) == means
