"""The experts' paths of one item, made comparable: one unit, one direction, the unusable ones named.

The direction of a drawing says nothing (some trace from the lateral hinge). Each path is turned the way of
the medoid, then the whole bundle is turned so that most named hinges are at their ends: without that last
step a reversed medoid swaps the hinges of everybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from unisono.agree.base import Facts, Vote
from unisono.agree.geometry import crosses_itself, evenly
from unisono.base.units import PIXELS, Points, Spacing
from unisono.labels.base import Vector
from unisono.labels.spline import length

Floats = NDArray[np.float64]
N_POSITIONS = 101
"""Positions of a consensus path."""
N_COMPARED = 41
"""Positions at which whole paths are compared to find their direction."""
MIN_POINTS = 3
SHORTEST, LONGEST = 0.4, 2.5
"""Legal lengths in median lengths of the item's paths."""
AT_END = 0.03
"""A hinge this near to a path's end, in path lengths, is that end."""
MIDDLE = (0.15, 0.85)
"""Where along a path its apex may lie."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One expert's path.

    Parameters
    ----------
    expert, answer : str
    strokes : tuple of float64 ndarray of shape (n_points, 2), mm or px
        In the direction of the bundle.
    anchors : mapping of str to float64 ndarray of shape (2,), mm or px
    is_reversed : bool
        Drawn against the direction of the bundle.
    set_aside : str or None
        Why it cannot be used.
    """

    expert: str
    answer: str
    strokes: tuple[Points, ...]
    anchors: Mapping[str, Floats]
    is_reversed: bool = False
    set_aside: str | None = None

    @property
    def path(self) -> Points:
        """All strokes one behind the other, gaps bridged."""
        return np.concatenate(self.strokes)

    @property
    def length(self) -> float:
        """Drawn length, gaps left out."""
        return length(self.strokes)

    def turned(self) -> "Drawn":
        """Return the path in the other direction."""
        strokes = tuple(s[::-1] for s in reversed(self.strokes))
        return replace(self, strokes=strokes, is_reversed=not self.is_reversed)


@dataclass(frozen=True, slots=True)
class Bundle:
    """The usable paths of an item, all in one direction, and the others with the reason."""

    kept: tuple[Drawn, ...]
    aside: tuple[Drawn, ...]

    @property
    def median_length(self) -> float:
        """Median drawn length of the usable paths."""
        return float(np.median([d.length for d in self.kept]))


def gather(votes: Sequence[Vote], facts: Facts, spacing: Spacing | None) -> Bundle:
    """Return the bundle of one item's path votes, in mm where the item is calibrated, else in px."""
    scale = spacing or PIXELS
    drawn = [_drawn(v, v.value, scale) for v in votes if isinstance(v.value, Vector)]
    checked = [replace(d, set_aside=_shape_fault(d)) for d in drawn]
    lengths = [d.length for d in checked if d.set_aside is None]
    middle = float(np.median(lengths)) if lengths else 0.0
    checked = [d if d.set_aside else replace(d, set_aside=_length_fault(d.length, middle)) for d in checked]
    kept = _aligned([d for d in checked if d.set_aside is None], facts)
    return Bundle(tuple(kept), tuple(d for d in checked if d.set_aside is not None))


def _drawn(vote: Vote, value: Vector, scale: Spacing) -> Drawn:
    strokes = tuple(scale.to_mm(s) for s in value.strokes)
    anchors = {key: scale.to_mm(at) for key, at in value.anchors.items()}
    return Drawn(vote.expert, vote.answer, strokes, anchors)


def _shape_fault(drawn: Drawn) -> str | None:
    if sum(len(s) for s in drawn.strokes) < MIN_POINTS or drawn.length <= 0:
        return f"fewer than {MIN_POINTS} points"
    if any(len(s) > 1 and crosses_itself(s) for s in drawn.strokes):
        return "crosses itself"
    return None


def _length_fault(own: float, middle: float) -> str | None:
    if SHORTEST * middle <= own <= LONGEST * middle:
        return None
    return f"length is {own / middle:.2f} of the experts' median; {SHORTEST} to {LONGEST} is legal"


def _aligned(drawn: list[Drawn], facts: Facts) -> list[Drawn]:
    if not drawn:
        return []
    sampled = np.stack([evenly(d.path, N_COMPARED) for d in drawn])
    same = _mean_gap(sampled, sampled)
    flipped = _mean_gap(sampled, sampled[:, ::-1])
    medoid = int(np.minimum(same, flipped).sum(axis=1).argmin())
    turn = flipped[medoid] < same[medoid]
    drawn = [d.turned() if t else d for d, t in zip(drawn, turn, strict=True)]
    return [d.turned() for d in drawn] if _is_backwards(drawn, facts) else drawn


