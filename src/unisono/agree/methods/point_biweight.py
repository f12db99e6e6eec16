"""Point consensus: biweight mean from the geometric median, experts weighted by what all items say of them.

The data set teaches each expert's bias and SD (a two-way model: location of the item, bias of the expert).
They are used once an expert has enough items, and only where three experts or more answered: the consensus of
one is that expert's answer. A bias that all experts share cannot be seen from inside.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from unisono.agree.annotators import MIN_ITEMS, annotators
from unisono.agree.base import Cloud, Facts, Method, Row, Settled, Shape, Vote, by_item
from unisono.agree.learnt import Learnt
from unisono.agree.points import FEW, biweight, ellipse, region, scatter
from unisono.agree.spread import is_split, to_others
from unisono.base.units import PIXELS, Points, Spacing, unit_of
from unisono.labels.base import Form, Vector, Visibility

Floats = NDArray[np.float64]
NEAR = 3.0
"""At least two experts lie within this many pooled SDs of each other, or there is no consensus."""
FULL_PANEL = 3


def learn(votes: Sequence[Vote], facts: Facts, spacings: Mapping[str, Spacing | None]) -> Learnt:  # noqa: ARG001  # points have no parts
    """Learn each expert's bias and SD, and the pooled SD: in mm over calibrated items, in px over others."""
    numbers: dict[str, float] = {}
    tables: dict[str, dict[str, Floats]] = {}
    for unit in ("mm", "px"):
        group = {
            item: {v.expert: _at(v, spacings.get(item))[0] for v in of_item}
            for item, of_item in by_item(votes).items()
            if unit_of(spacings.get(item)) == unit
        }
        model = annotators(group)
        if model is not None:
            numbers[f"sd_{unit}"] = model.pooled_sd
            tables[f"annotators_{unit}"] = {
                e: np.array([*model.bias[e], model.sd[e], model.n_items[e]]) for e in model.bias
            }
    return Learnt(numbers, tables)


def locate(votes: Sequence[Vote], facts: Facts, spacing: Spacing | None, learnt: Learnt) -> Settled:  # noqa: ARG001
    """Settle one item's points."""
    unit, pixels = unit_of(spacing), spacing or PIXELS
    points = np.concatenate([_at(v, spacing) for v in votes])
    pooled = learnt.numbers.get(f"sd_{unit}")
    corrected, precision = _known(points, votes, learnt.tables.get(f"annotators_{unit}", {}))
    centre = biweight(corrected, precision=precision)
    covariance, n_eff = scatter(corrected, centre, pooled)
    shrunk = n_eff < FEW and pooled is not None
    outline = ellipse(centre.at, covariance, region(covariance, n_eff, shrunk=shrunk))
    cloud = Cloud(
        tuple(v.expert for v in votes), corrected[:, None, :], np.maximum(centre.weights, 1e-6)[:, None]
    )
    floor = 0.5 * (pooled or centre.scale)
    flags = [
        name
        for name, on in (
            ("split", is_split(cloud, floor=floor)),
            ("apart", _all_apart(corrected, pooled or centre.scale)),
        )
        if on
    ]
    sd = float(np.sqrt(np.trace(covariance) / 2))
    return Settled(
        visibility=Visibility.BLURRED if flags else Visibility.SEEN,
        unit=unit,
        shares={},
        path=np.zeros((0, 2)) if flags else pixels.to_px(centre.at[None]),
        ellipse=np.zeros((0, 2)) if flags else pixels.to_px(outline),
        sd=sd if np.isfinite(sd) and len(votes) > 1 else None,
        n_eff=np.array([n_eff]),
        rows=_rows(votes, centre.weights, cloud),
        flags=tuple(flags),
        cloud=cloud,
    )


def _at(vote: Vote, spacing: Spacing | None) -> Points:
    value = vote.value
    path = value.path[:1] if isinstance(value, Vector) else np.zeros((0, 2))
    return (spacing or PIXELS).to_mm(path)


def _known(
    points: Points, votes: Sequence[Vote], table: Mapping[str, Floats]
) -> tuple[Points, Floats | None]:
    known = [table.get(v.expert) for v in votes]
    if len(votes) < FULL_PANEL or any(row is None or row[3] < MIN_ITEMS for row in known):
        return points, None
    rows = np.stack([row for row in known if row is not None])
    bias = rows[:, :2] - rows[:, :2].mean(axis=0)
    return points - bias, 1 / rows[:, 2] ** 2


def _all_apart(points: Points, pooled: float) -> bool:
    if len(points) == 1:
        return False
    gap = np.linalg.norm(points[:, None] - points[None], axis=2)
    np.fill_diagonal(gap, np.inf)
    return bool(gap.min() > NEAR * pooled)


def _rows(votes: Sequence[Vote], weights: Floats, cloud: Cloud) -> tuple[Row, ...]:
    distance = to_others(cloud, np.ones((1, len(votes))))[0]
    return tuple(
        Row(
            v.expert,
            v.answer,
            v.visibility,
            distance=float(d) if np.isfinite(d) else None,
            coverage=1.0,
            weight=float(w),
            set_aside="far from the others" if w == 0 else None,
        )
        for v, w, d in zip(votes, weights, distance, strict=True)
    )


METHOD = Method(
    name="point-biweight",
    summary="biweight mean from the geometric median, experts' bias and SD learnt from the data set",
    form=Form.VECTOR,
    shape=Shape.POINT,
    learn=learn,
    locate=locate,
    parameters={"near_sd": NEAR, "min_items": MIN_ITEMS},
)
