"""Whether settled labels can be what the answers came to: by their place among them, not by the method."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from unisono.base.units import Points
from unisono.formats.base import LabelRecord
from unisono.formats.doubles import farthest_px, paths_of, sampled
from unisono.labels.base import Visibility
from unisono.labels.spline import Path, Step
from unisono.release.middle import allowed_px, off_middle_px, reach_px
from unisono.release.settled import by_image, last_answers

ONE_PX = 0.1
"""How far the label of one answer may be from it: it is that answer, as the format writes it."""
MARGIN_PX = 5.0
"""How far any point of a consensus may be from the nearest answer when nobody is far from everybody else."""


def bundle_faults(
    settled: Iterable[LabelRecord], answers: Sequence[LabelRecord], policy: str
) -> Iterator[str]:
    """Yield the settled labels that the answers cannot have come to.

    A settled label of one answer (or of the last one, by policy) is that answer within 0.1 px. Of several, it
    lies in their middle as far as their scatter lets one say so (`middle.allowed_px`), and no point of it is
    farther from the nearest answer than half of the answers' own points are from the other answers, and 5 px.

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
    own = _points(paths_of(record))
    # Of several instances the first is the one that experts are compared by.
    drawn = [_points(paths_of(r)[: None if len(group) == 1 else 1]) for r in group]
    if not len(own) or not all(len(points) for points in drawn):
        return  # neither nodes nor a place: a choice
    where = f"{record.image}: {record.question}"
    is_one = len(group) == 1
    if is_one or len(own) > 1:  # the middle of scattered points may be far from each of them
        px = farthest_px(own, np.concatenate(drawn))
        allowed = ONE_PX + _step_px(drawn[0]) if is_one else MARGIN_PX + reach_px(drawn)
        if px > allowed:
            yield f"{where}: {px:.1f} px from the nearest answer; the answers allow {allowed:.1f}"
            return
    if not is_one and (px := off_middle_px(own, drawn)) > (allowed := allowed_px(drawn)):
        yield f"{where}: {px:.1f} px from the middle of the answers; they allow {allowed:.1f}"


def _points(paths: Sequence[Path]) -> Points:
    """Return points on some paths, gaps bridged, shape (n, 2)."""
    whole = [sampled(replace(p, steps=_bridged(p))) for p in paths]
    return np.concatenate(whole) if whole else np.empty((0, 2))


def _bridged(path: Path) -> tuple[Step, ...]:
    return tuple(Step.STRAIGHT if s is Step.GAP else s for s in path.steps)


def _step_px(points: Points) -> float:
    return float(np.hypot(*np.diff(points, axis=0).T).max(initial=0.0)) if len(points) > 1 else 0.0


def _row(said: Iterable[Visibility]) -> str:
    return ", ".join(sorted(said))
