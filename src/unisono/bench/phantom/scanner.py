"""What an ultrasound machine makes of the shapes: speckle, blur, gain, log compression, a sector on black.

Echoes are made on the machine's own grid of beams and samples. Every bit of tissue carries scatterers with
it (complex Gaussian, so their magnitude is Rayleigh): the speckle moves with the wall, while that of blood is
new in every frame. The point spread is short along the beam and wide across it; in angle it is nearly
constant, so it grows with depth, least at the focus.

Model of speckle: R. F. Wagner et al. (1983), IEEE Trans. Sonics Ultrason. 30(3):156-163,
doi:10.1109/T-SU.1983.31404.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from unisono.bench.phantom import anatomy
from unisono.bench.phantom.anatomy import Build, Moment

Floats = NDArray[np.float64]
Grid = NDArray[np.float32]

TEXEL_MM = 0.5
_SUBPIXEL_BITS = 4
_REFERENCE_PHASE = 0.2
"""The moment in whose coordinates the scatterers are stored."""

# Mean echo of each tissue, dB below the brightest.
BLOOD_DB, NOISE_DB, MUSCLE_DB, AROUND_DB, RIGHT_WALL_DB = -60.0, -58.0, -28.0, -41.0, -27.0
TRABECULAE_DB = -38.0
RANGE_DB = 60.0


@dataclass(frozen=True, slots=True)
class Sector:
    """The machine's geometry.

    Parameters
    ----------
    rows, columns : int, px
    spacing_mm : float, mm per pixel, both ways
    half_angle_rad : float
        Of the fan, about the vertical.
    top_px : float, px
        Where the probe's middle touches, below the upper rim; across, it is the middle column.
    depth_mm : float
        How deep the fan reaches.
    n_beams, n_samples : int
    """

    rows: int
    columns: int
    spacing_mm: float
    half_angle_rad: float
    top_px: float
    depth_mm: float
    n_beams: int
    n_samples: int

    def to_px(self, probe_mm: Floats) -> Floats:
        """Return probe points (..., 2) as pixels of the frame, (x, y)."""
        return np.asarray(probe_mm / self.spacing_mm + np.array([(self.columns - 1) / 2, self.top_px]))

    def to_grid(self, probe_mm: Floats) -> Floats:
        """Return probe points as (sample, beam), the two axes of the machine's grid."""
        reach = np.hypot(probe_mm[..., 0], probe_mm[..., 1])
        angle = np.arctan2(probe_mm[..., 0], probe_mm[..., 1])
        beam = (angle / self.half_angle_rad + 1) / 2 * (self.n_beams - 1)
        return np.stack((reach / self.depth_mm * (self.n_samples - 1), beam), axis=-1)

    def grid_mm(self) -> Floats:
        """Return the grid in probe coordinates, shape (n_beams, n_samples, 2), mm."""
        angle = np.linspace(-self.half_angle_rad, self.half_angle_rad, self.n_beams)[:, None]
        reach = np.linspace(0, self.depth_mm, self.n_samples)[None, :]
        return np.stack((reach * np.sin(angle), reach * np.cos(angle)), axis=-1)


@dataclass(frozen=True, slots=True)
class Settings:
    """How well this patient can be seen.

    Parameters
    ----------
    gain_db, noise_db : float
    haze : float
        Strength of the reverberation under the probe, 0 to 1.
    drop_out : float
        How far the gain falls in the shadows, 0 to 1.
    """

    gain_db: float
    noise_db: float
    haze: float
    drop_out: float


