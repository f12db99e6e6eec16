"""Where the walls of a beating heart are: the apical four-chamber plane as shapes in millimetres.

The left ventricle is a stack of circular discs, a prolate ellipsoid cut off at the mitral valve whose axis is
bent by shifting the discs sideways. Shifting discs keeps their areas (Cavalieri), so the volume is known in
closed form and the method of discs must find it.

Heart coordinates ``(v, z)``, mm: the origin is the middle of the mitral ring, z runs to the apex, v to the
lateral wall. `Pose` turns them into probe coordinates ``(x, depth)``, mm, with the probe at (0, 0).

Shape of the volume curve and longitudinal share of the shortening: Lang et al. (2015), Recommendations for
cardiac chamber quantification, doi:10.1016/j.echo.2014.10.003 (normal ranges only).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicHermiteSpline, PchipInterpolator

Floats = NDArray[np.float64]

WIDEST = 0.40
"""Share of the axis at which the ventricle is widest, from the valve."""
N_CURVE = 161

# Share of the stroke volume that has left, over one beat from end-diastole: ejection, rapid filling,
# diastasis, the atrial kick.
_EJECTED = PchipInterpolator(
    [0.0, 0.06, 0.20, 0.30, 0.36, 0.40, 0.46, 0.56, 0.64, 0.82, 0.90, 0.97, 1.0],
    [0.0, 0.03, 0.62, 0.94, 1.00, 0.985, 0.72, 0.34, 0.25, 0.21, 0.11, 0.005, 0.0],
)
# How far the mitral leaflets are open: shut in systole, wide in early filling, again with the kick.
_OPEN = PchipInterpolator(
    [0.0, 0.03, 0.40, 0.47, 0.56, 0.66, 0.78, 0.86, 0.92, 0.985, 1.0],
    [0.1, 0.0, 0.0, 0.9, 1.0, 0.45, 0.40, 0.75, 0.80, 0.15, 0.1],
)


@dataclass(frozen=True, slots=True)
class Build:
    """What makes one heart differ from another; lengths in mm at end-diastole."""

    volume_ml: float
    ef: float
    length_mm: float
    bend_mm: float
    wall_mm: float
    right_width_mm: float
    atrium_mm: float
    tilt_rad: float
    apex_mm: tuple[float, float]
    """Of the left ventricle's tip, in probe coordinates."""


@dataclass(frozen=True, slots=True)
class Pose:
    """Where the heart lies under the probe: a turn, then a shift."""

    origin_mm: Floats
    turn_rad: float

    def to_probe(self, points: Floats) -> Floats:
        """Return heart points (..., 2) as (x, depth), mm."""
        sin, cos = np.sin(self.turn_rad), np.cos(self.turn_rad)
        v, z = points[..., 0], points[..., 1]
        return np.stack((cos * v + sin * z, sin * v - cos * z), axis=-1) + self.origin_mm

    def to_heart(self, points: Floats) -> Floats:
        """Return probe points (..., 2) as (v, z), mm."""
        sin, cos = np.sin(self.turn_rad), np.cos(self.turn_rad)
        x, depth = np.moveaxis(points - self.origin_mm, -1, 0)
        return np.stack((cos * x + sin * depth, sin * x - cos * depth), axis=-1)


@dataclass(frozen=True, slots=True)
class Moment:
    """The left ventricle at one moment of the beat, and what else moves with it."""

    length_mm: float
    radius_mm: float
    wall_mm: float
    bend_mm: float
    ejected: float
    open: float
    pose: Pose

    def half_width_mm(self, z: Floats) -> Floats:
        """Return the radius of the disc at height z, 0 beyond the apex."""
        share = (z - WIDEST * self.length_mm) / ((1 - WIDEST) * self.length_mm)
        return self.radius_mm * np.sqrt(np.clip(1 - share**2, 0, None))

    def axis_mm(self, z: Floats) -> Floats:
        """Return the sideways place of the disc at height z."""
        return self.bend_mm * np.sin(np.pi * np.clip(z / self.length_mm, 0, 1))

    def endocardium(self, grow_mm: float = 0.0) -> Floats:
        """Return the inner border moved outward, septal hinge over apex to lateral hinge, (N_CURVE, 2)."""
        above = (1 - WIDEST) * self.length_mm
        low = -np.arcsin(WIDEST / (1 - WIDEST))
        angle = np.linspace(low, np.pi - low, N_CURVE)
        z = WIDEST * self.length_mm + (above + grow_mm) * np.sin(angle)
        v = -(self.radius_mm + grow_mm) * np.cos(angle)
        return np.column_stack((v + self.axis_mm(np.minimum(z, self.length_mm)), z))


def disc_volume_ml(length_mm: float, radius_mm: float) -> float:
    """Return the volume of the cut ellipsoid in closed form."""
    above, below = (1 - WIDEST) * length_mm, WIDEST * length_mm
    return float(np.pi * radius_mm**2 * (2 * above / 3 + below - below**3 / (3 * above**2)) / 1000)


