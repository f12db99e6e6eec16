"""Fans of known apex, angles and radii; one side dark; flat cuts."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unisono.ingest.masks.edges import rim_of
from unisono.ingest.masks.fan import DARKER_READINGS, Fan, fit_fan, grown, with_corners

WHOLE = (-math.inf, math.inf, -math.inf, math.inf)


def fan(half_deg: float = 40.0, near: float = 80.0, far: float = 380.0, *, tilt_deg: float = 0.0) -> Fan:
    half, tilt = math.radians(half_deg), math.radians(tilt_deg)
    return Fan((400.0, 60.0), tilt - half, tilt + half, near, far, WHOLE)


@settings(max_examples=25, deadline=None)
@given(st.floats(20, 45), st.floats(60, 150), st.floats(300, 420), st.floats(-10, 10))
def test_apex_angles_and_radii_come_back(half: float, near: float, far: float, tilt: float) -> None:
    true = fan(half, near, far, tilt_deg=tilt)
    found = fit_fan(rim_of(true.fill(600, 800)))
    assert found is not None
    assert found.apex == pytest.approx(true.apex, abs=6.0)
    assert (found.left, found.right) == pytest.approx((true.left, true.right), abs=math.radians(0.7))
    assert (found.near_px, found.far_px) == pytest.approx((near, far), abs=5.0)


def test_a_phased_array_has_its_tip() -> None:
    found = fit_fan(rim_of(fan(near=0.0).fill(600, 800)))
    assert found is not None
    assert found.near_px == 0.0


def test_a_flat_bottom_is_found() -> None:
    area = fan(near=150.0).fill(600, 800)
    area[380:] = False
    found = fit_fan(rim_of(area))
    assert found is not None
    assert found.box[3] == pytest.approx(379, abs=1.5)
    assert np.count_nonzero(found.fill(600, 800) ^ area) <= 0.02 * np.count_nonzero(area)


def test_a_rectangle_is_no_fan() -> None:
    area = np.zeros((300, 400), bool)
    area[50:250, 100:300] = True
    assert fit_fan(rim_of(area)) is None


def test_the_share_that_touches_and_the_share_beyond_are_told() -> None:
    true = fan()
    rim = rim_of(true.fill(600, 800))
    touched, cut = true.judge(rim)
    assert touched > 0.97
    assert cut < 0.01
    assert fan(half_deg=30.0).judge(rim)[1] > 0.2


def test_wider_readings_hold_the_fan() -> None:
    lopsided = Fan((400.0, 60.0), -0.4, 0.7, 80.0, 380.0, (250.0, 600.0, -math.inf, 400.0))
    area = lopsided.fill(600, 800)
    for widen in DARKER_READINGS:
        lost = area & ~widen(lopsided).fill(600, 800)
        assert np.count_nonzero(lost) <= 0.002 * np.count_nonzero(area)  # arcs are drawn in steps
    assert with_corners(fan()) == fan()


def test_a_dim_far_edge_is_reached_and_no_further() -> None:
    rim = rim_of(fan(far=380.0).fill(600, 800))
    assert grown(fan(far=372.0), rim).far_px == pytest.approx(380.0, abs=2.0)
    assert grown(fan(far=300.0), rim).far_px < 320.0


def test_the_description_is_in_degrees_and_px() -> None:
    told = fan().describe()
    assert told["angles_deg"] == [-40.0, 40.0]
    assert told["cuts_px"] == [None] * 4
