"""Curve consensus along perpendicular normals, robust, with a scale that the data set teaches.

At 101 positions of a reference path each expert's path is cut with the reference's normal; the robust mean of
these offsets moves the reference, three times. A partial tracer counts where he drew. Two guards keep one
bad path out of a small panel: the scale at each position leans on the scatter of the whole data set, and a
path that is far away as a whole loses its weight as a whole.

Sources: V. Chalana, Y. Kim (1997), IEEE Trans. Med. Imaging 16(5):642-652, doi:10.1109/42.640755 (average
boundary); F. Mosteller, J. W. Tukey (1977) (biweight); the scale prior and the whole-curve weight are this
project's own, measured by ``benchmarks/consensus.py``.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from unisono.agree.along import BAND_FACTOR, no_path, settled, without_each
from unisono.agree.base import Facts, Method, Settled, Shape, Vote, by_item
from unisono.agree.bundle import N_POSITIONS, Bundle, Drawn, gather, hinges, reference
from unisono.agree.geometry import curvature_radius, evenly, left_normals, offsets, smooth
from unisono.agree.learnt import Learnt
from unisono.agree.points import biweight
from unisono.base.units import Points, Spacing
from unisono.labels.base import Form

Floats = NDArray[np.float64]
ROUNDS = 3
REACH_MM = 18.0
REACH_SHARE = 0.1
"""Search limit in median path lengths where there is no calibration: 18 mm on a border of 180 mm."""
CURVATURE_SHARE = 0.8
"""Normals of a bent path cross at its centre of curvature: look no farther than this share of the radius."""
PRIOR_EXPERTS = 20.0
SCALE_CAP = 2.0
BIWEIGHT_REACH = 6.0
WHOLE_FULL, WHOLE_NONE = 1.5, 3.0
"""Root mean square of a path's offsets, in scales, up to which it counts fully and from which not at all."""
PAIR_APART = 3.0
"""Two experts whose paths are this many scales apart (rms) need a third."""
BEND_PENALTY = 2.0
DIRECTION_PENALTY = 20.0
END_SHARE = 0.06
LONGER = 0.03
"""Paths go on straight beyond a named hinge by this share of their length when they are cut: a normal near
the end meets the one who placed the hinge lower, and would miss the other."""
FLOOR_MM = 0.5
FLOOR_SHARE = FLOOR_MM / 180.0
MAD_TO_SD = 1.4826


def learn(votes: Sequence[Vote], facts: Facts, spacings: Mapping[str, Spacing | None]) -> Learnt:
    """Learn the data set's scatter and the width of an honest band.

    The scatter is the median MAD: in mm over calibrated items, and as a share of the path's length over all,
    for items without a calibration. The band's factor is the one for which the consensus of the others holds
    95 % of a left-out expert's offsets.
    """
    mads: dict[str, list[float]] = {"scale_mm": [], "scale_share": []}
    items = by_item(votes)
    bundles = {item: gather(of_item, facts, spacings.get(item)) for item, of_item in items.items()}
    bundles = {item: bundle for item, bundle in bundles.items() if len(bundle.kept) > 1}
    for item, bundle in bundles.items():
        path = reference(bundle, facts)
        mad = float(np.nanmedian(_mad(_cut(path, bundle, facts, spacings.get(item)))[0]))
        mads["scale_share"].append(mad / bundle.median_length)
        if spacings.get(item) is not None:
            mads["scale_mm"].append(mad)
    numbers = {name: float(np.median(values)) for name, values in mads.items() if values}
    excess = [
        _standardised(_offsets_of(bundle, facts, spacings.get(item), Learnt(numbers)))
        for item, bundle in bundles.items()
    ]
    pooled = np.concatenate(excess) if excess else np.zeros(0)
    if len(pooled) >= 10 * N_POSITIONS:
        numbers["band_factor"] = float(np.clip(np.quantile(pooled, 0.95), 1.5, 4.0))
    return Learnt(numbers)


def locate(votes: Sequence[Vote], facts: Facts, spacing: Spacing | None, learnt: Learnt) -> Settled:
    """Settle one item's paths."""
    bundle = gather(votes, facts, spacing)
    if not bundle.kept:
        return no_path(bundle, spacing, "no usable path")
    scale = _scale(learnt, bundle, spacing)
    path, table, weights, rms = _fit(bundle, facts, spacing, scale)
    far = {
        d.expert: f"far from the others as a whole: {r:.1f} scales, {WHOLE_NONE:.0f} is the limit"
        for d, r in zip(bundle.kept, rms, strict=True)
        if r >= WHOLE_NONE
    }
    if len(far) == len(bundle.kept) > 1 or _are_two_apart(table, scale):
        return no_path(bundle, spacing, "apart")
    landmarks = _landmarks(bundle, facts)
    factor = learnt.numbers.get("band_factor", BAND_FACTOR)
    return settled(
        path, table, weights, bundle, spacing,
        reasons=far, scale=scale, split_floor=min(0.5 * scale, 2 * _floor(bundle, spacing)),
        factor=factor, landmarks=landmarks,
    )  # fmt: skip


