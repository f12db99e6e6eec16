"""Simulated experts: what a panel might draw over images whose truth is known.

Nobody publishes curves of several experts on the same echocardiogram, so consensus code is judged on these.
An expert traces the truth with a bias of his own and a smooth error, both along the local normal; the error
doubles near the apex, hinges and apex slide along the wall, and the curve goes through a handful of unevenly
spaced clicks. Three of the eleven have a habit: one draws on a wrong border now and then, one draws
backwards, one stops early. Everything simulated says so wherever it is shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from unisono.base.errors import LabelError
from unisono.base.units import PIXELS, Points, Spacing
from unisono.labels.spline import resample

CURVE, APEX, FIRST, LAST = "curve-lv-endo", "lv-apex-endo", "mv-ant-hinge", "mv-post-hinge"
N_DENSE = 801
BIAS_SD_MM = 1.0
NOISE_SD_MM = (0.9, 1.9)
CORRELATION = 0.12
"""Length over which errors are alike, as a share of the border."""
APEX_WIDTH = 0.15
HINGE_SLIDE_MM = 1.8
APEX_SLIDE = 0.02
CLICKS = (7, 15)
UNEVEN = 0.7
"""Spread of the logarithm of the gaps between clicks."""
WRONG_MM = (7.0, 11.0)
WRONG_SHARE = 0.4
STOPS_AT = (0.72, 0.88)
ALONG_WALL_MM, ACROSS_WALL_MM = 2.0, 1.0


class Habit(StrEnum):
    """How an expert differs from the ordinary."""

    ORDINARY = "ordinary"
    OUTLIER = "outlier"
    BACKWARDS = "backwards"
    PARTIAL = "partial"


ELEVEN = (*(Habit.ORDINARY,) * 8, Habit.OUTLIER, Habit.BACKWARDS, Habit.PARTIAL)
"""The panel of the demo and of the benchmark."""


@dataclass(frozen=True, slots=True)
class Truth:
    """A border that is known.

    Parameters
    ----------
    border : float64 ndarray of shape (n_points, 2), px
        From the septal hinge over the apex to the lateral hinge.
    apex : float64 ndarray of shape (2,), px
    """

    border: Points
    apex: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SimulatedExpert:
    """What an expert was made with: bias outwards and SD of the smooth error, in mm."""

    habit: Habit
    bias_mm: float
    noise_mm: float


@dataclass(frozen=True, slots=True)
class SimulatedPanel:
    """What a panel drew, and what it drew from.

    Parameters
    ----------
    labels : tuple of tuple of dict
        By expert, then by image: label JSON by question key.
    experts : tuple of SimulatedExpert
    truths : tuple of Truth
    """

    labels: tuple[tuple[dict[str, Any], ...], ...]
    experts: tuple[SimulatedExpert, ...]
    truths: tuple[Truth, ...]


def simulate_experts(
    truths: Sequence[Truth],
    spacings: Sequence[Spacing | None],
    rng: np.random.Generator,
    panel: Sequence[Habit] = ELEVEN,
) -> SimulatedPanel:
    """Let a panel trace every image: the border, the apex and the two hinges.

    Parameters
    ----------
    truths : sequence of Truth
    spacings : sequence of Spacing or None, same length
        Without a calibration the errors are in px.
    rng : numpy.random.Generator
    panel : sequence of Habit, default=ELEVEN

    Raises
    ------
    LabelError
        If there are not as many spacings as truths.
    """
    if len(truths) != len(spacings):
        raise LabelError(f"{len(spacings)} spacings for {len(truths)} truths")
    experts = tuple(
        SimulatedExpert(habit, float(rng.normal(0, BIAS_SD_MM)), float(rng.uniform(*NOISE_SD_MM)))
        for habit in panel
    )
    labels = tuple(
        tuple(_trace(t, s or PIXELS, expert, rng) for t, s in zip(truths, spacings, strict=True))
        for expert in experts
    )
    return SimulatedPanel(labels, experts, tuple(truths))


def simulate_points(
    truths: Sequence[Mapping[str, NDArray[np.float64]]],
    spacings: Sequence[Spacing | None],
    rng: np.random.Generator,
    n_experts: int,
    *,
    blurred_share: float = 0.03,
) -> tuple[tuple[dict[str, Any], ...], ...]:
    """Let experts set named points, such as the four of a parasternal measurement.

    Parameters
    ----------
    truths : sequence of mapping of str to float64 ndarray of shape (2,), px
        By question key.
    spacings : sequence of Spacing or None, same length
    rng : numpy.random.Generator
    n_experts : int
    blurred_share : float, default=0.03
        How often a point is said to be impossible to label.

    Returns
    -------
    tuple of tuple of dict
        By expert, then by image: label JSON by question key. Errors are larger along the horizontal wall.
    """
    spread = (ALONG_WALL_MM, ACROSS_WALL_MM)
    out = []
    for _ in range(n_experts):
        bias = rng.normal(0, 0.5, 2)
        rows = []
        for truth, spacing in zip(truths, spacings, strict=True):
            row = {}
            for key, at in truth.items():
                error = bias + rng.normal(0, spread)
                blurred = rng.random() < blurred_share
                moved = at + (spacing or PIXELS).to_px(error[None])[0]
                row[key] = {"visibility": "blurred", "instances": []} if blurred else point_label(moved)
            rows.append(row)
        out.append(tuple(rows))
    return tuple(out)


def simulate_choices(
    truths: Sequence[str], categories: Sequence[str], rng: np.random.Generator, n_experts: int
) -> tuple[tuple[dict[str, Any], ...], ...]:
    """Let experts choose a category; each is right in 78 to 93 % and has a favourite mistake.

    Returns
    -------
    tuple of tuple of dict
        By expert, then by item: label JSON.
    """
    out = []
    for right in rng.uniform(0.78, 0.93, n_experts):
        favourite = rng.integers(1, len(categories), len(categories))
        rows = []
        for truth in truths:
            index = categories.index(truth)
            if rng.random() > right:
                step = favourite[index] if rng.random() < 0.5 else rng.integers(1, len(categories))  # noqa: PLR2004
                index = (index + int(step)) % len(categories)
            rows.append({"visibility": "seen", "instances": [{"key": categories[index]}]})
        out.append(tuple(rows))
    return tuple(out)


def make_truth(rng: np.random.Generator, spacing: Spacing, *, centre_px: tuple[float, float]) -> Truth:
    """Return a border shaped like a left ventricle in the apical view, 75 to 95 mm long.

    Parameters
    ----------
    rng : numpy.random.Generator
    spacing : Spacing
    centre_px : tuple of float
        Where the middle of the cavity lies.
    """
    half_width, half_length = rng.uniform(20, 27), rng.uniform(46, 56)
    ends = np.deg2rad(rng.uniform(122, 140, 2))
    angle = np.linspace(-ends[0], ends[1], N_DENSE)
    lean, tilt = rng.normal(0, 0.12), rng.normal(0, 0.15)
    wave = sum(rng.normal(0, 0.02 / k**0.7) * np.cos(k * angle + rng.uniform(0, 6.3)) for k in (2, 3, 4))
    x = half_width * (np.sin(angle) + lean * np.sin(angle) ** 2) * (1 + wave)
    y = -half_length * np.cos(angle) * (1 + wave)
    turn = np.array([[np.cos(tilt), -np.sin(tilt)], [np.sin(tilt), np.cos(tilt)]])
    border_mm = np.column_stack([x, y]) @ turn.T
    border_mm = resample((border_mm,), N_DENSE)
    base = (border_mm[0] + border_mm[-1]) / 2
    apex = border_mm[int(np.hypot(*(border_mm - base).T).argmax())]
    to_px = spacing.to_px(np.vstack([border_mm, apex])) + centre_px
    return Truth(to_px[:-1], to_px[-1])


def point_label(at: NDArray[np.float64]) -> dict[str, Any]:
    """Return the label JSON of a point that was seen."""
    return {"visibility": "seen", "instances": [{"x": float(at[0]), "y": float(at[1])}]}


def _trace(
    truth: Truth, spacing: Spacing, expert: SimulatedExpert, rng: np.random.Generator
) -> dict[str, Any]:
    border = resample((spacing.to_mm(truth.border),), N_DENSE)
    at_apex = float(np.hypot(*(border - spacing.to_mm(truth.apex[None])).T).argmin()) / (N_DENSE - 1)
    length = float(np.hypot(*np.diff(border, axis=0).T).sum())
    traced = border + _error(expert, at_apex, rng)[:, None] * _outwards(border)
    slide = rng.normal(0, HINGE_SLIDE_MM / length, 2)
    start, stop = slide[0], 1 + slide[1]
    apex = float(np.clip(at_apex + rng.normal(0, APEX_SLIDE), 0.2, 0.8))
    ends = _at(traced, np.array([start, apex, stop]))
    partial = expert.habit is Habit.PARTIAL
    last = rng.uniform(*STOPS_AT) if partial else stop
    place = _clicks(start, apex, last, rng)
    nodes = [{"x": x, "y": y} for x, y in spacing.to_px(_at(traced, place)).tolist()]
    keyed: list[dict[str, Any]] = [dict(n) for n in nodes]
    keyed[0]["key"] = FIRST
    keyed[int(np.abs(place - apex).argmin())]["key"] = APEX
    if not partial:
        keyed[-1]["key"] = LAST
    if expert.habit is Habit.BACKWARDS:
        keyed.reverse()
    curve = {"nodes": keyed, "spline": "natural-cubic/chord", "freehand": False}
    points = {key: point_label(at) for key, at in zip((FIRST, APEX, LAST), spacing.to_px(ends), strict=True)}
    return {CURVE: {"visibility": "seen", "instances": [curve]}, **points}


def _error(expert: SimulatedExpert, at_apex: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the error along the outward normal, shape (N_DENSE,), mm."""
    margin = N_DENSE  # filtered beyond the ends, or the error would be smaller there
    width = CORRELATION * N_DENSE / np.sqrt(2)
    noise = gaussian_filter1d(rng.normal(size=N_DENSE + 2 * margin), width)[margin:-margin]
    noise *= np.sqrt(2 * np.sqrt(np.pi) * width)
    place = np.linspace(0, 1, N_DENSE)
    doubled = 1 + np.exp(-0.5 * ((place - at_apex) / APEX_WIDTH) ** 2)
    wrong = rng.uniform(*WRONG_MM) * rng.choice([-1.0, 1.0]) * (rng.random() < WRONG_SHARE)
    habit = wrong if expert.habit is Habit.OUTLIER else 0.0
    return np.asarray(expert.bias_mm + habit + expert.noise_mm * doubled * noise)


