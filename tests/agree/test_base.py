import pytest

from tests.agree.make import CLASSES, PATH, POINT, class_vote, half_circle, path_vote, point_vote, unseen_vote
from unisono.agree.base import Facts, by_item, methods
from unisono.labels.base import Visibility


def test_the_shipped_methods_are_found_by_their_files() -> None:
    assert set(methods()) == {
        "curve-normals",
        "curve-landmark-mean",
        "curve-index-mean",
        "point-biweight",
        "dawid-skene",
        "majority",
    }


@pytest.mark.parametrize("facts", [PATH, POINT, CLASSES])
def test_every_form_has_a_method(facts: Facts) -> None:
    assert any(m.accepts(facts) for m in methods().values())


def test_votes_are_grouped_by_item() -> None:
    votes = [class_vote(0, "a", item="y"), class_vote(0, "a", item="x"), class_vote(1, "b", item="y")]
    assert {k: len(v) for k, v in by_item(votes).items()} == {"y": 2, "x": 1}


def test_the_visibility_comes_first_and_those_outvoted_get_the_reason() -> None:
    votes = [point_vote(1, 1, "a"), unseen_vote(Visibility.OFF, "b"), unseen_vote(Visibility.OFF, "c")]
    settled = methods()["point-biweight"].fit(votes, POINT, {})["i"]
    assert settled.shares == pytest.approx({"seen": 1 / 3, "blurred": 0, "off": 2 / 3})
    assert {r.expert: r.set_aside for r in settled.rows} == {"a": "most say off", "b": None, "c": None}


def test_visibilities_are_learnt_once_there_are_enough() -> None:
    votes = []
    for i in range(40):
        state = Visibility.OFF if i % 3 == 0 else None
        votes += [
            unseen_vote(state, e, item=f"i{i}") if state else path_vote(half_circle(), e, item=f"i{i}")
            for e in "ab"
        ]
    learnt = methods()["curve-normals"].learn_all(votes, PATH, {})
    assert "visibility" in learnt.tables
