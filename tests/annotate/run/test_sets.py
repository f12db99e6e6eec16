"""Projects about sets: made, shown to each in an order of his own, answered."""

from dataclasses import replace
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from tests.make import gesture, make_clip
from unisono.annotate.run import Catalog, people, projects, saving, work
from unisono.annotate.run.projects import SetPlan, Target
from unisono.base.errors import LabelError, NotFoundError, PluginError, ProtocolError
from unisono.catalog.clips import set_state
from unisono.catalog.sets import members_of
from unisono.catalog.standing import counted

AXIS = projects.shipped_protocols()["rank-plax-border"]
QUESTION = "plax-border"


def create(catalog: Catalog, targets: list[Target], **options: Any) -> None:
    job = partial(projects.create_project, slug="p", protocol_text=AXIS, targets=targets, **options)
    catalog.write(job)


@pytest.fixture
def ranked(catalog: Catalog) -> list[str]:
    """Make a project over sets of four out of nine clips, and return the ids of two experts."""
    codes = [make_clip(catalog, seed=s).code for s in range(9)]
    create(catalog, [Target(c) for c in codes], seed="seed", plan=SetPlan(size=4, repeats=0.3))
    experts = [catalog.write(partial(people.add_expert, name=name)).id for name in ("Ada", "Ben")]
    for name in ("Ada", "Ben"):
        catalog.write(partial(people.set_role, project="p", name=name, role="expert"))
    return experts


def members(catalog: Catalog, expert: str) -> dict[str, list[str]]:
    with catalog.read() as connection:
        queue = work.my_queue(connection, "p", expert)
        mine = {e.item: work.my_item(connection, e.item, expert) for e in queue}
    return {item: [m.member.code for m in view.members] for item, view in mine.items()}


def save(catalog: Catalog, expert: str, item: str, shown: list[str], **changes: Any) -> saving.Answer:
    instance = {"groups": [[c] for c in sorted(shown)], "aside": [], "shown": shown, **changes}
    label = {"visibility": "seen", "instances": [instance]}
    answer = saving.Answer(str(uuid4()), "p", item, QUESTION, expert, label, None, 1, gesture(), {})
    catalog.write(partial(saving.save_answer, answer=answer))
    return answer


def test_each_expert_has_an_order_of_his_own_which_stays(catalog: Catalog, ranked: list[str]) -> None:
    ada, ben = (members(catalog, expert) for expert in ranked)
    assert {i: sorted(m) for i, m in ada.items()} == {i: sorted(m) for i, m in ben.items()}
    assert any(ada[item] != ben[item] for item in ada)
    assert members(catalog, ranked[0]) == ada


def test_a_repeat_is_mirrored_and_stands_far_from_its_first(catalog: Catalog, ranked: list[str]) -> None:
    with catalog.read() as connection:
        repeats = {i.id: i.repeat_of for i in projects.items(connection, "p") if i.repeat_of}
    assert len(repeats) == 2
    for expert in ranked:
        shown = members(catalog, expert)
        order = list(shown)
        for again, first in repeats.items():
            assert shown[again] == shown[first][::-1]
            assert abs(order.index(again) - order.index(first)) > 1


def test_the_same_seed_makes_the_same_sets(catalog: Catalog) -> None:
    targets = [Target(make_clip(catalog, seed=s).code) for s in range(9)]
    made = []
    for slug, seed in (("p", "one"), ("q", "one"), ("r", "two")):
        job = partial(
            projects.create_project,
            slug=slug,
            protocol_text=AXIS,
            targets=targets,
            seed=seed,
            plan=SetPlan(size=3),
        )
        catalog.write(job)
        with catalog.read() as connection:
            items = projects.items(connection, slug)
            made.append([[m.code for m in members_of(connection, i.id)] for i in items])
    assert made[0] == made[1] != made[2]
    assert len(made[0]) == 9 + 1


def test_an_order_of_the_members_as_they_were_shown_is_taken(catalog: Catalog, ranked: list[str]) -> None:
    ada, ben = ranked
    (item, shown), *_ = members(catalog, ada).items()
    answer = save(catalog, ada, item, shown)
    catalog.write(
        partial(
            saving.save_submission,
            submission=saving.Submission(str(uuid4()), "p", item, ada, "done", "", "", 1, gesture("done")),
        )
    )
    with catalog.read() as connection:
        assert counted(connection, "p") == {(item, answer.id)}
        assert work.my_project(connection, "p", ada).n_finished == 1
    says = "plax-border: shown must be the 4 members of this set as they stood first"
    others = members(catalog, ben)[item]
    for wrong in (shown[::-1], others[::-1], [*shown[:3], "01-" + "f" * 64]):
        with pytest.raises(LabelError, match=says):
            save(catalog, ada if wrong != others[::-1] else ben, item, wrong)
    with pytest.raises(LabelError, match="each member that was shown must stand once"):
        save(catalog, ada, item, shown, groups=[[shown[0]], [shown[1]]])


def test_a_withdrawn_member_takes_its_sets_away(catalog: Catalog, ranked: list[str]) -> None:
    shown = members(catalog, ranked[0])
    (first, (code, *_)), *_ = shown.items()
    answer = save(catalog, ranked[0], first, shown[first])
    catalog.write(partial(set_state, code=code, state="quarantined"))
    assert members(catalog, ranked[0]) == {i: m for i, m in shown.items() if code not in m}
    with catalog.read() as connection:
        with pytest.raises(NotFoundError, match="withdrawn"):
            work.my_item(connection, first, ranked[0])
        assert answer.id not in {a for _, a in counted(connection, "p")}


def test_a_set_may_be_of_frames(catalog: Catalog) -> None:
    code = make_clip(catalog, n_frames=4).code
    text = AXIS.replace("of: clip", "of: frame")
    with catalog.read() as connection:
        targets = projects.targets_of(connection, text, frames_per_clip=4)
    catalog.write(partial(projects.create_project, slug="p", protocol_text=text, targets=targets))
    catalog.write(partial(people.add_expert, name="Ada"))
    catalog.write(partial(people.set_role, project="p", name="Ada", role="expert"))
    with catalog.read() as connection:
        ada = people.find(connection, "Ada").id
    shown = next(iter(members(catalog, ada).values()))
    assert sorted(shown) == [f"{code}-{i:04d}" for i in range(4)]


def test_what_cannot_be_put_in_order_is_refused_and_nothing_is_left(catalog: Catalog) -> None:
    one, two = (Target(make_clip(catalog, seed=s).code) for s in range(2))
    with pytest.raises(ProtocolError, match="a set needs 2 or more to put in order; got 1"):
        create(catalog, [one])
    with pytest.raises(ProtocolError, match="must be given once each"):
        create(catalog, [one, two, one])
    with pytest.raises(ProtocolError, match="asks about a clip"):
        create(catalog, [replace(one, frame=0), two])
    with pytest.raises(PluginError, match="no scheduler named 'best'"):
        create(catalog, [one, two], plan=SetPlan(scheduler="best"))
    with catalog.read() as connection:
        assert projects.all_projects(connection) == []
