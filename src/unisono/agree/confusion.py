"""Who takes what for what: expectation-maximisation over experts' confusion matrices.

Source: A. P. Dawid, A. M. Skene (1979), Applied Statistics 28(1):20-28, doi:10.2307/2346806. The Dirichlet
prior on the rows keeps rare classes and three readers from giving zeros.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unisono.base.errors import LabelError

Floats = NDArray[np.float64]
PRIOR = 0.3
"""Pseudo-answers in each cell of a row off the diagonal; the diagonal has four times as many."""
TINY = 1e-300


@dataclass(frozen=True, slots=True)
class Confusion:
    """A fitted model.

    Parameters
    ----------
    marginals : float64 ndarray of shape (n_classes,)
    matrices : float64 ndarray of shape (n_experts, n_classes, n_classes)
        Row: true class, column: what the expert says; rows sum to one.
    posterior : float64 ndarray of shape (n_items, n_classes)
    log_likelihood : float
    """

    marginals: Floats
    matrices: Floats
    posterior: Floats
    log_likelihood: float


def fit(counts: Floats, *, prior: float = PRIOR, tolerance: float = 1e-7, max_steps: int = 1000) -> Confusion:
    """Fit class shares and confusion matrices by expectation-maximisation.

    Parameters
    ----------
    counts : float64 ndarray of shape (n_items, n_experts, n_classes)
        How often an expert gave an item a class.
    prior : float, default=0.3
        Dirichlet prior of each cell; zero is the method as printed in 1979.
    tolerance : float, default=1e-7
        Stop when no posterior moves by more.
    max_steps : int, default=1000

    Raises
    ------
    LabelError
        If the counts are not of that shape, or an item has no answer.
    """
    if counts.ndim != 3 or counts.size == 0 or not (counts.sum(axis=(1, 2)) > 0).all():  # noqa: PLR2004
        raise LabelError(f"counts must be (items, experts, classes), each item answered; got {counts.shape}")
    n_classes = counts.shape[2]
    pseudo = prior * (np.ones((n_classes, n_classes)) + 3 * np.eye(n_classes))
    posterior = counts.sum(axis=1) / counts.sum(axis=(1, 2))[:, None]
    for _ in range(max_steps):
        marginals = posterior.mean(axis=0)
        matrices = _rows(np.einsum("ij,ikl->kjl", posterior, counts) + pseudo)
        updated, evidence = _posterior(counts, marginals, matrices)
        moved = np.abs(updated - posterior).max()
        posterior = updated
        if moved < tolerance:
            break
    return Confusion(marginals, matrices, posterior, float(evidence.sum()))


def posterior_of(counts: Floats, marginals: Floats, matrices: Floats) -> Floats:
    """Return one item's posterior under a fitted model, shape (n_classes,).

    Parameters
    ----------
    counts : float64 ndarray of shape (n_experts, n_classes)
    marginals : float64 ndarray of shape (n_classes,)
    matrices : float64 ndarray of shape (n_experts, n_classes, n_classes)
    """
    return np.asarray(_posterior(counts[None], marginals, matrices)[0][0])


def _rows(table: Floats) -> Floats:
    total = table.sum(axis=2, keepdims=True)
    return np.asarray(np.divide(table, total, out=np.zeros_like(table), where=total > 0))


def _posterior(counts: Floats, marginals: Floats, matrices: Floats) -> tuple[Floats, Floats]:
    log_rows = np.log(np.maximum(matrices, TINY))
    joint = np.log(np.maximum(marginals, TINY)) + np.einsum("ikl,kjl->ij", counts, log_rows)
    # Shifted by the largest before the exponential, or hundreds of answers underflow to 0/0.
    top = joint.max(axis=1, keepdims=True)
    odds = np.exp(joint - top)
    total = odds.sum(axis=1, keepdims=True)
    return odds / total, (top + np.log(total))[:, 0]
