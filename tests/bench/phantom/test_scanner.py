from dataclasses import replace

import numpy as np
import pytest

from unisono.bench.phantom import anatomy
from unisono.bench.phantom.anatomy import Build
from unisono.bench.phantom.scanner import Scanner, Sector, Settings

SECTOR = Sector(
    rows=240,
    columns=320,
    spacing_mm=0.7,
    half_angle_rad=0.7,
    top_px=5.0,
    depth_mm=160,
    n_beams=96,
    n_samples=240,
)
BUILD = Build(
    volume_ml=120, ef=0.6, length_mm=86, bend_mm=1.0, wall_mm=10, right_width_mm=34, atrium_mm=42,
    tilt_rad=-0.1, apex_mm=(5.0, 28.0),
)  # fmt: skip
CLEAR = Settings(gain_db=2, noise_db=0, haze=0, drop_out=0)


def scanner(settings: Settings = CLEAR, seed: int = 3) -> Scanner:
    return Scanner(SECTOR, BUILD, settings, np.random.default_rng(seed))


def test_probe_lies_in_the_middle_column() -> None:
    np.testing.assert_allclose(SECTOR.to_px(np.zeros(2)), [159.5, 5.0])
    np.testing.assert_allclose(SECTOR.to_px(np.array([7.0, 70.0])), [169.5, 105.0])


def test_grid_and_its_inverse_agree() -> None:
    beam, sample = np.meshgrid(np.arange(96), np.arange(1, 240), indexing="ij")
    at = SECTOR.to_grid(SECTOR.grid_mm())[:, 1:]
    np.testing.assert_allclose(at, np.stack((sample, beam), axis=-1), atol=1e-9)


def test_outside_the_fan_is_black() -> None:
    image = scanner().frame(anatomy.moment(BUILD, 0.0))
    assert image.shape == (240, 320)
    assert not image[:100, :20].any()
    assert not image[-3:].any()
    assert image[100:150, 150:170].any()


def test_wall_is_brighter_than_blood() -> None:
    now = anatomy.moment(BUILD, 0.0)
    image = scanner().frame(now)
    z = np.linspace(20, 60, 40)
    middle, half = now.axis_mm(z), now.half_width_mm(z)
    blood = SECTOR.to_px(now.pose.to_probe(np.column_stack((middle, z))))
    septum = SECTOR.to_px(now.pose.to_probe(np.column_stack((middle - half - 5, z))))
    grey = [float(np.mean([image[round(y), round(x)] for x, y in line])) for line in (blood, septum)]
    assert grey[1] > grey[0] + 40


def test_speckle_rides_with_the_septum() -> None:
    """Follow a patch by the known motion: it must match far better than the patch that stays."""
    machine = scanner()
    first, later = (anatomy.moment(BUILD, p) for p in (0.10, 0.14))
    images = [machine.frame(first).astype(float), machine.frame(later).astype(float)]
    v, z = np.meshgrid(np.linspace(-8, -2, 20), np.linspace(0.1, 0.9, 160))

    def patch(image: np.ndarray, now: anatomy.Moment) -> np.ndarray:
        height = z * now.length_mm
        across = v / 10 * now.wall_mm - now.half_width_mm(height) + now.axis_mm(height)
        at = SECTOR.to_px(now.pose.to_probe(np.stack((across, height), axis=-1)))
        return image[np.rint(at[..., 1]).astype(int), np.rint(at[..., 0]).astype(int)]

    def likeness(a: np.ndarray, b: np.ndarray) -> float:
        return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])

    start = patch(images[0], first)
    assert likeness(start, patch(images[1], later)) > likeness(start, patch(images[1], first)) + 0.05


@pytest.mark.parametrize(("field", "value"), [("haze", 1.0), ("drop_out", 1.0), ("gain_db", 8.0)])
def test_each_setting_changes_the_image(field: str, value: float) -> None:
    now = anatomy.moment(BUILD, 0.0)
    plain, changed = scanner().frame(now).astype(float), scanner(replace(CLEAR, **{field: value})).frame(now)
    assert abs(changed.astype(float) - plain).mean() > 0.5


def test_drop_out_darkens_and_gain_brightens() -> None:
    now = anatomy.moment(BUILD, 0.0)
    plain = scanner().frame(now).mean()
    assert scanner(Settings(2, 0, 0, 1.0)).frame(now).mean() < plain
    assert scanner(Settings(8, 0, 0, 0)).frame(now).mean() > plain
