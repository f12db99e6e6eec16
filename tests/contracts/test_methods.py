"""What every consensus method owes, whatever it is."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.agree.make import CLASSES, PATH, POINT, class_vote, half_circle, path_vote, point_vote, unseen_vote
from unisono.agree.base import Facts, Method, Settled, Vote, methods
from unisono.agree.learnt import Learnt
from unisono.base.units import Spacing
from unisono.labels.base import Form, Vector, Visibility

ALL = list(methods().values())
BY_NAME = pytest.mark.parametrize("method", ALL, ids=lambda m: m.name)
SPACING = Spacing(0.5, 0.4)
EXPERTS = ("ada", "ben", "cho", "dan", "eve")
FACTS = {("vector", "path"): PATH, ("vector", "point"): POINT, ("category", None): CLASSES}


def facts_of(method: Method) -> Facts:
    return FACTS[(method.form.value, method.shape.value if method.shape else None)]


def said(method: Method, k: int, expert: str, item: str = "i") -> Vote:
    """Return the k-th of slightly different answers in the method's form."""
    if method.form is Form.CATEGORY:
        return class_vote(1 if k < 3 else 2, expert, item=item)
    if method.shape == "point":
        return point_vote(100 + 2.0 * k, 80 + k % 2, expert, item=item)
    return path_vote(half_circle(100 + 1.5 * k), expert, item=item)


def panel(method: Method, *, items: Sequence[str] = ("i", "j", "k")) -> list[Vote]:
    return [said(method, k, e, item) for item in items for k, e in enumerate(EXPERTS)]


def fit(method: Method, votes: list[Vote]) -> dict[str, Settled]:
    return method.fit(votes, facts_of(method), {v.item: SPACING for v in votes})


def assert_same(method: Method, a: Settled, b: Settled, atol: float = 1e-9) -> None:
    assert (a.visibility, a.category) == (b.visibility, b.category)
    for name in ("path", "ellipse", "band_low", "half_width", "n_eff"):
        np.testing.assert_allclose(getattr(a, name), getattr(b, name), atol=atol)
    assert a.shares == pytest.approx(b.shares, abs=atol)


@BY_NAME
def test_a_unanimous_answer_is_returned(method: Method) -> None:
    votes = [replace(said(method, 0, e), answer=f"i/{e}") for e in EXPERTS]
    settled = fit(method, votes)["i"]
    assert settled.visibility is Visibility.SEEN
    if method.form is Form.CATEGORY:
        assert settled.category == 1
        return
    drawn = votes[0].value.path
    for at in settled.path:
        assert np.hypot(*(drawn - at).T).min() < 0.7
    if method.shape == "path":
        np.testing.assert_allclose(settled.path[[0, -1]], drawn[[0, -1]], atol=0.05)
    assert not settled.flags


@BY_NAME
def test_the_consensus_of_one_is_that_experts_answer(method: Method) -> None:
    settled = fit(method, [said(method, 0, "ada")])["i"]
    assert settled.flags == ("one expert",)
    if method.form is Form.CATEGORY:
        assert settled.category == 1
    elif method.shape == "point":
        np.testing.assert_allclose(settled.path, [[100.0, 80.0]], atol=1e-9)
    else:
        np.testing.assert_allclose(np.hypot(*(settled.path - 200).T), 100, atol=0.05)


@BY_NAME
def test_the_order_of_the_rows_does_not_matter(method: Method, rng: np.random.Generator) -> None:
    votes = panel(method)
    shuffled = [votes[k] for k in rng.permutation(len(votes))]
    before, after = fit(method, votes), fit(method, shuffled)
    for item in before:
        assert_same(method, before[item], after[item], atol=0)


@BY_NAME
def test_the_experts_names_do_not_matter(method: Method) -> None:
    names = dict(zip(EXPERTS, ("zoe", "yan", "xia", "wim", "vic"), strict=True))
    votes = panel(method)
    renamed = [replace(v, expert=names[v.expert]) for v in votes]
    before, after = fit(method, votes), fit(method, renamed)
    for item in before:
        assert_same(method, before[item], after[item], atol=1e-12)
        assert {names[r.expert] for r in before[item].rows} == {r.expert for r in after[item].rows}