def moment(build: Build, phase: float) -> Moment:
    """Return the heart at ``phase`` of the beat, 0 to 1 from end-diastole."""
    ejected = float(_EJECTED(phase % 1.0))
    volume = build.volume_ml * (1 - build.ef * ejected)
    # The base comes down by a seventh in a healthy heart; the rest of the stroke is the wall's thickening.
    length = build.length_mm * (1 - 0.24 * build.ef * ejected)
    radius = float(np.sqrt(volume / disc_volume_ml(length, 1.0)))
    turn = build.tilt_rad + 0.02 * ejected
    apex = np.array(build.apex_mm) + np.array([0.6, 0.9]) * ejected
    heading = np.array([np.sin(turn), -np.cos(turn)])
    return Moment(
        length_mm=length,
        radius_mm=radius,
        wall_mm=build.wall_mm * (1 + 0.65 * build.ef * ejected),
        bend_mm=build.bend_mm * radius / 24,
        ejected=ejected,
        open=float(_OPEN(phase % 1.0)),
        pose=Pose(apex - length * heading, turn),
    )


def right_ventricle(now: Moment, build: Build, grow_mm: float = 0.0) -> Floats:
    """Return the right ventricle's outline, closed, heart coordinates; ``grow_mm`` adds its free wall."""
    top = 0.80 * now.length_mm
    z = np.linspace(7.0, top, 40)
    septal = now.axis_mm(z) - now.half_width_mm(z) - now.wall_mm
    width = build.right_width_mm * (1 - 0.35 * build.ef * now.ejected)
    hinge = np.array([septal[0] - width, 4.0])
    ends = np.array([[septal[-1], top + 2.0], hinge])
    slopes = np.array([[-0.9 * width, 8.0], [-0.12 * width, -0.9 * top]])
    free = CubicHermiteSpline([0, 1], ends, slopes)(np.linspace(0, 1, 50))
    outline = np.vstack((np.column_stack((septal, z)), free))
    return outline if grow_mm == 0 else outline + grow_mm * _outward(outline)


def atria(now: Moment, build: Build, grow_mm: float = 0.0) -> tuple[Floats, Floats]:
    """Return the outlines of the left and the right atrium, closed, heart coordinates."""
    ring = float(now.half_width_mm(np.zeros(1))[0])
    fill = 1 + 0.10 * now.ejected
    width = build.right_width_mm * (1 - 0.35 * build.ef * now.ejected)
    between = -ring - 0.5 * now.wall_mm
    return (
        _chamber((between + 1.5, ring + 3.0), 0.0, build.atrium_mm * fill, grow_mm),
        _chamber((between - 1.5 - 0.95 * width, between - 1.5), 5.0, 0.95 * build.atrium_mm * fill, grow_mm),
    )


def leaflets(now: Moment, build: Build) -> list[Floats]:
    """Return the four leaflets that this plane cuts, each an open line from its hinge, heart coordinates."""
    ring = float(now.half_width_mm(np.zeros(1))[0])
    width = build.right_width_mm * (1 - 0.35 * build.ef * now.ejected)
    septum = -ring - now.wall_mm
    o = now.open
    mitral = ((-ring, 0.0), (0.25 * ring - 0.75 * ring * o, 4.0 + 16.0 * o), (ring, 0.0), (0.75 * ring, 12.0))
    right = ((septum, 7.0), (septum - 0.45 * width + 0.2 * width * o, 10.0 + 8.0 * o))
    return [
        _leaf(np.array(mitral[0]), np.array(mitral[1]), 1.5),
        _leaf(np.array(mitral[2]), (1 - o) * np.array(mitral[1]) + o * np.array(mitral[3]), 2.0),
        _leaf(np.array(right[0]), np.array(right[1]), 2.0),
        _leaf(
            np.array([septum - width, 4.0]),
            np.array([septum - 0.45 * width - 0.35 * width * o, 10.0 + 8.0 * o]),
            2.0,
        ),
    ]


def papillary(now: Moment) -> Floats:
    """Return the muscle that stands into the cavity from the lateral wall, closed, heart coordinates.

    By convention it belongs to the cavity: the border runs behind it.
    """
    height = np.array([0.44, 0.66]) * now.length_mm
    z = np.linspace(height[0], height[1], 24)
    wall = now.axis_mm(z) + now.half_width_mm(z)
    belly = np.sin(np.linspace(0, np.pi, 24)) * (3.5 + 2.5 * now.ejected)
    return np.vstack((np.column_stack((wall, z)), np.column_stack((wall - belly, z))[::-1]))


def _chamber(sides: tuple[float, float], top: float, depth: float, grow_mm: float) -> Floats:
    """Return an egg that hangs below a valve, its flat end up."""
    angle = np.linspace(0, 2 * np.pi, 80, endpoint=False)
    middle, half = (sides[0] + sides[1]) / 2, (sides[1] - sides[0]) / 2 + grow_mm
    # A superellipse: fuller than an ellipse, as atria are.
    across = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** 0.75
    along = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** 0.75
    return np.column_stack((middle + half * across, top - depth / 2 + (depth / 2 + grow_mm) * along))


def _leaf(hinge: Floats, tip: Floats, belly_mm: float) -> Floats:
    """Return a leaflet from hinge to tip that bellies toward the apex."""
    t = np.linspace(0, 1, 16)[:, None]
    middle = (hinge + tip) / 2 + np.array([0.0, belly_mm])
    return np.asarray((1 - t) ** 2 * hinge + 2 * t * (1 - t) * middle + t**2 * tip)


def _outward(outline: Floats) -> Floats:
    """Return unit normals of a closed outline that point away from its middle."""
    along = np.roll(outline, -1, axis=0) - np.roll(outline, 1, axis=0)
    normal = np.column_stack((along[:, 1], -along[:, 0]))
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    outside = np.sum(normal * (outline - outline.mean(axis=0)))
    return normal if outside > 0 else -normal
