"""How far each expert is from the others, and how sure that is.

An expert is always compared with the consensus of the *others*. The interval is a crossed bootstrap: subjects
and experts are drawn anew together, because both are samples. An expert drawn twice counts once: a copy
agrees with itself and would make the panel look better than it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unisono.agree.base import Cloud

Floats = NDArray[np.float64]
SPLIT_GAP = 4.0
"""Two readings of the anatomy lie this many within-group SDs apart."""


@dataclass(frozen=True, slots=True)
class Distance:
    """An expert's mean distance to the consensus of the others, with its 95 % interval, over n items."""

    expert: str
    mean: float
    low: float
    high: float
    n_items: int


def to_others(cloud: Cloud, present: Floats) -> Floats:
    """Return each expert's mean distance to the weighted mean of the others, panel by panel.

    Parameters
    ----------
    cloud : Cloud
    present : float64 ndarray of shape (n_panels, n_experts)
        1 where a panel has the expert, else 0.

    Returns
    -------
    float64 ndarray of shape (n_panels, n_experts)
        NaN where nobody else is there to compare with.
    """
    n_experts, n_positions, n_dimensions = cloud.values.shape
    there = np.asarray(np.isfinite(cloud.values).all(axis=2))
    weight = np.where(there, cloud.weights, 0.0)
    value = np.where(there[..., None], cloud.values, 0.0) * weight[..., None]
    total = present @ weight
    sums = (present @ value.reshape(n_experts, -1)).reshape(-1, n_positions, n_dimensions)
    out = np.full(present.shape, np.nan)
    for e in range(n_experts):
        own = present[:, e, None]
        rest = total - own * weight[e]
        rest_sum = sums - own[..., None] * value[e]
        usable = (rest > 1e-9) & there[e]  # noqa: PLR2004  # rounding left over where nobody else is
        mean = rest_sum / np.where(usable, rest, 1.0)[..., None]
        gap = np.linalg.norm(np.where(there[e][:, None], cloud.values[e], 0.0) - mean, axis=2)
        count = usable.sum(axis=1)
        mean_gap = np.where(usable, gap, 0.0).sum(axis=1) / np.maximum(count, 1)
        out[:, e] = np.where(count > 0, mean_gap, np.nan)
    return out


def crossed_bootstrap(
    clouds: Mapping[str, Cloud],
    subjects: Mapping[str, str],
    rng: np.random.Generator,
    *,
    n_draws: int = 400,
    confidence: float = 0.95,
) -> list[Distance]:
    """Return every expert's mean distance to the others with an interval over subjects and experts.

    Parameters
    ----------
    clouds : mapping of str to Cloud
        By item.
    subjects : mapping of str to str
        Subject of each item; items of one subject are drawn together.
    rng : numpy.random.Generator
    n_draws : int, default=400
    confidence : float, default=0.95
    """
    experts = sorted({e for cloud in clouds.values() for e in cloud.experts})
    if not experts:
        return []
    draws = rng.integers(0, len(experts), (n_draws, len(experts)))
    drawn = np.zeros((n_draws, len(experts)))
    np.put_along_axis(drawn, draws, 1.0, axis=1)
    panels = np.concatenate([np.ones((1, len(experts))), drawn])
    names = sorted({subjects[item] for item in clouds})
    times = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), n_draws)
    times = np.concatenate([np.ones((1, len(names)), dtype=times.dtype), times])
    totals, counts = np.zeros((len(panels), len(experts))), np.zeros((len(panels), len(experts)))
    n_items = np.zeros(len(experts), dtype=np.int64)
    for item, cloud in clouds.items():
        columns = [experts.index(e) for e in cloud.experts]
        distance = to_others(cloud, panels[:, columns])
        weight = np.where(np.isfinite(distance), times[:, names.index(subjects[item]), None], 0)
        totals[:, columns] += weight * np.nan_to_num(distance)
        counts[:, columns] += weight
        n_items[columns] += np.isfinite(distance[0])
    means = np.divide(totals, counts, out=np.full_like(totals, np.nan), where=counts > 0)
    tail = (1 - confidence) / 2
    return [
        Distance(e, float(means[0, k]), *_quantiles(means[1:, k], tail), int(n_items[k]))
        for k, e in enumerate(experts)
        if n_items[k] > 0
    ]


def _quantiles(draws: Floats, tail: float) -> tuple[float, float]:
    known = draws[np.isfinite(draws)]
    if len(known) == 0:
        return (float("nan"), float("nan"))
    low, high = np.quantile(known, [tail, 1 - tail])
    return float(low), float(high)


def is_split(cloud: Cloud, *, floor: float) -> bool:
    """Whether the experts fall into two readings of two or more each.

    Parameters
    ----------
    cloud : Cloud
        Experts are compared by their mean over the positions, along the direction of most scatter.
    floor : float
        Least within-group SD, in the unit of the cloud: two pairs that agree by luck are no split.
    """
    value = np.where(np.isfinite(cloud.values), cloud.values, 0.0)
    count = np.maximum(np.isfinite(cloud.values).sum(axis=1), 1)
    centres = value.sum(axis=1) / count
    away = centres - centres.mean(axis=0)
    _, _, axes = np.linalg.svd(away, full_matrices=False)
    return _has_gap(np.sort(away @ axes[0]), floor)


def _has_gap(sorted_values: Floats, floor: float) -> bool:
    groups: Sequence[tuple[Floats, Floats]] = [
        (sorted_values[:k], sorted_values[k:]) for k in range(2, len(sorted_values) - 1)
    ]
    for low, high in groups:
        within = ((low - low.mean()) ** 2).sum() + ((high - high.mean()) ** 2).sum()
        sd = max(float(np.sqrt(within / (len(sorted_values) - 2))), floor)
        if high[0] - low[-1] > SPLIT_GAP * sd > 0:
            return True
    return False