def _are_two_apart(table: Floats, scale: float) -> bool:
    if len(table) != 2:  # noqa: PLR2004  # with a third the weights decide
        return False
    gap = table[0] - table[1]
    known = np.isfinite(gap)
    return not known.any() or float(np.sqrt((gap[known] ** 2).mean())) > PAIR_APART * scale


def _fit(
    bundle: Bundle, facts: Facts, spacing: Spacing | None, scale: float
) -> tuple[Points, Floats, Floats, Floats]:
    if len(bundle.kept) == 1:
        path = evenly(bundle.kept[0].path, N_POSITIONS)
        return path, np.zeros((1, N_POSITIONS)), np.ones((1, N_POSITIONS)), np.zeros(1)
    path = reference(bundle, facts)
    for _ in range(ROUNDS):
        table = _cut(path, bundle, facts, spacing)
        move, weights, rms = _robust_mean(table, scale)
        path = evenly(path + move[:, None] * _normals(path), N_POSITIONS)
    path = _with_ends(path, bundle, facts)
    table = _cut(path, bundle, facts, spacing)
    _, weights, rms = _robust_mean(table, scale)
    return path, table, weights, rms


def _scale(learnt: Learnt, bundle: Bundle, spacing: Spacing | None) -> float:
    if spacing is not None and "scale_mm" in learnt.numbers:
        return max(learnt.numbers["scale_mm"], FLOOR_MM)
    return max(learnt.numbers.get("scale_share", 0.0) * bundle.median_length, _floor(bundle, spacing))


def _floor(bundle: Bundle, spacing: Spacing | None) -> float:
    return FLOOR_MM if spacing is not None else FLOOR_SHARE * bundle.median_length


def _normals(path: Points) -> Points:
    return left_normals(_calm(path))


def _calm(path: Points) -> Points:
    # Directions of a path that is a mean of clicks shake; the path itself stays as it is.
    ones = np.ones(len(path))
    return np.column_stack([smooth(path[:, k], ones, DIRECTION_PENALTY) for k in (0, 1)])


def _longer(drawn: Drawn, ties: Mapping[str, str]) -> tuple[Points, ...]:
    first, last = hinges(drawn, ties)
    strokes = list(drawn.strokes)
    more = LONGER * drawn.length
    if last is not None and len(strokes[-1]) > 1:
        strokes[-1] = np.vstack([strokes[-1], _beyond(strokes[-1], more)])
    if first is not None and len(strokes[0]) > 1:
        strokes[0] = np.vstack([_beyond(strokes[0][::-1], more), strokes[0]])
    return tuple(strokes)


def _beyond(stroke: Points, more: float) -> Points:
    gap = np.hypot(*(stroke - stroke[-1]).T)
    # The direction of the last stretch, not of the last two points: those may be a click apart.
    back = stroke[int(np.flatnonzero(gap >= min(more, gap.max()))[-1])]
    return np.asarray(stroke[-1] + (stroke[-1] - back) * (more / np.hypot(*(stroke[-1] - back))))


def _cut(path: Points, bundle: Bundle, facts: Facts, spacing: Spacing | None) -> Floats:
    reach = REACH_MM if spacing is not None else REACH_SHARE * bundle.median_length
    calm = _calm(path)
    radius = CURVATURE_SHARE * curvature_radius(calm)
    limits = np.column_stack([np.where(radius > 0, radius, np.inf), np.where(radius < 0, -radius, np.inf)])
    limits = np.clip(limits, 0.25 * reach, reach)
    return np.stack([offsets(path, _longer(d, facts.ties), limits, calm) for d in bundle.kept])


def _mad(table: Floats) -> tuple[Floats, Floats]:
    """Return the smoothed MAD (as an SD) and the median at each position; NaN where nobody drew."""
    known = np.isfinite(table).any(axis=0)
    middle, mad = np.full(table.shape[1], np.nan), np.full(table.shape[1], np.nan)
    middle[known] = np.nanmedian(table[:, known], axis=0)
    mad[known] = MAD_TO_SD * np.nanmedian(np.abs(table - middle)[:, known], axis=0)
    filled = np.where(known, mad, 0.0)
    share = uniform_filter1d(known.astype(np.float64), 9, mode="nearest")
    calm = uniform_filter1d(filled, 9, mode="nearest") / np.maximum(share, 1e-9)
    return np.where(known, calm, np.nan), middle


