import numpy as np
import pytest

from tests.agree.make import (
    CLASSES,
    PATH,
    POINT,
    SPACING,
    class_vote,
    half_circle,
    path_vote,
    point_vote,
    simulated_votes,
)
from unisono.agree.panel import method_for, settle_question
from unisono.base.errors import PluginError
from unisono.base.units import Spacing


def test_defaults_by_form() -> None:
    assert [method_for(f).name for f in (PATH, POINT, CLASSES)] == [
        "curve-normals",
        "point-biweight",
        "dawid-skene",
    ]


def test_a_method_of_another_form_is_refused() -> None:
    with pytest.raises(PluginError, match="legal: dawid-skene, majority"):
        method_for(CLASSES, "curve-normals")


def test_tallies_name_the_habits() -> None:
    votes, _ = simulated_votes(np.random.default_rng(7), 6)
    spacings = {v.item: SPACING for v in votes}
    found = settle_question(votes, PATH, spacings, {v.item: v.item for v in votes}, np.random.default_rng(0))
    by_name = {t.expert: t for t in found.tallies}
    assert len(by_name) == 11
    assert by_name["e09"].n_reversed == 6
    assert by_name["e10"].n_partial == 6
    assert by_name["e08"].n_set_aside >= 1
    ordinary = [by_name[f"e0{k}"] for k in range(8)]
    assert all(t.distance.low <= t.distance.mean <= t.distance.high for t in ordinary)
    assert by_name["e08"].distance.mean > max(t.distance.mean for t in ordinary)


def test_calibrated_and_uncalibrated_lengths_are_not_mixed() -> None:
    votes = [path_vote(half_circle(100 + 2 * k), f"e{k}", item=i) for i in "mp" for k in range(3)]
    spacings = {"m": Spacing(0.1, 0.1), "p": None}
    found = settle_question(votes, PATH, spacings, {"m": "s", "p": "t"}, np.random.default_rng(0))
    assert {t.unit for t in found.tallies} == {"mm"}
    assert all(t.distance.n_items == 1 for t in found.tallies)
    assert found.tallies[0].offset == pytest.approx(-0.3, abs=0.05)


def test_for_classes_the_distance_is_the_share_of_differences() -> None:
    votes = [class_vote(int(k == 2 and i > 4), f"e{k}", item=f"i{i}") for i in range(10) for k in range(3)]
    found = settle_question(votes, CLASSES, {}, {}, np.random.default_rng(0), method="majority")
    odd = found.tallies[2]
    assert (odd.unit, odd.distance.mean) == ("share", 0.5)
    assert 0.2 < odd.distance.low < 0.5 < odd.distance.high < 0.8


def test_points_have_no_signed_offset() -> None:
    votes = [point_vote(k, 0, f"e{k}", item=i) for i in "ab" for k in range(3)]
    found = settle_question(votes, POINT, {}, {"a": "a", "b": "b"}, np.random.default_rng(0))
    assert all(t.offset is None and t.distance is not None for t in found.tallies)