def _outwards(border: Points) -> Points:
    step = np.gradient(border, axis=0)
    step /= np.hypot(step[:, 0], step[:, 1])[:, None]
    return np.column_stack([step[:, 1], -step[:, 0]])


def _clicks(start: float, apex: float, last: float, rng: np.random.Generator) -> NDArray[np.float64]:
    n_clicks = int(rng.integers(CLICKS[0], CLICKS[1] + 1))
    n_up = max(2, round((n_clicks - 1) * (apex - start) / (last - start)))
    n_down = max(2, n_clicks - 1 - n_up)
    up = start + (apex - start) * _uneven(n_up, rng)
    down = apex + (last - apex) * _uneven(n_down, rng)
    return np.concatenate([up, down[1:]])


def _uneven(n_gaps: int, rng: np.random.Generator) -> NDArray[np.float64]:
    gaps = np.exp(rng.normal(0, UNEVEN, n_gaps))
    return np.asarray(np.concatenate([[0.0], np.cumsum(gaps) / gaps.sum()]))


def _at(path: Points, place: NDArray[np.float64]) -> Points:
    """Return points at shares of a path's index, beyond its ends along its last direction."""
    index = place * (len(path) - 1)
    inside = np.clip(index, 0, len(path) - 1)
    base = np.column_stack([np.interp(inside, np.arange(len(path)), path[:, k]) for k in (0, 1)])
    over = index - inside
    step = np.where((over < 0)[:, None], (path[9] - path[0]) / 9, (path[-1] - path[-10]) / 9)
    return np.asarray(base + over[:, None] * step)
