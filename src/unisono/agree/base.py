"""What a consensus method takes and gives.

A **vote** is an answer in one of the four forms. A **method** sees the votes of one question over all items
once (`Method.learn`: how wide experts scatter, who confuses what) and then settles each item by itself
(`Method.settle`), so that the lead's page can redo one item at once. The visibility is settled first and in
the same way for all methods; a method only says what those who saw the structure come to.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from unisono.agree import visibility
from unisono.agree.learnt import Learnt
from unisono.base import plugins
from unisono.base.units import LengthUnit, Points, Spacing, unit_of
from unisono.labels.base import Form, Vector, Visibility

Floats = NDArray[np.float64]
NO_POINTS: Points = np.zeros((0, 2))
CARE_FLAGS = frozenset({"split", "tie", "apart"})
"""Flags that ask for an adjudicator: no consensus was made of the locations, or the votes are level."""


class Shape(StrEnum):
    """What kind of vector a method takes."""

    PATH = "path"
    POINT = "point"


@dataclass(frozen=True, slots=True)
class Vote:
    """An answer as methods see it.

    Parameters
    ----------
    item, expert, answer : str
        Ids; methods use them as names only, never their order.
    visibility : Visibility
    value : Vector or int or None
        A path or a point in px, or the index of a category; None unless the structure was seen.
    """

    item: str
    expert: str
    answer: str
    visibility: Visibility
    value: Vector | int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a method may know of a question.

    Parameters
    ----------
    key, title : str
    form : Form
    shape : Shape or None
        None unless the form is a vector.
    categories : tuple of str
        Keys in the order of their indices; empty unless the form is a category.
    ties : mapping of str to str
        ``start``, ``middle``, ``end`` to the key of the anchor that lies there.
    """

    key: str
    title: str
    form: Form
    shape: Shape | None = None
    categories: tuple[str, ...] = ()
    ties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """What the consensus made of one expert's answer.

    Parameters
    ----------
    expert, answer : str
    visibility : Visibility
    offset : float or None
        Paths: mean signed offset along the normals to the consensus of the *others*, positive to the left
        of the path's direction (outside a cavity that is drawn septum, apex, lateral wall). None for other
        forms.
    distance : float or None
        Mean distance to the consensus of the others; for a category 0 or 1, same or not.
    coverage : float or None
        Share of the consensus path that this expert's path has something to say about, 0 to 1.
    weight : float or None
        What the answer counted, 0 to 1.
    set_aside : str or None
        Why it did not count.
    flags : tuple of str
        ``reversed``, ``partial``.
    """

    expert: str
    answer: str
    visibility: Visibility
    offset: float | None = None
    distance: float | None = None
    coverage: float | None = None
    weight: float | None = None
    set_aside: str | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cloud:
    """The experts' answers at corresponding positions, for leaving each out in turn.

    Parameters
    ----------
    experts : tuple of str, length n_experts
    values : float64 ndarray of shape (n_experts, n_positions, n_dimensions), the item's unit
        NaN where an expert has nothing. One dimension for offsets along normals, two for points, one a
        category for choices (one-hot).
    weights : float64 ndarray of shape (n_experts, n_positions)
    """

    experts: tuple[str, ...]
    values: Floats
    weights: Floats


@dataclass(frozen=True, slots=True)
class Settled:
    """One question of one item, settled.

    Parameters
    ----------
    visibility : Visibility
        ``unasked`` when nobody answered.
    unit : "mm" or "px"
        Unit of `sd`, `sd_along`, `half_width` and of the rows' lengths.
    shares : mapping of str to float
        Posterior of each category, or of each visibility where there are no categories.
    path : float64 ndarray of shape (n_points, 2), px
        The consensus path, or one point; empty when there is none.
    band_low, band_high : float64 ndarray of shape (n_points, 2), px
        The path moved by the 95 % half width to the right and to the left; empty without one.
    ellipse : float64 ndarray of shape (n_outline, 2), px
        95 % region of a point, a closed outline; empty without one.
    landmarks : mapping of str to float64 ndarray of shape (2,), px
        Anchors of a path, settled as points.
    category : int or None
    sd : float or None
        Between experts: root mean square along a path, or of the two axes of a point.
    sd_along, n_eff, half_width : float64 ndarray of shape (n_points,)
    rows : tuple of Row, one a vote
    flags : tuple of str
        ``one expert``, ``tie``, ``split``, ``apart``, ``off by majority`` and the like.
    cloud : Cloud or None
    """

    visibility: Visibility
    unit: LengthUnit
    shares: Mapping[str, float]
    path: Points = field(default_factory=NO_POINTS.copy)
    band_low: Points = field(default_factory=NO_POINTS.copy)
    band_high: Points = field(default_factory=NO_POINTS.copy)
    ellipse: Points = field(default_factory=NO_POINTS.copy)
    landmarks: Mapping[str, Floats] = field(default_factory=dict)
    category: int | None = None
    sd: float | None = None
    sd_along: Floats = field(default_factory=lambda: np.zeros(0))
    n_eff: Floats = field(default_factory=lambda: np.zeros(0))
    half_width: Floats = field(default_factory=lambda: np.zeros(0))
    rows: tuple[Row, ...] = ()
    flags: tuple[str, ...] = ()
    cloud: Cloud | None = None


