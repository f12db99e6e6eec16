from dataclasses import replace

import numpy as np
import pytest

from tests.agree.make import PATH, SPACING, half_circle, path_vote, simulated_votes, turned_vote
from unisono.agree.base import Settled, Vote, by_item
from unisono.agree.learnt import Learnt
from unisono.agree.methods.curve_normals import METHOD
from unisono.base.units import Spacing
from unisono.bench.experts import ELEVEN, Habit, Truth
from unisono.labels.base import Visibility
from unisono.measures.between.mean_curve_distance import mean_curve_distance


def fit(votes: list[Vote], spacing: Spacing | None = SPACING) -> dict[str, Settled]:
    return METHOD.fit(votes, PATH, {v.item: spacing for v in votes})


def error_mm(settled: Settled, truth: Truth) -> float:
    return mean_curve_distance(SPACING.to_mm(settled.path), SPACING.to_mm(truth.border))


Eleven = tuple[list[Vote], list[Truth], dict[str, Settled]]
"""Votes, truths and the settled items of the panel of eleven."""


@pytest.fixture(scope="module")
def eleven() -> Eleven:
    votes, truths = simulated_votes(np.random.default_rng(7), 6)
    return votes, truths, fit(votes)


def test_two_circles_meet_in_the_middle() -> None:
    settled = fit([path_vote(half_circle(r), f"e{r}") for r in (98, 102)], Spacing(1, 1))["i"]
    np.testing.assert_allclose(np.hypot(*(settled.path - 200).T), 100, atol=0.15)


def test_one_wild_path_of_five_does_not_move_it() -> None:
    radii = (99, 100, 100, 101, 114)
    settled = fit([path_vote(half_circle(r), f"e{k}") for k, r in enumerate(radii)], Spacing(1, 1))["i"]
    np.testing.assert_allclose(np.hypot(*(settled.path - 200).T), 100, atol=0.3)
    wild = next(r for r in settled.rows if r.expert == "e4")
    assert wild.weight == 0
    assert "far from the others" in wild.set_aside
    assert wild.offset == pytest.approx(14, abs=0.5)


def test_a_partial_path_counts_where_it_was_drawn() -> None:
    partial = replace(path_vote(half_circle(100)[:150], "part"), visibility=Visibility.SEEN)
    votes = [path_vote(half_circle(r), f"e{r}") for r in (99, 100, 101)]
    settled = fit([*votes, partial], Spacing(1, 1))["i"]
    row = next(r for r in settled.rows if r.expert == "part")
    assert row.coverage == pytest.approx(0.62, abs=0.03)
    assert "partial" in row.flags
    assert settled.n_eff[20] > settled.n_eff[-20]
    np.testing.assert_allclose(settled.path[-1], [300, 200], atol=1.0)


def test_reversing_inputs_changes_nothing(eleven: Eleven) -> None:
    votes, _, before = eleven
    turned = [turned_vote(v) if int(v.expert[1:]) % 2 else v for v in votes]
    after = fit(turned)
    for item in before:
        np.testing.assert_allclose(after[item].path, before[item].path, atol=1e-9)
        np.testing.assert_allclose(after[item].half_width, before[item].half_width, atol=1e-9)


def test_habits_are_found(eleven: Eleven) -> None:
    _, _, settled = eleven
    rows = [r for s in settled.values() for r in s.rows]
    assert {r.expert for r in rows if "reversed" in r.flags} == {"e09"}
    assert {r.expert for r in rows if "partial" in r.flags} == {"e10"}
    assert "e08" in {r.expert for r in rows if r.set_aside}
    assert sum(r.set_aside is not None for r in rows if r.expert != "e08") <= 2


def test_near_the_truth_with_the_outlier_among_them(eleven: Eleven) -> None:
    _, truths, settled = eleven
    errors = [error_mm(settled[str(i)], t) for i, t in enumerate(truths)]
    assert np.mean(errors) < 0.8


def test_signed_offsets_show_the_experts_biases() -> None:
    rng = np.random.default_rng(3)
    votes, _ = simulated_votes(rng, 12, (Habit.ORDINARY,) * 6)
    settled = fit(votes)
    offsets = np.array([[r.offset for r in sorted(s.rows, key=lambda r: r.expert)] for s in settled.values()])
    rng = np.random.default_rng(3)
    # The generator makes the truths first, then the experts' biases: draw them again the same way.
    from unisono.bench.experts import make_truth, simulate_experts  # noqa: PLC0415

    truths = [make_truth(rng, SPACING, centre_px=(300.0, 250.0)) for _ in range(12)]
    biases = [e.bias_mm for e in simulate_experts(truths, [SPACING] * 12, rng, (Habit.ORDINARY,) * 6).experts]
    assert np.corrcoef(offsets.mean(axis=0), biases)[0, 1] > 0.8


def test_without_a_calibration_the_same_path_comes_out() -> None:
    votes, _ = simulated_votes(np.random.default_rng(11), 3, ELEVEN)
    square = Spacing(0.35, 0.35)
    calibrated = fit(votes, square)
    plain = METHOD.fit(votes, PATH, dict.fromkeys(calibrated))
    for item in calibrated:
        assert plain[item].unit == "px"
        gap = mean_curve_distance(square.to_mm(plain[item].path), square.to_mm(calibrated[item].path))
        assert gap < 0.25


def test_one_item_is_settled_alone_with_what_was_learnt(eleven: Eleven) -> None:
    votes, _, whole = eleven
    learnt = METHOD.learn_all(votes, PATH, {v.item: SPACING for v in votes})
    again = Learnt.from_json(learnt.to_json())
    one = METHOD.settle(by_item(votes)["3"], PATH, SPACING, again)
    np.testing.assert_allclose(one.path, whole["3"].path, atol=1e-9)


def test_landmarks_are_settled_apart(eleven: Eleven) -> None:
    _, truths, settled = eleven
    for i, truth in enumerate(truths):
        at = settled[str(i)].landmarks
        assert np.hypot(*SPACING.to_mm((at[PATH.ties["start"]] - truth.border[0])[None])[0]) < 4
        assert np.hypot(*SPACING.to_mm((at[PATH.ties["end"]] - truth.border[-1])[None])[0]) < 4


def test_two_experts_far_apart_are_no_consensus() -> None:
    votes = [path_vote(half_circle(90), "a"), path_vote(half_circle(107), "b")]
    learnt = Learnt({"scale_mm": 2.0, "scale_share": 0.01})
    settled = METHOD.settle(votes, PATH, Spacing(1, 1), learnt)
    assert settled.visibility is Visibility.BLURRED
    assert "apart" in settled.flags


def test_the_band_widens_with_the_scatter() -> None:
    near = fit([path_vote(half_circle(r), f"e{r}") for r in (99, 100, 101, 100.5)], Spacing(1, 1))["i"]
    far = fit([path_vote(half_circle(r), f"e{r}") for r in (96, 100, 104, 102)], Spacing(1, 1))["i"]
    assert np.nanmean(far.half_width) > 1.8 * np.nanmean(near.half_width)


def test_only_lines_are_no_path() -> None:
    settled = fit([path_vote(np.array([[0.0, 0.0], [50.0, 0.0]]), "a")])["i"]
    assert "no usable path" in settled.flags
