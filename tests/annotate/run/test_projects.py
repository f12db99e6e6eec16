from functools import partial

import pytest

from tests.make import make_clip
from unisono.annotate.run import Catalog, projects
from unisono.annotate.run.projects import Target, spread_frames
from unisono.base.errors import ConflictError, NotFoundError, ProtocolError
from unisono.catalog.clips import set_state

TEXTS = projects.shipped_protocols()


def create(catalog: Catalog, slug: str, protocol: str, targets: list[Target]) -> projects.Project:
    job = partial(projects.create_project, slug=slug, protocol_text=TEXTS[protocol], targets=targets)
    return catalog.write(job)


def test_the_shipped_protocols_all_parse_and_say_what_to_do() -> None:
    assert {"a4c-lv-border", "plax-measurements", "view"} <= set(TEXTS)
    for name, text in TEXTS.items():
        protocol = projects.protocol_from(text)
        assert protocol.name == name
        assert protocol.instructions.strip()
        assert all(q.help for q in protocol.questions), name
    lv = projects.protocol_from(TEXTS["a4c-lv-border"])
    assert [q.key for q in lv.questions] == ["curve-lv-endo", "lv-apex-endo", "mv-ant-hinge", "mv-post-hinge"]


def test_a_project_over_frames(catalog: Catalog) -> None:
    clip = make_clip(catalog)
    made = create(catalog, "lv", "a4c-lv-border", [Target(clip.code, 0), Target(clip.code, 3)])
    assert made.simulated
    with catalog.read() as connection:
        assert [i.frame for i in projects.items(connection, "lv")] == [0, 3]
        assert [p.slug for p in projects.all_projects(connection)] == ["lv"]


def test_targets_follow_the_protocol(catalog: Catalog) -> None:
    clip = make_clip(catalog)
    with catalog.read() as connection:
        assert projects.targets_of(connection, TEXTS["view"]) == [Target(clip.code)]
        found = projects.targets_of(connection, TEXTS["a4c-lv-border"], frames_per_clip=2)
    assert found == [Target(clip.code, 1), Target(clip.code, 3)]


def test_frames_are_spread_evenly_and_never_twice() -> None:
    assert spread_frames(10, 1) == [5]
    assert spread_frames(10, 2) == [2, 7]
    assert spread_frames(3, 9) == [0, 1, 2]


@pytest.mark.parametrize("slug", ["Upper", "a b", "", "-x", "a/b", "x" * 81])
def test_a_name_that_cannot_be_an_address_is_refused(catalog: Catalog, slug: str) -> None:
    with pytest.raises(ProtocolError, match="small letters"):
        create(catalog, slug, "view", [])


def test_a_name_is_given_once(catalog: Catalog) -> None:
    create(catalog, "p", "view", [])
    with pytest.raises(ConflictError, match="'p'"):
        create(catalog, "p", "view", [])


def test_targets_that_do_not_fit_are_refused_and_nothing_is_left(catalog: Catalog) -> None:
    clip = make_clip(catalog)
    with pytest.raises(ProtocolError, match="asks about a frame"):
        create(catalog, "p", "a4c-lv-border", [Target(clip.code)])
    with pytest.raises(ProtocolError, match="asks about a clip"):
        create(catalog, "p", "view", [Target(clip.code, 1)])
    with pytest.raises(NotFoundError, match="frames 0 to 3; got 4"):
        create(catalog, "p", "a4c-lv-border", [Target(clip.code, 4)])
    with pytest.raises(NotFoundError, match="no clip"):
        create(catalog, "p", "view", [Target("01-" + "f" * 64)])
    with catalog.read() as connection:
        assert projects.all_projects(connection) == []


def test_only_approved_clips_are_asked_about(catalog: Catalog) -> None:
    good, bad = make_clip(catalog, seed=1), make_clip(catalog, seed=2)
    catalog.write(partial(set_state, code=bad.code, state="gated"))
    with catalog.read() as connection:
        assert projects.targets_of(connection, TEXTS["view"]) == [Target(good.code)]
        with pytest.raises(ConflictError, match="is gated, not approved"):
            projects.targets_of(connection, TEXTS["view"], [bad.code])
    with pytest.raises(ConflictError, match="is gated, not approved"):
        create(catalog, "p", "view", [Target(good.code), Target(bad.code)])
    with catalog.read() as connection:
        assert projects.all_projects(connection) == []


@pytest.mark.parametrize("n_clips", [0, 2])
def test_without_an_approved_clip_the_way_to_one_is_said(catalog: Catalog, n_clips: int) -> None:
    for seed in range(n_clips):
        clip = make_clip(catalog, seed=seed)
        catalog.write(partial(set_state, code=clip.code, state="written"))
    says = rf"no clip is approved \({n_clips} are in\).*unisono review"
    with catalog.read() as connection, pytest.raises(ConflictError, match=says):
        projects.targets_of(connection, TEXTS["view"])
