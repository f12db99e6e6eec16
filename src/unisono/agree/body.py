"""The JSON of a result: what is stored in the catalog and handed to the release room."""

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unisono.agree.base import Facts, Row, Settled
from unisono.agree.panel import Question, Tally


def question_json(question: Question) -> dict[str, Any]:
    """Return one settled question."""
    return {
        "title": question.facts.title,
        "form": question.facts.form.value,
        "shape": question.facts.shape.value if question.facts.shape else None,
        "categories": list(question.facts.categories),
        "method": question.method.name,
        "parameters": dict(question.method.parameters),
        "learnt": question.learnt.to_json(),
        "items": {item: settled_json(s, question.facts) for item, s in question.items.items()},
        "experts": [_tally_json(t) for t in question.tallies],
    }


def settled_json(settled: Settled, facts: Facts) -> dict[str, Any]:
    """Return one settled question of one item; lengths in ``unit``, places in px, unknown is null."""
    category = None if settled.category is None else facts.categories[settled.category]
    return {
        "visibility": settled.visibility.value,
        "unit": settled.unit,
        "shares": dict(settled.shares),
        "path": settled.path.tolist(),
        "band_low": settled.band_low.tolist(),
        "band_high": settled.band_high.tolist(),
        "ellipse": settled.ellipse.tolist(),
        "landmarks": {key: at.tolist() for key, at in settled.landmarks.items()},
        "category": category,
        "sd": settled.sd,
        "sd_along": _numbers(settled.sd_along),
        "n_eff": _numbers(settled.n_eff),
        "half_width": _numbers(settled.half_width),
        "flags": list(settled.flags),
        "experts": [row_json(r) for r in settled.rows],
    }


def row_json(row: Row) -> dict[str, Any]:
    """Return what the consensus made of one answer."""
    return {**asdict(row), "visibility": row.visibility.value, "flags": list(row.flags)}


def _tally_json(tally: Tally) -> dict[str, Any]:
    return asdict(tally)


def _numbers(values: NDArray[np.float64]) -> list[float | None]:
    # NaN is no JSON, and PostgreSQL refuses it.
    return [float(v) if np.isfinite(v) else None for v in values]
