import numpy as np
import pytest

from unisono.base.errors import LabelError
from unisono.base.units import Spacing
from unisono.bench.experts import (
    APEX,
    CURVE,
    ELEVEN,
    FIRST,
    LAST,
    Habit,
    SimulatedPanel,
    make_truth,
    simulate_choices,
    simulate_experts,
    simulate_points,
)
from unisono.labels.base import parse_label
from unisono.labels.types.curve import LABEL, Curve
from unisono.measures.between.mean_curve_distance import mean_curve_distance

SPACING = Spacing(0.35, 0.35)
OPTIONS = LABEL.parse_options({"ties": {"start": FIRST, "middle": APEX, "end": LAST}})


@pytest.fixture(scope="module")
def panel() -> SimulatedPanel:
    rng = np.random.default_rng(1)
    truths = [make_truth(rng, SPACING, centre_px=(300.0, 250.0)) for _ in range(12)]
    return simulate_experts(truths, [SPACING] * 12, rng)


def curve(panel: SimulatedPanel, e: int, i: int) -> Curve:
    return parse_label(LABEL, OPTIONS, panel.labels[e][i][CURVE]).instances[0]


def errors_mm(panel: SimulatedPanel, e: int) -> list[float]:
    return [
        mean_curve_distance(
            SPACING.to_mm(LABEL.vector(curve(panel, e, i), OPTIONS).path), SPACING.to_mm(truth.border)
        )
        for i, truth in enumerate(panel.truths)
    ]


def test_labels_are_of_the_protocols_form(panel: SimulatedPanel) -> None:
    for e in range(11):
        for i in range(12):
            drawn = curve(panel, e, i)
            assert 4 <= len(drawn.nodes) <= 16
            assert panel.labels[e][i].keys() == {CURVE, APEX, FIRST, LAST}


def test_truth_and_experts_parameters_are_kept_beside(panel: SimulatedPanel) -> None:
    assert [e.habit for e in panel.experts] == list(ELEVEN)
    assert all(0.9 <= e.noise_mm <= 1.9 for e in panel.experts)
    assert len(panel.truths) == 12


def test_the_ordinary_err_by_about_two_millimetres(panel: SimulatedPanel) -> None:
    errors = [x for e in range(8) for x in errors_mm(panel, e)]
    assert 1.2 < np.mean(errors) < 2.4


def test_the_outlier_draws_on_a_wrong_border_now_and_then(panel: SimulatedPanel) -> None:
    wrong = np.array(errors_mm(panel, 8)) > 5
    assert 1 <= wrong.sum() <= 9


def test_the_tenth_draws_backwards_with_the_right_names(panel: SimulatedPanel) -> None:
    drawn = curve(panel, 9, 0)
    assert (drawn.nodes[0].key, drawn.nodes[-1].key) == (LAST, FIRST)
    first = np.array([drawn.nodes[-1].x, drawn.nodes[-1].y])
    assert np.hypot(*(first - panel.truths[0].border[0])) < 40


def test_the_eleventh_stops_early_and_names_no_second_hinge(panel: SimulatedPanel) -> None:
    for i, truth in enumerate(panel.truths):
        drawn = curve(panel, 10, i)
        assert LAST not in {n.key for n in drawn.nodes}
        whole = np.hypot(*np.diff(truth.border, axis=0).T).sum()
        own = np.hypot(*np.diff(LABEL.vector(drawn, OPTIONS).path, axis=0).T).sum()
        assert 0.6 < own / whole < 1.0


def test_the_same_seed_draws_the_same_curves() -> None:
    made = []
    for _ in range(2):
        rng = np.random.default_rng(5)
        truths = [make_truth(rng, SPACING, centre_px=(300.0, 250.0))]
        made.append(simulate_experts(truths, [SPACING], rng).labels)
    assert made[0] == made[1]


def test_bias_shifts_outwards() -> None:
    rng = np.random.default_rng(2)
    truths = [make_truth(rng, SPACING, centre_px=(300.0, 250.0)) for _ in range(10)]
    panel = simulate_experts(truths, [SPACING] * 10, rng, (Habit.ORDINARY,) * 8)
    grown = []
    for e in range(8):
        areas = []
        for i, truth in enumerate(truths):
            x, y = LABEL.vector(curve(panel, e, i), OPTIONS).path.T
            tx, ty = truth.border.T
            areas.append(
                abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1)))
                - abs(np.dot(tx, np.roll(ty, 1)) - np.dot(ty, np.roll(tx, 1)))
            )
        grown.append(np.mean(areas))
    assert np.corrcoef(grown, [e.bias_mm for e in panel.experts])[0, 1] > 0.8


def test_a_spacing_for_each_truth_is_wanted(rng: np.random.Generator) -> None:
    with pytest.raises(LabelError, match="1 spacings for 0 truths"):
        simulate_experts([], [SPACING], rng)


def test_points_scatter_in_mm_around_the_truth(rng: np.random.Generator) -> None:
    truths = [{"lv-ivs-top": np.array([100.0, 80.0])}] * 200
    rows = simulate_points(truths, [Spacing(0.5, 0.5)] * 200, rng, 5)
    seen = [r["lv-ivs-top"] for row in rows for r in row if r["lv-ivs-top"]["visibility"] == "seen"]
    assert 0.9 < len(seen) / 1000 < 1.0
    x = np.array([s["instances"][0]["x"] for s in seen])
    y = np.array([s["instances"][0]["y"] for s in seen])
    assert 1.5 < x.std() * 0.5 < 2.8
    assert 0.7 < y.std() * 0.5 < 1.7


def test_choices_are_mostly_right(rng: np.random.Generator) -> None:
    keys = ("a4c", "a2c", "plax", "none")
    truths = [keys[i % 4] for i in range(400)]
    for row in simulate_choices(truths, keys, rng, 5):
        right = np.mean([r["instances"][0]["key"] == t for r, t in zip(row, truths, strict=True)])
        assert 0.7 < right < 0.97
