"""The drawn strokes of a record: nodes where the label type keeps them, else its vector form."""

from unisono.base.errors import FormatError, LabelError
from unisono.base.units import Points
from unisono.formats.base import LabelRecord
from unisono.labels.base import parse_label
from unisono.labels.protocol import Question
from unisono.labels.spline import Path, SplineKind, Step

Strokes = tuple[tuple[Path, ...], ...]
"""Paths by instance; a point is a path of one node."""


def strokes_of(question: Question, record: LabelRecord) -> Strokes:
    """Return what a record draws.

    Raises
    ------
    FormatError
        If the label is not of the question's form; names image and question.
    """
    try:
        label = parse_label(question.label_type, question.options, record.label)
        return tuple(_paths(question, instance) for instance in label.instances)
    except LabelError as error:
        raise FormatError(f"{record.image}: {question.key}: {error}") from None


def _paths(question: Question, instance: object) -> tuple[Path, ...]:
    path = getattr(instance, "path", None)
    if isinstance(path, Path):
        return (path,)
    vector = question.label_type.vector(instance, question.options)
    return tuple(_polyline(stroke) for stroke in vector.strokes)


def _polyline(points: Points) -> Path:
    return Path(points, (Step.BEND,) * len(points), SplineKind.POLYLINE)
