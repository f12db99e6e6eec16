"""The drawn strip: its truth is what is in its pixels."""

import numpy as np
import pytest

from unisono.bench.phantom.strip import BASELINE, CM_S_PER_PX, LEFT, RIGHT, TOP, make_strip
from unisono.web.wire import Region


def test_the_peaks_have_the_velocities_that_were_asked(rng: np.random.Generator) -> None:
    strip = make_strip(rng, e_cm_s=90.0, a_cm_s=45.0)
    assert strip.velocities_cm_s("e-peak") == pytest.approx([90.0] * 3, rel=0.051)
    assert strip.velocities_cm_s("a-peak") == pytest.approx([45.0] * 3, rel=0.051)


def test_the_signal_ends_at_the_peak(rng: np.random.Generator) -> None:
    strip = make_strip(rng)
    for key in ("e-peak", "a-peak"):
        for x, y in strip.peaks[key]:
            column = strip.image[TOP:BASELINE, round(x)].astype(float)
            top = round(y) - TOP
            assert column[top + 3 : top + 40].mean() > 4 * column[: top - 3].mean()


def test_nothing_is_drawn_off_the_strip(rng: np.random.Generator) -> None:
    image = make_strip(rng).image
    assert not image[:TOP].any()
    assert not image[:, :LEFT].any()
    assert not image[:, RIGHT + 1 :].any()


def test_its_region_reads_the_truth_back(rng: np.random.Generator) -> None:
    strip = make_strip(rng)
    region = Region(**strip.regions[0])
    read = (strip.peaks["e-peak"][:, 1] - (region.zero_y or 0)) * region.delta_y
    assert read == pytest.approx(strip.velocities_cm_s("e-peak"))
    assert region.delta_y == -CM_S_PER_PX


def test_the_same_seed_draws_the_same_strip() -> None:
    one, two = (make_strip(np.random.default_rng(3)) for _ in range(2))
    assert (one.image == two.image).all()
