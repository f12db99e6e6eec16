"""How each expert points, over a whole data set: a bias and a spread.

Model: answer = location of the item + bias of the expert + error of the expert's own SD. Fitted by turns; the
share that an expert has in each consensus is taken out of his residuals, without which the heaviest expert
looks perfect and takes over. The bias that all share is not visible from inside.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unisono.agree.points import RAYLEIGH_MEDIAN

Floats = NDArray[np.float64]
MIN_ITEMS = 20
"""Items an expert needs before his bias and SD are used."""
PRIOR_ITEMS = 5.0
"""What the median SD of all experts counts in each expert's own, in items."""
LEAST_SD = 0.3


@dataclass(frozen=True, slots=True)
class Annotators:
    """A fitted model; bias (2,), SD of one axis and number of items by expert, in the unit of the answers."""

    bias: Mapping[str, Floats]
    sd: Mapping[str, float]
    n_items: Mapping[str, int]
    pooled_sd: float


def annotators(answers: Mapping[str, Mapping[str, Floats]], *, n_rounds: int = 30) -> Annotators | None:
    """Fit the two-way model.

    Parameters
    ----------
    answers : mapping of item to mapping of expert to float64 ndarray of shape (2,)
    n_rounds : int, default=30

    Returns
    -------
    Annotators or None
        None where no item has two answers.
    """
    items = [item for item, given in answers.items() if len(given) > 1]
    if not items:
        return None
    experts = list(dict.fromkeys(e for item in items for e in answers[item]))
    at = np.full((len(items), len(experts), 2), np.nan)
    for i, item in enumerate(items):
        for expert, point in answers[item].items():
            at[i, experts.index(expert)] = point
    there = np.isfinite(at[..., 0])
    value = np.where(there[..., None], at, 0.0)
    bias, variance = np.zeros((len(experts), 2)), np.ones(len(experts))
    for _ in range(n_rounds):
        bias, variance = _round(value, there, bias, variance)
    count = there.sum(axis=0)
    return Annotators(
        dict(zip(experts, bias, strict=True)),
        {e: float(np.sqrt(v)) for e, v in zip(experts, variance, strict=True)},
        {e: int(n) for e, n in zip(experts, count, strict=True)},
        float(np.sqrt(np.median(variance) + np.mean(bias**2))),
    )


def _round(value: Floats, there: NDArray[np.bool_], bias: Floats, variance: Floats) -> tuple[Floats, Floats]:
    weight = there / variance
    share = weight / weight.sum(axis=1, keepdims=True)
    centre = (share[..., None] * (value - bias)).sum(axis=1)
    residual = np.where(there[..., None], value - centre[:, None], 0.0)
    # One wild answer is not a habit: residuals beyond three of the expert's typical sizes are pulled in.
    size = np.linalg.norm(residual - np.where(there[..., None], bias, 0.0), axis=2)
    typical = np.nanmedian(np.where(there, size, np.nan), axis=0) / RAYLEIGH_MEDIAN
    pull = np.minimum(1.0, 3 * np.maximum(typical, LEAST_SD) / np.maximum(size, 1e-12))
    residual = np.where(there[..., None], bias + (residual - bias) * pull[..., None], 0.0)
    count = np.maximum(there.sum(axis=0), 1)
    new_bias = residual.sum(axis=0) / count[:, None]
    new_bias -= (new_bias / variance[:, None]).sum(axis=0) / (1 / variance).sum()
    rest = np.where(there[..., None], residual - new_bias, 0.0)
    squares = (rest**2).sum(axis=(0, 2))
    freedom = np.where(there, 1 - share, 0.0).sum(axis=0)
    own = squares / np.maximum(2 * freedom, 1e-9)
    typical_variance = float(np.median(own))
    shrunk = (squares + 2 * PRIOR_ITEMS * typical_variance) / (2 * freedom + 2 * PRIOR_ITEMS)
    return new_bias, np.maximum(shrunk, LEAST_SD**2)
