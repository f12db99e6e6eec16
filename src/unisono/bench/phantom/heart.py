"""A beating heart as a recording together with its truth.

Everything about a heart follows from the generator it is given, so a seed names a heart. The truth is in the
pixels of the stored frames, in millilitres and in frames; nobody traced it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unisono.base.errors import LabelError
from unisono.base.units import Points
from unisono.bench.phantom import anatomy
from unisono.bench.phantom.anatomy import Build, Moment
from unisono.bench.phantom.scanner import Scanner, Sector, Settings

SMALLEST_PX = 96


@dataclass(frozen=True, slots=True)
class Heart:
    """One apical four-chamber loop and what is true of it.

    Parameters
    ----------
    images : uint8 ndarray of shape (n_frames, rows, columns)
        Grey, the fan on black, nothing burnt in. The left ventricle is on the image's right.
    frame_times_s : float64 ndarray of shape (n_frames,), s
        Start of each frame; the first is 0.
    spacing_mm : tuple of float, mm per pixel
        (x, y).
    curves : float64 ndarray of shape (n_frames, n_points, 2), px
        The left ventricle's inner border, from the septal hinge over the apex to the lateral hinge.
    apex, septal_hinge, lateral_hinge : float64 ndarray of shape (n_frames, 2), px
        Points of the curve; the hinges are its ends.
    volumes_ml : float64 ndarray of shape (n_frames,), ml
        Of the left ventricle, in closed form.
    ed_frame, es_frame : int
        The frames of the largest and the smallest volume.
    """

    images: NDArray[np.uint8]
    frame_times_s: NDArray[np.float64]
    spacing_mm: tuple[float, float]
    curves: NDArray[np.float64]
    apex: Points
    septal_hinge: Points
    lateral_hinge: Points
    volumes_ml: NDArray[np.float64]
    ed_frame: int
    es_frame: int

    @property
    def ef(self) -> float:
        """Ejection fraction between the two frames, 0 to 1."""
        full, empty = self.volumes_ml[self.ed_frame], self.volumes_ml[self.es_frame]
        return float((full - empty) / full)


def make_heart(
    rng: np.random.Generator,
    *,
    frames: int = 48,
    rows: int = 480,
    columns: int = 640,
    ef: float = 0.6,
    quality: float = 0.8,
    beat_s: float = 1.0,
) -> Heart:
    """Return a new heart, seen for one beat.

    Parameters
    ----------
    rng : numpy.random.Generator
        Decides size, shape, pose, gain, shadows, speckle and where in the beat the loop begins.
    frames : int, default=48
        At least 2; they are spread evenly over the beat, so the loop closes.
    rows, columns : int, default=480, 640, px
        At least 96 each.
    ef : float, default=0.6
        Ejection fraction, 0.1 to 0.8.
    quality : float, default=0.8
        0 is a patient who can hardly be imaged (haze, drop-out, noise), 1 a textbook.
    beat_s : float, default=1.0, s
        Length of the beat, 0.3 to 2.

    Returns
    -------
    Heart

    Raises
    ------
    LabelError
        If an argument is out of its range.
    """
    _check(frames, rows, columns, ef, quality, beat_s)
    build = _build(rng, ef)
    sector = _sector(rng, rows, columns)
    settings = Settings(
        gain_db=float(rng.uniform(0, 4) + 3 * (quality - 0.8)),
        noise_db=float(12 * (1 - quality) + rng.uniform(-1, 1)),
        haze=float(np.clip(1.4 * (1 - quality) + rng.uniform(0, 0.3), 0, 1)),
        drop_out=float(np.clip(1 - quality + rng.uniform(0, 0.2), 0, 1)),
    )
    # The loop begins anywhere, but some frame lies exactly on end-diastole.
    first = int(rng.integers(frames))
    moments = [anatomy.moment(build, ((i - first) % frames) / frames) for i in range(frames)]
    scanner = Scanner(sector, build, settings, rng)
    scanner.frame(moments[-1])  # the average over time then closes the loop as well
    images = np.stack([scanner.frame(now) for now in moments])
    return _with_truth(images, moments, sector, beat_s)


def _with_truth(images: NDArray[np.uint8], moments: list[Moment], sector: Sector, beat_s: float) -> Heart:
    curves = np.stack([sector.to_px(m.pose.to_probe(m.endocardium())) for m in moments])
    tips = [sector.to_px(m.pose.to_probe(np.array([0.0, m.length_mm]))) for m in moments]
    volumes = np.array([anatomy.disc_volume_ml(m.length_mm, m.radius_mm) for m in moments])
    return Heart(
        images=images,
        frame_times_s=np.arange(len(moments)) * beat_s / len(moments),
        spacing_mm=(sector.spacing_mm, sector.spacing_mm),
        curves=curves,
        apex=np.stack(tips),
        septal_hinge=curves[:, 0],
        lateral_hinge=curves[:, -1],
        volumes_ml=volumes,
        ed_frame=int(volumes.argmax()),
        es_frame=int(volumes.argmin()),
    )


def _build(rng: np.random.Generator, ef: float) -> Build:
    # A failing heart is a large one.
    volume = float(rng.normal(118, 14) * (1 + 1.1 * max(0.0, 0.55 - ef)))
    length = float(rng.normal(86, 3) * (volume / 118) ** 0.25)
    return Build(
        volume_ml=volume,
        ef=ef,
        length_mm=length,
        bend_mm=float(rng.uniform(-1.0, 3.0)),
        wall_mm=float(rng.uniform(8.5, 11.0)),
        right_width_mm=float(rng.uniform(31, 38)),
        atrium_mm=float(rng.uniform(40, 45)),
        tilt_rad=float(rng.uniform(-0.19, -0.05)),
        apex_mm=(float(rng.uniform(2, 8)), float(rng.uniform(26, 32))),
    )


def _sector(rng: np.random.Generator, rows: int, columns: int) -> Sector:
    top = 0.02 * rows
    depth_mm = float(rng.uniform(162, 176))
    half_angle = float(np.deg2rad(rng.uniform(38, 43)))
    # A narrow frame must still hold the fan's full width.
    spacing = max(depth_mm / (0.96 * rows), 2 * depth_mm * np.sin(half_angle) / (0.98 * columns))
    return Sector(
        rows=rows,
        columns=columns,
        spacing_mm=float(spacing),
        half_angle_rad=half_angle,
        top_px=top,
        depth_mm=depth_mm,
        n_beams=max(96, rows * 2 // 5),
        n_samples=max(192, rows),
    )


def _check(frames: int, rows: int, columns: int, ef: float, quality: float, beat_s: float) -> None:
    for name, value, low, high in (
        ("frames", frames, 2, 100_000),
        ("rows", rows, SMALLEST_PX, 4096),
        ("columns", columns, SMALLEST_PX, 4096),
        ("ef", ef, 0.1, 0.8),
        ("quality", quality, 0, 1),
        ("beat_s", beat_s, 0.3, 2),
    ):
        if not low <= value <= high:
            raise LabelError(f"{name} of a phantom must be from {low} to {high}; got {value}")
