"""Write down what paths come to: scatter along the path, band, and each expert's row.

All path methods end here, so their bands and rows mean the same.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from unisono.agree.base import Cloud, Row, Settled
from unisono.agree.bundle import Bundle, Drawn
from unisono.agree.geometry import left_normals
from unisono.agree.spread import is_split
from unisono.base.units import PIXELS, Points, Spacing, unit_of
from unisono.labels.base import Visibility

Floats = NDArray[np.float64]
BAND_FACTOR = 1.96 * 1.15
"""Half width in standard errors, before the data set has taught its own; from simulated panels."""
PRIOR_ANSWERS = 2.0
"""What the data set's scatter counts at each position, in answers."""
PARTIAL = 0.9
"""A path that covers less of the consensus is flagged."""


def settled(
    path: Points,
    offsets: Floats,
    weights: Floats,
    bundle: Bundle,
    spacing: Spacing | None,
    *,
    reasons: Mapping[str, str],
    scale: float | None,
    split_floor: float | None = None,
    factor: float = BAND_FACTOR,
    landmarks: Mapping[str, Floats] | None = None,
    flags: tuple[str, ...] = (),
) -> Settled:
    """Return the result of a path method.

    Parameters
    ----------
    path : float64 ndarray of shape (n_positions, 2), mm or px
    offsets : float64 ndarray of shape (n_experts, n_positions), mm or px
        Of each kept path from `path`, NaN where it has nothing.
    weights : float64 ndarray of shape (n_experts, n_positions)
        0 to 1; zero where ``offsets`` is NaN.
    bundle : Bundle
    spacing : Spacing or None
    reasons : mapping of str to str
        Why an expert of ``bundle.kept`` did not count.
    scale : float or None
        The data set's scatter, mm or px.
    split_floor : float or None
        Least scatter within a reading of the anatomy, mm or px; None does not look for two readings.
    factor : float
        Half width of the band in standard errors.
    landmarks : mapping, mm or px, optional
    flags : tuple of str
    """
    pixels = spacing or PIXELS
    sd, n_eff = _scatter(offsets, weights, scale)
    half = factor * sd / np.sqrt(np.maximum(n_eff, 1.0))
    shift = np.where(np.isfinite(half), half, 0.0)[:, None] * left_normals(path)
    cloud = Cloud(tuple(d.expert for d in bundle.kept), offsets[..., None], weights)
    split = split_floor is not None and is_split(cloud, floor=split_floor)
    known = np.isfinite(sd)
    return Settled(
        visibility=Visibility.BLURRED if split else Visibility.SEEN,
        unit=unit_of(spacing),
        shares={},
        path=np.zeros((0, 2)) if split else pixels.to_px(path),
        band_low=np.zeros((0, 2)) if split or not known.any() else pixels.to_px(path - shift),
        band_high=np.zeros((0, 2)) if split or not known.any() else pixels.to_px(path + shift),
        landmarks={k: pixels.to_px(v[None])[0] for k, v in (landmarks or {}).items()},
        sd=float(np.sqrt((sd[known] ** 2).mean())) if known.any() else None,
        sd_along=sd,
        n_eff=n_eff,
        half_width=half,
        rows=(*_rows(bundle, offsets, weights, reasons), *(_aside(d) for d in bundle.aside)),
        flags=(*flags, *(("split",) if split else ())),
        cloud=cloud,
    )


def no_path(bundle: Bundle, spacing: Spacing | None, flag: str) -> Settled:
    """Return the result when the paths do not come to one."""
    rows = tuple(_aside(d) for d in (*bundle.kept, *bundle.aside))
    return Settled(Visibility.BLURRED, unit_of(spacing), {}, rows=rows, flags=(flag,))


def without_each(offsets: Floats, weights: Floats) -> Floats:
    """Return the weighted mean of the others for each expert and position, shape as ``offsets``."""
    value = np.where(np.isfinite(offsets), offsets, 0.0) * weights
    rest = weights.sum(axis=0) - weights
    return np.asarray(
        np.divide(
            value.sum(axis=0) - value,
            rest,
            out=np.full_like(offsets, np.nan),
            where=rest > 1e-9,  # noqa: PLR2004
        )
    )


def _scatter(offsets: Floats, weights: Floats, scale: float | None) -> tuple[Floats, Floats]:
    total = weights.sum(axis=0)
    squares = (weights**2).sum(axis=0)
    n_eff = np.divide(total**2, squares, out=np.zeros_like(total), where=squares > 0)
    value = np.where(np.isfinite(offsets), offsets, 0.0)
    mean = np.divide((weights * value).sum(axis=0), total, out=np.zeros_like(total), where=total > 0)
    spread = (weights * (value - mean) ** 2).sum(axis=0)
    freedom = total - np.divide(squares, total, out=np.zeros_like(total), where=total > 0)
    prior = 0.0 if scale is None else PRIOR_ANSWERS
    size = freedom + prior
    variance = np.divide(
        spread + prior * (scale or 0.0) ** 2,
        size,
        out=np.full_like(total, np.nan),
        where=size > 1e-9,  # noqa: PLR2004
    )
    return np.sqrt(variance), n_eff


def _rows(bundle: Bundle, offsets: Floats, weights: Floats, reasons: Mapping[str, str]) -> list[Row]:
    gap = offsets - without_each(offsets, weights)
    rows = []
    for k, drawn in enumerate(bundle.kept):
        there, apart = np.isfinite(offsets[k]), np.isfinite(gap[k])
        coverage = float(there.mean())
        flags = [
            name for name, on in (("reversed", drawn.is_reversed), ("partial", coverage < PARTIAL)) if on
        ]
        rows.append(
            Row(
                drawn.expert,
                drawn.answer,
                Visibility.SEEN,
                offset=float(gap[k][apart].mean()) if apart.any() else None,
                distance=float(np.abs(gap[k][apart]).mean()) if apart.any() else None,
                coverage=coverage,
                weight=float(weights[k][there].mean()) if there.any() else 0.0,
                set_aside=reasons.get(drawn.expert),
                flags=tuple(flags),
            )
        )
    return rows


def _aside(drawn: Drawn) -> Row:
    reason = drawn.set_aside or "the paths do not come to one"
    return Row(drawn.expert, drawn.answer, Visibility.SEEN, weight=0.0, set_aside=reason)
