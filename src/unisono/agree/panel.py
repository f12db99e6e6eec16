"""Settle a project: every question over all its items, and what that says of the experts. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from unisono.agree.base import Facts, Method, Row, Settled, Shape, Vote, by_item, methods
from unisono.agree.learnt import Learnt
from unisono.agree.spread import Distance, crossed_bootstrap
from unisono.base import plugins
from unisono.base.errors import PluginError
from unisono.base.units import Spacing
from unisono.labels.base import Form

DEFAULTS: Mapping[tuple[Form, Shape | None], str] = {
    (Form.VECTOR, Shape.PATH): "curve-normals",
    (Form.VECTOR, Shape.POINT): "point-biweight",
    (Form.CATEGORY, None): "dawid-skene",
}
"""The method of a question when none is named."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What one question says of one expert.

    Parameters
    ----------
    expert : str
    n_items : int
        Items answered.
    n_located : int
        Of these, said to be seen.
    n_set_aside, n_reversed, n_partial : int
    offset, offset_sd : float or None
        Mean and SD over items of the signed offset to the others, paths only.
    unit : str
        ``mm``, ``px`` or ``share``; lengths of calibrated items are never mixed with others: where there are
        calibrated items, only they count.
    distance : Distance or None
        Mean distance to the others, with its interval over subjects and experts.
    """

    expert: str
    n_items: int
    n_located: int
    n_set_aside: int
    n_reversed: int
    n_partial: int
    offset: float | None
    offset_sd: float | None
    unit: str
    distance: Distance | None


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a project, settled."""

    facts: Facts
    method: Method
    learnt: Learnt
    items: Mapping[str, Settled]
    tallies: tuple[Tally, ...]


def method_for(facts: Facts, name: str | None = None) -> Method:
    """Return a method by name, or the default of the question's form.

    Raises
    ------
    PluginError
        If there is none of that name, or it does not take this form.
    """
    chosen = name or DEFAULTS[(facts.form, facts.shape)]
    method = plugins.pick(methods(), chosen, "consensus method")
    if not method.accepts(facts):
        legal = ", ".join(m.name for m in methods().values() if m.accepts(facts))
        raise PluginError(f"{chosen!r} cannot settle {facts.key!r}; legal: {legal}")
    return method


def settle_question(
    votes: Sequence[Vote],
    facts: Facts,
    spacings: Mapping[str, Spacing | None],
    subjects: Mapping[str, str],
    rng: np.random.Generator,
    *,
    method: str | None = None,
) -> Question:
    """Settle one question over all items.

    Parameters
    ----------
    votes : sequence of Vote
    facts : Facts
    spacings : mapping of str to Spacing or None
        By item.
    subjects : mapping of str to str
        By item; the interval draws subjects, not items.
    rng : numpy.random.Generator
    method : str, optional
        Of the question's form; the form's default otherwise.
    """
    chosen = method_for(facts, method)
    learnt = chosen.learn_all(votes, facts, spacings)
    items = {
        item: chosen.settle(of_item, facts, spacings.get(item), learnt)
        for item, of_item in by_item(votes).items()
    }
    return Question(facts, chosen, learnt, items, tallies(items, facts, subjects, rng))


def tallies(
    items: Mapping[str, Settled], facts: Facts, subjects: Mapping[str, str], rng: np.random.Generator
) -> tuple[Tally, ...]:
    """Return what a question says of each expert, by name."""
    unit = _unit(tuple(items.values()), facts)
    measured = {item: s for item, s in items.items() if facts.form is Form.CATEGORY or s.unit == unit}
    clouds = {item: s.cloud for item, s in measured.items() if s.cloud is not None}
    if facts.form is Form.CATEGORY:
        distances = {}
    else:
        distances = {d.expert: d for d in crossed_bootstrap(clouds, subjects, rng)}
    every: dict[str, list[Row]] = {}
    offsets: dict[str, list[float]] = {}
    for item, settled in items.items():
        for row in settled.rows:
            every.setdefault(row.expert, []).append(row)
            if item in measured and row.offset is not None:
                offsets.setdefault(row.expert, []).append(row.offset)
    return tuple(
        _tally(expert, every[expert], offsets.get(expert, []), unit, distances.get(expert))
        for expert in sorted(every)
    )


def _unit(settled: Sequence[Settled], facts: Facts) -> str:
    if facts.form is Form.CATEGORY:
        return "share"
    return "mm" if any(s.unit == "mm" for s in settled) else "px"


def _tally(
    expert: str, rows: Sequence[Row], offsets: Sequence[float], unit: str, distance: Distance | None
) -> Tally:
    if unit == "share":
        distance = _disagreement(expert, rows)
    return Tally(
        expert,
        len(rows),
        sum(r.weight is not None for r in rows),
        sum(r.set_aside is not None for r in rows),
        sum("reversed" in r.flags for r in rows),
        sum("partial" in r.flags for r in rows),
        float(np.mean(offsets)) if offsets else None,
        float(np.std(offsets, ddof=1)) if len(offsets) > 1 else None,
        unit,
        distance,
    )


def _disagreement(expert: str, rows: Sequence[Row]) -> Distance | None:
    """Return the share of items where an expert differs from most of the others, with Wilson's interval."""
    apart = np.array([r.distance for r in rows if r.distance is not None])
    n = len(apart)
    if n == 0:
        return None
    p, z = float(apart.mean()), 1.96
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Distance(expert, p, float(middle - half), float(middle + half), n)