LearnVotes = Callable[[Sequence[Vote], Facts, Mapping[str, Spacing | None]], Learnt]
Locate = Callable[[Sequence[Vote], Facts, Spacing | None, Learnt], Settled]


@dataclass(frozen=True, slots=True)
class Method:
    """One way to a consensus; each file of ``agree/methods`` offers one as ``METHOD``.

    Parameters
    ----------
    name, summary : str
    form : Form
    shape : Shape or None
        What it accepts.
    learn : callable
        ``(votes of those who saw it, facts, spacing by item) -> Learnt``.
    locate : callable
        ``(votes of one item that saw it, one or more, facts, spacing, learnt) -> Settled``; its
        ``visibility`` is ``seen``, or ``blurred`` when the locations do not come to one.
    parameters : mapping of str to number
        What was fixed by hand, for the record.
    """

    name: str
    summary: str
    form: Form
    shape: Shape | None
    learn: LearnVotes
    locate: Locate
    parameters: Mapping[str, float] = field(default_factory=dict)

    def accepts(self, facts: Facts) -> bool:
        """Whether this method can settle the question."""
        return (self.form, self.shape) == (facts.form, facts.shape)

    def learn_all(
        self, votes: Sequence[Vote], facts: Facts, spacings: Mapping[str, Spacing | None]
    ) -> Learnt:
        """Learn from the votes of all items, the visibility included."""
        own = self.learn([v for v in _stable(votes) if v.value is not None], facts, spacings)
        seen = visibility.learn([(v.item, v.expert, v.visibility) for v in _stable(votes)])
        return Learnt(own.numbers, {**own.tables, visibility.TABLE: seen} if seen else own.tables)

    def settle(self, votes: Sequence[Vote], facts: Facts, spacing: Spacing | None, learnt: Learnt) -> Settled:
        """Settle one item.

        Parameters
        ----------
        votes : sequence of Vote
            Of this item only, at most one an expert.
        facts : Facts
        spacing : Spacing or None
            None leaves lengths in px.
        learnt : Learnt
            From `learn_all`, of this run or a stored one.
        """
        votes = _stable(votes)
        known = learnt.tables.get(visibility.TABLE, {})
        verdict = visibility.settle([(v.expert, v.visibility) for v in votes], known)
        base = Settled(verdict.visibility, unit_of(spacing), verdict.shares, flags=verdict.flags)
        rest = tuple(Row(v.expert, v.answer, v.visibility) for v in votes if v.value is None)
        located = [v for v in votes if v.value is not None]
        if verdict.visibility is not Visibility.SEEN or not located:
            aside = f"most say {verdict.visibility.value}" if verdict.is_clear else "the experts are level"
            rows = [Row(v.expert, v.answer, v.visibility, weight=0.0, set_aside=aside) for v in located]
            return replace(base, rows=(*rows, *rest))
        found = self.locate(located, facts, spacing, learnt)
        shares = {**found.shares} if facts.form is Form.CATEGORY else verdict.shares
        flags = tuple(dict.fromkeys((*verdict.flags, *found.flags)))
        return replace(found, shares=shares, rows=(*found.rows, *rest), flags=flags)

    def fit(
        self, votes: Sequence[Vote], facts: Facts, spacings: Mapping[str, Spacing | None]
    ) -> dict[str, Settled]:
        """Learn from all items and settle each."""
        learnt = self.learn_all(votes, facts, spacings)
        return {
            item: self.settle(of_item, facts, spacings.get(item), learnt)
            for item, of_item in by_item(votes).items()
        }


def by_item(votes: Sequence[Vote]) -> dict[str, list[Vote]]:
    """Group votes by item, in the order in which items first appear."""
    groups: dict[str, list[Vote]] = {}
    for vote in votes:
        groups.setdefault(vote.item, []).append(vote)
    return groups


def methods() -> dict[str, Method]:
    """Return the consensus methods by name."""
    return plugins.load("unisono.agree.methods", "METHOD", Method)


def _content(vote: Vote) -> tuple[str, str, bytes]:
    value = vote.value
    raw = value.path.tobytes() if isinstance(value, Vector) else str(value).encode()
    return (vote.item, vote.visibility.value, raw)


def _stable(votes: Sequence[Vote]) -> list[Vote]:
    # Sums of floats depend on their order: sort by what was said, so that neither the order of the rows nor
    # the experts' names can move a consensus by a last digit.
    return sorted(votes, key=_content)