class Scanner:
    """One machine looking at one heart; `frame` draws a moment of it."""

    def __init__(self, sector: Sector, build: Build, settings: Settings, rng: np.random.Generator) -> None:
        self._sector, self._build, self._settings, self._rng = sector, build, settings, rng
        self._mm = sector.grid_mm()
        shape = (sector.n_beams, sector.n_samples)
        self._reference = anatomy.moment(build, _REFERENCE_PHASE)
        self._tissue = _tissue(rng)
        self._haze = _haze(rng, sector, settings)
        self._mottle = _mottle(rng, shape)
        self._gain = _gain(sector, settings, rng)
        self._map = _scan_map(sector)
        self._last: Grid | None = None

    def frame(self, now: Moment) -> NDArray[np.uint8]:
        """Return one image, shape (rows, columns), uint8."""
        echo, shine = self._echoes(now)
        field = self._carried(now) * echo[..., None] + self._haze
        noise = 10 ** ((self._settings.noise_db + NOISE_DB) / 20)
        field += self._rng.standard_normal(field.shape, dtype=np.float32) * np.float32(noise)
        field = self._spread(field)
        # Machines compound several looks, which fills the black threads between the grains.
        strength = cv2.GaussianBlur(np.hypot(field[..., 0], field[..., 1]), (0, 0), 1.0, sigmaY=0.6) + shine
        level = 20 * np.log10(strength + 1e-6) + self._gain
        if self._last is not None:  # machines average over time; so the eye sees less flicker
            level = 0.72 * level + 0.28 * self._last
        self._last = level
        grey = np.clip(level / RANGE_DB + 1, 0, 1) ** 1.25
        shown = cv2.remap(grey.astype(np.float32), *self._map, cv2.INTER_LINEAR, borderValue=0)
        return np.asarray(np.rint(255 * shown), dtype=np.uint8)

    def _echoes(self, now: Moment) -> tuple[Grid, Grid]:
        """Return the scatterers' strength and the mirror-like echoes, each (n_beams, n_samples)."""
        shape = (self._sector.n_beams, self._sector.n_samples)
        level = np.full(shape, AROUND_DB, dtype=np.float32)
        level += self._mottle
        shine = np.zeros(shape, dtype=np.float32)
        build = self._build
        left, right = anatomy.atria(now, build, 2.5)
        self._fill(level, now, right, RIGHT_WALL_DB)
        self._fill(level, now, left, RIGHT_WALL_DB)
        self._fill(level, now, anatomy.right_ventricle(now, build, 4.5), RIGHT_WALL_DB)
        self._fill(level, now, now.endocardium(now.wall_mm), MUSCLE_DB)
        self._fill(level, now, now.endocardium(1.2), TRABECULAE_DB)
        for chamber in (*anatomy.atria(now, build), anatomy.right_ventricle(now, build), now.endocardium()):
            self._fill(level, now, chamber, BLOOD_DB)
        outer = now.endocardium(now.wall_mm + 1.0)
        self._fill(level, now, anatomy.papillary(now), TRABECULAE_DB)
        self._mirror(shine, now, outer[len(outer) // 2 + 14 :], 0.30)
        self._mirror(shine, now, now.endocardium(0.6), 0.06)
        for leaf in anatomy.leaflets(now, build):
            cv2.polylines(level, [self._corners(now, leaf)], False, -17.0, 2, cv2.LINE_8, _SUBPIXEL_BITS)
            self._mirror(shine, now, leaf, 0.12)
        strength = 10 ** (cv2.GaussianBlur(level, (0, 0), sigmaX=1.6, sigmaY=0.8) / 20)
        return np.asarray(strength), np.asarray(cv2.GaussianBlur(shine, (0, 0), sigmaX=1.0, sigmaY=1.2))

    def _fill(self, canvas: Grid, now: Moment, outline: Floats, value: float) -> None:
        cv2.fillPoly(canvas, [self._corners(now, outline)], value, cv2.LINE_8, _SUBPIXEL_BITS)

    def _mirror(self, canvas: Grid, now: Moment, line: Floats, strength: float) -> None:
        """Draw a smooth surface: bright where the beam meets it square, nearly lost where they run along."""
        at = now.pose.to_probe(line)
        along, beam = np.diff(at, axis=0), (at[1:] + at[:-1]) / 2
        cross = along[:, 0] * beam[:, 1] - along[:, 1] * beam[:, 0]
        square = np.abs(cross) / (np.linalg.norm(along, axis=1) * np.linalg.norm(beam, axis=1) + 1e-9)
        corners = self._corners(now, line)
        for start, end, share in zip(corners[:-1], corners[1:], square, strict=True):
            value = strength * (0.08 + 0.92 * float(share) ** 2)
            cv2.line(canvas, start.tolist(), end.tolist(), value, 2, cv2.LINE_8, _SUBPIXEL_BITS)

    def _carried(self, now: Moment) -> Grid:
        """Return the tissue's scatterers where the tissue now is, (n_beams, n_samples, 2)."""
        coarse = self._mm[::4, ::4]
        there = coarse + _displacement(coarse, now, self._reference)
        fine = cv2.resize(there.astype(np.float32), self._mm.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        at = fine / np.float32(TEXEL_MM) + np.float32(self._tissue.shape[0] / 2)
        at[..., 1] -= np.float32(self._tissue.shape[0] / 4)
        moved = cv2.remap(self._tissue, at[..., 0], at[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
        return np.asarray(moved)

    def _spread(self, field: Grid) -> Grid:
        """Blur by the point spread: narrow across at the focus, wide in front of it and beyond."""
        sharp = cv2.GaussianBlur(field, (0, 0), sigmaX=1.1, sigmaY=0.9)
        wide = cv2.GaussianBlur(field, (0, 0), sigmaX=1.2, sigmaY=1.9)
        depth = np.linspace(0, 1, self._sector.n_samples, dtype=np.float32)
        share = np.clip(np.abs(depth - 0.55) / 0.5, 0, 1)[None, :, None]
        # A wider blur averages more scatterers: scaled so that the mean echo stays.
        return np.asarray(2.6 * sharp * (1 - share) + 3.6 * wide * share)

    def _corners(self, now: Moment, outline: Floats) -> NDArray[np.int32]:
        at = self._sector.to_grid(now.pose.to_probe(outline))
        return np.asarray(np.rint(at * 2**_SUBPIXEL_BITS), dtype=np.int32)


def _displacement(at_mm: Floats, now: Moment, reference: Moment) -> Floats:
    """Return how far tissue at probe points has come from the reference moment, reversed, mm."""
    v, z = np.moveaxis(now.pose.to_heart(at_mm), -1, 0)
    share = np.clip(z / now.length_mm, 0, 0.995)
    here, there = share * now.length_mm, share * reference.length_mm
    off = v - now.axis_mm(here)
    inner, inner_there = now.half_width_mm(here), reference.half_width_mm(there)
    scaled = np.where(
        np.abs(off) <= inner,
        off * inner_there / inner,
        np.sign(off) * (inner_there + (np.abs(off) - inner) * reference.wall_mm / now.wall_mm),
    )
    old = np.stack((scaled + reference.axis_mm(there), there + z - here), axis=-1)
    # The heart moves in a chest that does not: beyond it the movement dies away.
    outside = np.clip(np.hypot((v + 15) / 68, (z - 38) / 95) - 1, 0, None)
    fade = np.exp(-((outside / 0.25) ** 2))[..., None]
    return np.asarray(fade * (reference.pose.to_probe(old) - at_mm))


def _smooth_noise(rng: np.random.Generator, shape: tuple[int, int], sigma: float) -> Grid:
    """Return complex Gaussian scatterers, shape (*shape, 2), of unit mean square after smoothing."""
    noise = cv2.GaussianBlur(rng.standard_normal((*shape, 2), dtype=np.float32), (0, 0), sigma)
    return np.asarray(noise / noise.std(), dtype=np.float32)


def _tissue(rng: np.random.Generator) -> Grid:
    """Return the scatterers of all tissue, (560, 560, 2); bundles of fibres make patches of them brighter."""
    patches = cv2.GaussianBlur(rng.standard_normal((560, 560), dtype=np.float32), (0, 0), sigmaX=5, sigmaY=8)
    stronger_db = 3.0 * patches / patches.std()
    return np.asarray(_smooth_noise(rng, (560, 560), 1.0) * 10 ** (stronger_db / 20)[..., None])


def _mottle(rng: np.random.Generator, shape: tuple[int, int]) -> Grid:
    """Return slow changes of what surrounds the heart, dB."""
    coarse = cv2.GaussianBlur(rng.standard_normal(shape, dtype=np.float32), (0, 0), sigmaX=22, sigmaY=9)
    return np.asarray(5 * coarse / coarse.std(), dtype=np.float32)


def _haze(rng: np.random.Generator, sector: Sector, settings: Settings) -> Grid:
    """Return the still echoes under the probe, (n_beams, n_samples, 2)."""
    depth_mm = np.linspace(0, sector.depth_mm, sector.n_samples, dtype=np.float32)
    strength = 0.05 * np.exp(-depth_mm / 7) + 0.030 * settings.haze * np.exp(-((depth_mm / 40) ** 2))
    still = _smooth_noise(rng, (sector.n_beams, sector.n_samples), 1.0)
    return np.asarray(still * strength[None, :, None], dtype=np.float32)


def _gain(sector: Sector, settings: Settings, rng: np.random.Generator) -> Grid:
    """Return the gain over the grid, dB: the knob, the fan's rims, shadows of ribs and lung."""
    beam = np.linspace(-1, 1, sector.n_beams)[:, None]
    depth = np.linspace(0, 1, sector.n_samples)[None, :]
    gain = settings.gain_db - 9 * np.abs(beam) ** 6 - 5 * depth**3 + 0 * beam
    for centre, width, deep in zip(
        rng.choice([-1, 1], 3) * rng.uniform(0.35, 1.0, 3),
        rng.uniform(0.04, 0.12, 3),
        (30, 22, 16),
        strict=True,
    ):
        onset = 1 / (1 + np.exp(-(depth - rng.uniform(0.05, 0.45)) / 0.05))
        gain = gain - settings.drop_out * deep * onset * np.exp(-(((beam - centre) / width) ** 2))
    return np.asarray(gain, dtype=np.float32)


def _scan_map(sector: Sector) -> tuple[Grid, Grid]:
    """Return for every pixel of the frame its (sample, beam), outside the fan far off the grid."""
    x, y = np.meshgrid(np.arange(sector.columns), np.arange(sector.rows))
    probe = (np.stack((x, y), axis=-1) - sector.to_px(np.zeros(2))) * sector.spacing_mm
    at = sector.to_grid(probe).astype(np.float32)
    legal = (at[..., 1] >= 0) & (at[..., 1] <= sector.n_beams - 1) & (at[..., 0] <= sector.n_samples - 1)
    at[~legal] = -1e4
    return at[..., 0], at[..., 1]
