from typing import Any

import numpy as np
import pytest

from tests.agree.make import PATH, half_circle, path_vote
from unisono.agree.along import no_path, settled, without_each
from unisono.agree.base import Settled
from unisono.agree.bundle import gather
from unisono.agree.geometry import evenly
from unisono.labels.base import Visibility


def settle(radii: list[float], **changes: Any) -> Settled:
    bundle = gather([path_vote(half_circle(r), f"e{k}") for k, r in enumerate(radii)], PATH, None)
    table = np.array([[r - 100.0] * 101 for r in radii])
    base = {"reasons": {}, "scale": None, **changes}
    return settled(evenly(half_circle(100), 101), table, np.ones_like(table), bundle, None, **base)


def test_each_is_left_out_of_his_own_comparison() -> None:
    rest = without_each(np.array([[1.0], [2.0], [6.0]]), np.ones((3, 1)))
    np.testing.assert_allclose(rest[:, 0], [4.0, 3.5, 1.5])


def test_offset_is_to_the_others_and_positive_outside() -> None:
    rows = settle([100, 101, 105]).rows
    assert [r.offset for r in rows] == pytest.approx([-3.0, -1.5, 4.5])
    assert [r.distance for r in rows] == pytest.approx([3.0, 1.5, 4.5])


def test_scatter_and_band() -> None:
    result = settle([98, 100, 102], factor=2.0)
    assert result.sd == pytest.approx(2.0)
    np.testing.assert_allclose(result.n_eff, 3.0)
    np.testing.assert_allclose(result.half_width, 2 * 2 / np.sqrt(3))
    outside = np.hypot(*(result.band_high[50] - 200))
    assert outside == pytest.approx(100 + 2 * 2 / np.sqrt(3), abs=0.05)


def test_few_answers_lean_on_the_data_set() -> None:
    assert settle([100.0]).sd is None
    assert settle([100.0], scale=2.0).sd == pytest.approx(2.0)
    assert 0 < settle([100, 100.1], scale=2.0).sd < 2.0


def test_two_readings_are_split_and_no_path_is_given() -> None:
    result = settle([94, 94.5, 105, 105.5], scale=1.0, split_floor=0.5)
    assert result.visibility is Visibility.BLURRED
    assert result.flags == ("split",)
    assert len(result.path) == 0


def test_no_path_names_everyone() -> None:
    bundle = gather([path_vote(half_circle(100), "a")], PATH, None)
    result = no_path(bundle, None, "apart")
    assert result.rows[0].set_aside
    assert result.flags == ("apart",)