def _robust_mean(table: Floats, scale: float) -> tuple[Floats, Floats, Floats]:
    """Return the move along the normals (n_positions,), the weights, and each path's rms in scales."""
    there = np.isfinite(table)
    mad, middle = _mad(table)
    drawn = there.sum(axis=0)
    variance = (PRIOR_EXPERTS * scale**2 + drawn * np.nan_to_num(mad) ** 2) / (PRIOR_EXPERTS + drawn)
    sd = np.sqrt(np.minimum(variance, (SCALE_CAP * scale) ** 2))
    value = np.where(there, table, 0.0)
    move = np.nan_to_num(middle)
    for _ in range(8):
        z = np.where(there, (value - move) / sd, 0.0)
        rms = np.sqrt((z**2).sum(axis=1) / np.maximum(there.sum(axis=1), 1))
        rms = np.where(there.any(axis=1), rms, np.inf)
        whole = np.clip((WHOLE_NONE - rms) / (WHOLE_NONE - WHOLE_FULL), 0.0, 1.0)
        near = np.clip(1 - (z / BIWEIGHT_REACH) ** 2, 0.0, None) ** 2
        weights = np.where(there, near * whole[:, None], 0.0)
        total = weights.sum(axis=0)
        mean = np.divide((weights * value).sum(axis=0), total, out=np.zeros_like(total), where=total > 0)
        move = smooth(mean, total, BEND_PENALTY)
    return move, weights, rms


def _landmarks(bundle: Bundle, facts: Facts) -> dict[str, Floats]:
    """Return the robust location of each tied point; the hinges by end, whatever name they bear."""
    firsts, lasts = zip(*(hinges(d, facts.ties) for d in bundle.kept), strict=True)
    middle = facts.ties.get("middle", "")
    found = {
        facts.ties.get("start", ""): [p for p in firsts if p is not None],
        middle: [d.anchors[middle] for d in bundle.kept if middle in d.anchors],
        facts.ties.get("end", ""): [p for p in lasts if p is not None],
    }
    return {key: biweight(np.array(at)).at for key, at in found.items() if key and at}


def _with_ends(path: Points, bundle: Bundle, facts: Facts) -> Points:
    hinge = _landmarks(bundle, facts)
    first, last = (hinge.get(facts.ties.get(place, "")) for place in ("start", "end"))
    place = np.linspace(0.0, 1.0, len(path))
    out = path.copy()
    if first is not None:
        out += np.clip(1 - place / END_SHARE, 0, 1)[:, None] * (first - path[0])
    if last is not None:
        out += np.clip(1 - (1 - place) / END_SHARE, 0, 1)[:, None] * (last - path[-1])
    return out


def _offsets_of(
    bundle: Bundle, facts: Facts, spacing: Spacing | None, learnt: Learnt
) -> tuple[Floats, Floats]:
    _, table, weights, _ = _fit(bundle, facts, spacing, _scale(learnt, bundle, spacing))
    return table, weights


def _standardised(fitted: tuple[Floats, Floats]) -> Floats:
    """Return left-out experts' offsets in the SD that a band of the others would give them."""
    table, weights = fitted
    gap = np.abs(table - without_each(table, weights))
    n_experts = len(table)
    out = []
    for e in range(n_experts):
        rest = np.arange(n_experts) != e
        w, v = weights[rest], np.where(np.isfinite(table[rest]), table[rest], 0.0)
        total, squares = w.sum(axis=0), (w**2).sum(axis=0)
        usable = (squares > 0) & np.isfinite(gap[e]) & (weights[e] > 0)
        n_eff = total[usable] ** 2 / squares[usable]
        mean = (w * v).sum(axis=0)[usable] / total[usable]
        freedom = total[usable] - squares[usable] / total[usable]
        spread = (w[:, usable] * (v[:, usable] - mean) ** 2).sum(axis=0)
        fine = freedom > 0.5  # noqa: PLR2004  # one other expert has no scatter
        variance = spread[fine] / freedom[fine] * (1 + 1 / n_eff[fine])
        out.append(gap[e][usable][fine] / np.sqrt(np.maximum(variance, 1e-12)))
    return np.concatenate(out)


METHOD = Method(
    name="curve-normals",
    summary="robust mean along perpendicular normals, scale learnt from the data set",
    form=Form.VECTOR,
    shape=Shape.PATH,
    learn=learn,
    locate=locate,
    parameters={
        "n_positions": N_POSITIONS,
        "rounds": ROUNDS,
        "reach_mm": REACH_MM,
        "reach_share": REACH_SHARE,
        "prior_experts": PRIOR_EXPERTS,
        "scale_cap": SCALE_CAP,
        "biweight_reach": BIWEIGHT_REACH,
        "whole_full": WHOLE_FULL,
        "whole_none": WHOLE_NONE,
        "bend_penalty": BEND_PENALTY,
        "pair_apart": PAIR_APART,
        "longer": LONGER,
        "end_share": END_SHARE,
    },
)
