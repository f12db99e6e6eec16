import numpy as np
import pytest

from unisono.base.errors import LabelError
from unisono.bench.phantom import Heart, make_heart


def small(seed: int = 5, **given: float) -> Heart:
    return make_heart(np.random.default_rng(seed), **{"frames": 12, "rows": 160, "columns": 200, **given})


def test_a_seed_names_a_heart() -> None:
    one, same, other = small(1), small(1), small(2)
    np.testing.assert_array_equal(one.images, same.images)
    np.testing.assert_array_equal(one.curves, same.curves)
    assert not np.array_equal(one.images, other.images)


@pytest.mark.parametrize("ef", [0.25, 0.45, 0.65])
def test_ejection_fraction_is_the_one_asked_for(ef: float) -> None:
    heart = small(frames=48, rows=96, columns=96, ef=ef)
    assert heart.ef == pytest.approx(ef, abs=0.005)
    assert heart.volumes_ml.argmax() == heart.ed_frame
    assert heart.volumes_ml.argmin() == heart.es_frame


def test_volume_can_be_found_by_discs_from_the_curve_in_mm() -> None:
    """The single-plane method of discs, 20 discs, on the truth as it is handed out: px and spacing."""
    heart = small()
    for i in (heart.ed_frame, heart.es_frame):
        curve = heart.curves[i] * heart.spacing_mm
        base, apex = (curve[0] + curve[-1]) / 2, heart.apex[i] * heart.spacing_mm
        up = (apex - base) / np.linalg.norm(apex - base)
        along = (curve - base) @ up
        across = (curve - base) @ np.array([-up[1], up[0]])
        top = int(along.argmax())
        step = np.linalg.norm(apex - base) / 20
        z = (np.arange(20) + 0.5) * step
        left = np.interp(z, along[: top + 1], across[: top + 1])
        right = np.interp(z, along[top:][::-1], across[top:][::-1])
        volume = float(np.sum(np.pi / 4 * (right - left) ** 2) * step / 1000)
        assert volume == pytest.approx(heart.volumes_ml[i], rel=0.01)


def test_landmarks_are_points_of_the_curve() -> None:
    heart = small()
    np.testing.assert_array_equal(heart.septal_hinge, heart.curves[:, 0])
    np.testing.assert_array_equal(heart.lateral_hinge, heart.curves[:, -1])
    nearest = np.linalg.norm(heart.curves - heart.apex[:, None], axis=2).min(axis=1)
    assert nearest.max() < 1.0


def test_left_ventricle_is_on_the_right_with_the_apex_up() -> None:
    heart = small()
    assert np.all(heart.septal_hinge[:, 0] < heart.lateral_hinge[:, 0])
    assert np.all(heart.apex[:, 1] < heart.septal_hinge[:, 1])
    assert heart.curves[..., 0].mean() > heart.images.shape[2] / 2


@pytest.mark.parametrize("seed", range(6))
def test_truth_lies_inside_the_fan(seed: int) -> None:
    heart = small(seed, frames=4)
    lit = heart.images.max(axis=0) > 0
    lit[1:] |= lit[:-1]
    x, y = np.rint(heart.curves.reshape(-1, 2)).astype(int).T
    assert lit[y, x].mean() > 0.99


def test_wall_on_the_image_is_where_the_truth_says() -> None:
    heart = small(rows=320, columns=420, frames=4, quality=1.0)
    i = heart.ed_frame
    middle = heart.curves[i].mean(axis=0)
    out = heart.curves[i] - middle
    out /= np.linalg.norm(out, axis=1, keepdims=True)

    def grey(offset_px: float) -> float:
        x, y = np.rint(heart.curves[i] + offset_px * out).astype(int).T
        return float(heart.images[i][y, x].mean())

    steps = np.arange(-10, 11)
    profile = np.array([grey(s) for s in steps])
    steepest = steps[np.gradient(profile).argmax()]
    assert abs(steepest) <= 2


def test_times_are_even_over_the_beat() -> None:
    heart = small(beat_s=0.8)
    np.testing.assert_allclose(heart.frame_times_s, np.arange(12) * 0.8 / 12)


def test_loop_closes() -> None:
    """The step from the last frame to the first is no larger than the steps between."""
    heart = small(frames=24)
    steps = np.linalg.norm(np.roll(heart.curves, -1, axis=0) - heart.curves, axis=2).mean(axis=1)
    assert steps[-1] <= steps[:-1].max() + 1e-9


def test_poor_quality_lowers_the_contrast() -> None:
    good, poor = small(quality=1.0), small(quality=0.2)
    assert good.images.std() > poor.images.std()


def test_narrow_frame_holds_the_whole_fan() -> None:
    heart = small(rows=300, columns=160)
    assert not heart.images[:, :, 0].any()
    assert not heart.images[:, :, -1].any()


@pytest.mark.parametrize(
    ("name", "value"),
    [("frames", 1), ("rows", 50), ("columns", 50), ("ef", 0.95), ("quality", 1.1), ("beat_s", 0.1)],
)
def test_out_of_range_is_refused_by_name(name: str, value: float) -> None:
    with pytest.raises(LabelError, match=f"{name} of a phantom must be from"):
        small(**{name: value})
