"""Makers of votes whose consensus is known."""

from collections.abc import Mapping, Sequence

import numpy as np

from unisono.agree.base import Facts, Shape, Vote
from unisono.base.units import Points, Spacing
from unisono.bench.experts import APEX, CURVE, ELEVEN, FIRST, LAST, Habit, Truth, make_truth, simulate_experts
from unisono.labels.base import Form, Vector, Visibility, parse_label
from unisono.labels.types.curve import LABEL

SPACING = Spacing(0.35, 0.4)
TIES = {"start": FIRST, "middle": APEX, "end": LAST}
PATH = Facts(CURVE, "LV endocardium", Form.VECTOR, Shape.PATH, (), TIES)
POINT = Facts(APEX, "Apex", Form.VECTOR, Shape.POINT)
CLASSES = Facts("view", "View", Form.CATEGORY, None, ("a4c", "a2c", "plax"))


def half_circle(
    radius: float = 100.0, n_points: int = 241, centre: tuple[float, float] = (200, 200)
) -> Points:
    """Return a half circle from the left over the top to the right, px."""
    angle = np.linspace(np.pi, 2 * np.pi, n_points)
    return np.column_stack([centre[0] + radius * np.cos(angle), centre[1] + radius * np.sin(angle)])


def path_vote(path: Points, expert: str, *, item: str = "i", ties: Mapping[str, str] = TIES) -> Vote:
    """Return a seen path with its ends and its middle named."""
    at = {"start": 0, "middle": len(path) // 2, "end": -1}
    anchors = {key: path[at[place]] for place, key in ties.items()}
    return Vote(item, expert, f"{item}/{expert}", Visibility.SEEN, Vector((path,), anchors))


def turned_vote(vote: Vote) -> Vote:
    """Return the same path, drawn from its other end; names stay where they were."""
    assert isinstance(vote.value, Vector)
    strokes = tuple(s[::-1].copy() for s in reversed(vote.value.strokes))
    return Vote(vote.item, vote.expert, vote.answer, vote.visibility, Vector(strokes, vote.value.anchors))


def point_vote(x: float, y: float, expert: str, *, item: str = "i") -> Vote:
    """Return a seen point, px."""
    return Vote(item, expert, f"{item}/{expert}", Visibility.SEEN, Vector((np.array([[x, y]]),)))


def class_vote(category: int, expert: str, *, item: str = "i") -> Vote:
    """Return a chosen category."""
    return Vote(item, expert, f"{item}/{expert}", Visibility.SEEN, category)


def unseen_vote(visibility: Visibility, expert: str, *, item: str = "i") -> Vote:
    """Return a vote without a location."""
    return Vote(item, expert, f"{item}/{expert}", visibility)


def simulated_votes(
    rng: np.random.Generator, n_items: int = 4, panel: Sequence[Habit] = ELEVEN
) -> tuple[list[Vote], list[Truth]]:
    """Return a simulated panel's curves over made borders, items ``0`` to ``n_items - 1``."""
    truths = [make_truth(rng, SPACING, centre_px=(300.0, 250.0)) for _ in range(n_items)]
    drawn = simulate_experts(truths, [SPACING] * n_items, rng, panel)
    options = LABEL.parse_options({"ties": TIES})
    votes = []
    for e, rows in enumerate(drawn.labels):
        for i, row in enumerate(rows):
            label = parse_label(LABEL, options, row[CURVE])
            value = LABEL.vector(label.instances[0], options)
            votes.append(Vote(str(i), f"e{e:02d}", f"{e}/{i}", label.visibility, value))
    return votes, truths
