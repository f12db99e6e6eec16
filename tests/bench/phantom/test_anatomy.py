import numpy as np
import pytest

from unisono.bench.phantom import anatomy
from unisono.bench.phantom.anatomy import Build, Pose


@pytest.fixture
def build() -> Build:
    return Build(
        volume_ml=120, ef=0.6, length_mm=86, bend_mm=2.5, wall_mm=9.5, right_width_mm=34, atrium_mm=42,
        tilt_rad=-0.1, apex_mm=(5.0, 28.0),
    )  # fmt: skip


def test_closed_form_volume_equals_the_stack_of_discs(build: Build) -> None:
    now = anatomy.moment(build, 0.2)
    edges = np.linspace(0, now.length_mm, 200_001)
    middle = (edges[1:] + edges[:-1]) / 2
    discs_ml = float(np.sum(np.pi * now.half_width_mm(middle) ** 2) * (edges[1] - edges[0]) / 1000)
    assert discs_ml == pytest.approx(anatomy.disc_volume_ml(now.length_mm, now.radius_mm), rel=1e-8)


@pytest.mark.parametrize("phase", [0.0, 0.2, 0.36, 0.6, 0.9])
def test_discs_across_the_drawn_curve_find_the_volume(build: Build, phase: float) -> None:
    """The curve is bent; its chords across the long axis must still be the discs' diameters."""
    now = anatomy.moment(build, phase)
    curve = now.endocardium()
    top = int(curve[:, 1].argmax())
    edges = np.linspace(0, now.length_mm, 2001)
    z = (edges[1:] + edges[:-1]) / 2
    septal = np.interp(z, curve[: top + 1, 1], curve[: top + 1, 0])
    lateral = np.interp(z, curve[top:, 1][::-1], curve[top:, 0][::-1])
    volume = np.sum(np.pi / 4 * (lateral - septal) ** 2) * (edges[1] - edges[0]) / 1000
    assert volume == pytest.approx(anatomy.disc_volume_ml(now.length_mm, now.radius_mm), rel=2e-3)


def test_ejection_fraction_is_reached_at_end_systole(build: Build) -> None:
    full, empty = anatomy.moment(build, 0.0), anatomy.moment(build, 0.36)
    edv, esv = (anatomy.disc_volume_ml(m.length_mm, m.radius_mm) for m in (full, empty))
    assert edv == pytest.approx(120)
    assert (edv - esv) / edv == pytest.approx(0.6)


def test_valve_is_shut_in_systole_and_open_in_filling(build: Build) -> None:
    shut, wide = anatomy.moment(build, 0.2), anatomy.moment(build, 0.56)
    gaps = [
        np.linalg.norm(np.subtract(*[leaf[-1] for leaf in anatomy.leaflets(now, build)[:2]]))
        for now in (shut, wide)
    ]
    assert gaps[0] == pytest.approx(0)
    assert gaps[1] > 10


def test_leaflets_hang_on_the_hinges_of_the_curve(build: Build) -> None:
    now = anatomy.moment(build, 0.5)
    septal, lateral, *_ = anatomy.leaflets(now, build)
    np.testing.assert_allclose([septal[0], lateral[0]], now.endocardium()[[0, -1]], atol=1e-9)


def test_tricuspid_valve_sits_nearer_the_apex_than_the_mitral(build: Build) -> None:
    mitral, _, tricuspid, _ = anatomy.leaflets(anatomy.moment(build, 0.0), build)
    assert tricuspid[0][1] > mitral[0][1]


def test_pose_goes_there_and_back() -> None:
    pose = Pose(np.array([12.0, 110.0]), -0.3)
    points = np.random.default_rng(0).normal(size=(50, 2)) * 40
    np.testing.assert_allclose(pose.to_heart(pose.to_probe(points)), points, atol=1e-12)


def test_apex_is_nearer_the_probe_than_the_valve(build: Build) -> None:
    now = anatomy.moment(build, 0.0)
    tip = now.pose.to_probe(np.array([0.0, now.length_mm]))
    np.testing.assert_allclose(tip, build.apex_mm)
    assert tip[1] < now.pose.origin_mm[1]


def test_papillary_muscle_lies_inside_the_traced_border(build: Build) -> None:
    now = anatomy.moment(build, 0.3)
    v, z = anatomy.papillary(now).T
    assert np.all(np.abs(v - now.axis_mm(z)) <= now.half_width_mm(z) + 1e-9)


def test_grown_outlines_hold_the_chambers(build: Build) -> None:
    now = anatomy.moment(build, 0.0)
    inner, outer = anatomy.right_ventricle(now, build), anatomy.right_ventricle(now, build, 4.0)
    np.testing.assert_allclose(np.linalg.norm(outer - inner, axis=1), 4.0)
    assert np.ptp(outer[:, 0]) > np.ptp(inner[:, 0])