def _mean_gap(a: Floats, b: Floats) -> Floats:
    return np.asarray(np.linalg.norm(a[:, None] - b[None], axis=3).mean(axis=2))


def _is_backwards(drawn: list[Drawn], facts: Facts) -> bool:
    named = [_hinge_vote(d, facts.ties) for d in drawn]
    said = sum(named) if any(named) else sum(-1 if d.is_reversed else 1 for d in drawn)
    if said != 0:
        return said < 0
    # Level: only the picture is left, so the path starts at its left end.
    ends = np.mean([(d.strokes[0][0], d.strokes[-1][-1]) for d in drawn], axis=0)
    return bool(ends[0, 0] > ends[1, 0])


def _hinge_vote(drawn: Drawn, ties: Mapping[str, str]) -> int:
    ends = np.array([drawn.strokes[0][0], drawn.strokes[-1][-1]])
    lean = 0.0
    for place, sign in (("start", 1.0), ("end", -1.0)):
        at = drawn.anchors.get(ties.get(place, ""))
        if at is not None:
            to_first, to_last = np.hypot(*(ends - at).T)
            lean += sign * float(to_last - to_first)
    return int(np.sign(lean))


def hinges(drawn: Drawn, ties: Mapping[str, str]) -> tuple[Floats | None, Floats | None]:
    """Return the path's two ends where a named hinge lies on them, else None.

    Whose name the hinge bears is not asked: who draws backwards may have swapped the names.
    """
    named = [drawn.anchors[ties[p]] for p in ("start", "end") if ties.get(p) in drawn.anchors]
    near = AT_END * drawn.length
    first, last = drawn.strokes[0][0], drawn.strokes[-1][-1]
    at_first = any(np.hypot(*(at - first)) <= near for at in named)
    at_last = any(np.hypot(*(at - last)) <= near for at in named)
    return (first if at_first else None, last if at_last else None)


def by_landmarks(drawn: Drawn, ties: Mapping[str, str], n_positions: int = N_POSITIONS) -> Points | None:
    """Return positions at equal arc length from hinge to apex and from apex to hinge.

    Returns
    -------
    float64 ndarray of shape (n_positions, 2) or None
        None unless the path bears both hinges and the apex. ``n_positions`` is odd; the apex is the middle.
    """
    apex = drawn.anchors.get(ties.get("middle", ""))
    if apex is None or any(h is None for h in hinges(drawn, ties)):
        return None
    path = drawn.path
    at, cut = _project(path, apex)
    if not MIDDLE[0] <= at <= MIDDLE[1]:
        return None
    half = n_positions // 2 + 1
    node = np.asarray(apex)[None]
    up = evenly(np.concatenate([path[: cut + 1], node]), half)
    down = evenly(np.concatenate([node, path[cut + 1 :]]), half)
    return np.concatenate([up, down[1:]])


def _project(path: Points, point: Floats) -> tuple[float, int]:
    step = np.diff(path, axis=0)
    size2 = np.maximum((step**2).sum(axis=1), 1e-30)
    share = np.clip(((point - path[:-1]) * step).sum(axis=1) / size2, 0, 1)
    gap = np.hypot(*(path[:-1] + share[:, None] * step - point).T)
    nearest = int(gap.argmin())
    along = np.concatenate([[0.0], np.cumsum(np.sqrt(size2))])
    return float((along[nearest] + share[nearest] * np.sqrt(size2[nearest])) / along[-1]), nearest


def reference(bundle: Bundle, facts: Facts) -> Points:
    """Return a first guess of the common path: geometric median of corresponding positions.

    Correspondence is by landmarks where two experts or more named all three, else by arc length.

    Returns
    -------
    float64 ndarray of shape (101, 2), mm or px
    """
    anchored = [by_landmarks(d, facts.ties) for d in bundle.kept]
    full = [a for a in anchored if a is not None]
    if len(full) < 2:  # noqa: PLR2004  # one expert's landmarks are no common ones
        full = [evenly(d.path, N_POSITIONS) for d in bundle.kept]
    return evenly(_medians(np.stack(full)), N_POSITIONS)


def _medians(paths: Floats) -> Points:
    """Return the geometric median at each position, by smoothed Weiszfeld steps; a start, no estimate."""
    at = paths.mean(axis=0)
    for _ in range(40):
        away = np.linalg.norm(paths - at, axis=2)
        pull = 1 / np.maximum(away, 1e-3 * max(float(away.mean()), 1e-12))
        at = (paths * pull[..., None]).sum(axis=0) / pull.sum(axis=0)[:, None]
    return np.asarray(at)