@BY_NAME
def test_every_vote_has_its_row(method: Method) -> None:
    votes = [*panel(method), unseen_vote(Visibility.OFF, "fay"), unseen_vote(Visibility.BLURRED, "gus")]
    settled = fit(method, votes)
    for item, result in settled.items():
        assert sorted(r.answer for r in result.rows) == sorted(v.answer for v in votes if v.item == item)
        assert all(r.weight is None or 0 <= r.weight <= 1 for r in result.rows)


@BY_NAME
def test_all_off_is_off(method: Method) -> None:
    settled = fit(method, [unseen_vote(Visibility.OFF, e) for e in EXPERTS])["i"]
    assert settled.visibility is Visibility.OFF
    assert len(settled.path) == 0
    assert settled.category is None


@BY_NAME
def test_a_minority_that_saw_it_is_not_averaged_in(method: Method) -> None:
    votes = [said(method, 0, "ada"), *(unseen_vote(Visibility.OFF, e) for e in EXPERTS[1:])]
    settled = fit(method, votes)["i"]
    assert settled.visibility is Visibility.OFF
    assert len(settled.path) == 0


@BY_NAME
def test_level_votes_are_left_to_a_person(method: Method) -> None:
    votes = [said(method, 0, "ada"), unseen_vote(Visibility.OFF, "ben")]
    settled = fit(method, votes)["i"]
    assert settled.visibility is Visibility.BLURRED
    assert "tie" in settled.flags


@BY_NAME
def test_nobody_is_unasked(method: Method) -> None:
    assert fit(method, []) == {}
    settled = method.settle([], facts_of(method), SPACING, Learnt())
    assert settled.visibility is Visibility.UNASKED


@BY_NAME
def test_two_experts_give_something(method: Method) -> None:
    settled = fit(method, [said(method, 0, "ada"), said(method, 1, "ben")])["i"]
    assert settled.visibility is Visibility.SEEN
    assert len(settled.path) > 0 or settled.category == 1


@BY_NAME
def test_items_do_not_leak_into_one_another(method: Method) -> None:
    votes = panel(method)
    learnt = method.learn_all(votes, facts_of(method), {v.item: SPACING for v in votes})
    alone = method.settle([v for v in votes if v.item == "j"], facts_of(method), SPACING, learnt)
    assert_same(method, alone, fit(method, votes)["j"], atol=1e-12)


@BY_NAME
def test_what_was_learnt_survives_json(method: Method) -> None:
    votes = panel(method)
    learnt = method.learn_all(votes, facts_of(method), {v.item: SPACING for v in votes})
    again = Learnt.from_json(learnt.to_json())
    of_item = [v for v in votes if v.item == "i"]
    assert_same(
        method,
        method.settle(of_item, facts_of(method), SPACING, learnt),
        method.settle(of_item, facts_of(method), SPACING, again),
        atol=0,
    )


@pytest.mark.parametrize(
    "method", [m for m in ALL if m.form is Form.VECTOR and m.name != "curve-index-mean"], ids=lambda m: m.name
)
@settings(max_examples=6, deadline=None)
@given(angle=st.floats(-1.5, 1.5), shift=st.tuples(st.floats(-60, 60), st.floats(-60, 60)))
def test_a_turned_and_moved_image_gives_the_turned_and_moved_consensus(
    method: Method, angle: float, shift: tuple[float, float]
) -> None:
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])

    def moved(vote: Vote) -> Vote:
        strokes = tuple(s @ turn.T + shift for s in vote.value.strokes)
        anchors = {k: turn @ a + shift for k, a in vote.value.anchors.items()}
        return replace(vote, value=Vector(strokes, anchors))

    votes = panel(method)
    facts, square = facts_of(method), Spacing(0.5, 0.5)
    before = method.fit(votes, facts, {v.item: square for v in votes})["i"]
    after = method.fit([moved(v) for v in votes], facts, {v.item: square for v in votes})["i"]
    np.testing.assert_allclose(after.path, before.path @ turn.T + shift, atol=1e-6)
    # The half circles end exactly on a normal: rounding decides whether a mean's scatter counts that place.
    assert after.sd == pytest.approx(before.sd, rel=5e-3)


@BY_NAME
def test_a_method_says_what_it_is(method: Method) -> None:
    assert method.summary
    assert method.accepts(facts_of(method))
    assert all(isinstance(v, (int, float)) for v in method.parameters.values())
