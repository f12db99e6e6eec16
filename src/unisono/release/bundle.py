"""Whether settled labels can be what the experts' answers came to: a distance, not the method itself."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from unisono.base.units import Points
from unisono.formats.base import LabelRecord
from unisono.formats.doubles import apart_px, farthest_px, paths_of, sampled
from unisono.labels.base import Visibility
from unisono.labels.spline import Path, Step
from unisono.release.settled import by_image, last_answers

ONE_PX = 0.1
"""How far the label of one answer may be from it: it is that answer, as the format writes it."""
MARGIN_PX = 5.0
"""How far a consensus may be outside of its answers' spread: its spline bends between their positions."""


def bundle_faults(
    settled: Iterable[LabelRecord], answers: Sequence[LabelRecord], policy: str
) -> Iterator[str]:
    """Yield the settled labels that the answers cannot have come to.

    A settled label of one answer (or of the last one, by policy) is that answer within 0.1 px. Of several, no
    point of it is farther from the nearest answer than any two answers are apart, and 5 px.

    Parameters
    ----------
    settled, answers : iterable of LabelRecord
    policy : str
        ``consensus`` or ``last``.
    """
    groups = by_image(last_answers(answers) if policy == "last" else answers)
    for record in settled:
        group = groups.get((record.image, record.question), [])
        said = {r.visibility for r in group} or {Visibility.UNASKED, Visibility.BLURRED}
        is_odd = len(group) == 1 and record.visibility not in said
        if is_odd or (group and record.visibility is Visibility.SEEN and record.visibility not in said):
            yield f"{record.image}: {record.question}: {record.visibility}, but the answers say {_row(said)}"
        elif record.visibility is Visibility.SEEN:
            yield from _far(record, [r for r in group if r.visibility is Visibility.SEEN])


def _far(record: LabelRecord, group: Sequence[LabelRecord]) -> Iterator[str]:
    drawn = [(_points(r), _widest_gap_px(r)) for r in group]
    own = _points(record)
    if not len(own) or not all(len(points) for points, _ in drawn):
        return  # neither nodes nor a place: a choice
    allowed_px = ONE_PX if len(group) == 1 else MARGIN_PX + _spread_px([points for points, _ in drawn])
    allowed_px += max(gap for _, gap in drawn) + _step_px(drawn[0][0])
    px = farthest_px(own, np.concatenate([points for points, _ in drawn]))
    if px > allowed_px:
        yield (
            f"{record.image}: {record.question}: {px:.1f} px from the nearest answer; "
            f"the answers allow {allowed_px:.1f}"
        )


def _points(record: LabelRecord) -> Points:
    """Return points on all that a label draws, gaps bridged, shape (n, 2)."""
    whole = [sampled(replace(p, steps=_bridged(p))) for p in paths_of(record)]
    return np.concatenate(whole) if whole else np.empty((0, 2))


def _bridged(path: Path) -> tuple[Step, ...]:
    return tuple(Step.STRAIGHT if s is Step.GAP else s for s in path.steps)


def _widest_gap_px(record: LabelRecord) -> float:
    gaps = [
        float(np.hypot(*(path.nodes[i + 1] - path.nodes[i])))
        for path in paths_of(record)
        for i, step in enumerate(path.steps[:-1])
        if step is Step.GAP
    ]
    return max(gaps, default=0.0) / 2


def _spread_px(drawn: Sequence[Points]) -> float:
    """Return the largest distance between two answers, at equal shares of length where they can."""
    return max(
        float(np.hypot(*(a - b).T).max()) if a.shape == b.shape else apart_px(a, b)
        for a, b in combinations(drawn, 2)
    )


def _step_px(points: Points) -> float:
    return float(np.hypot(*np.diff(points, axis=0).T).max(initial=0.0)) if len(points) > 1 else 0.0


def _row(said: Iterable[Visibility]) -> str:
    return ", ".join(sorted(said))
