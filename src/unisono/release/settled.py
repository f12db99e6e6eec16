"""One label an image and question: the project's consensus, or Unity's "last answer in time wins"."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from unisono.base.errors import LabelError, ReleaseError
from unisono.formats.base import LabelRecord
from unisono.labels.base import Visibility
from unisono.labels.protocol import Protocol, Question
from unisono.labels.spline import Path, SplineKind, Step, sample

N_POINTS = 200
"""Points of a consensus curve, as in MultiX."""


def by_image(answers: Iterable[LabelRecord]) -> dict[tuple[str, str], list[LabelRecord]]:
    """Group answers by (image, question), leaving out what was not asked."""
    groups: dict[tuple[str, str], list[LabelRecord]] = {}
    for record in answers:
        if record.visibility is not Visibility.UNASKED:
            groups.setdefault((record.image, record.question), []).append(record)
    return groups


def last_answers(answers: Iterable[LabelRecord]) -> tuple[LabelRecord, ...]:
    """Return the last answer of each image and question; of two at one instant the later pseudonym's."""
    last = (max(g, key=lambda r: (r.at, r.expert or "")) for g in by_image(answers).values())
    return tuple(LabelRecord(r.image, r.question, None, r.label, r.at) for r in last)


def consensus_labels(
    answers: Iterable[LabelRecord], body: Mapping[str, Any], protocol: Protocol, item_of: Mapping[str, str]
) -> tuple[LabelRecord, ...]:
    """Return what the experts came to.

    Parameters
    ----------
    answers : iterable of LabelRecord
    body : mapping
        Of the stored result of kind ``consensus``.
    protocol : Protocol
    item_of : mapping of str to str
        Item id by image.

    Returns
    -------
    tuple of LabelRecord
        A consensus of one expert is his answer, word for word. A consensus curve is a polyline of 200 points
        at equal arc length along the natural cubic spline through the stored positions.

    Raises
    ------
    ReleaseError
        If the result says nothing of an answered item, or its label does not fit the question.
    """
    out = []
    for (image, key), group in by_image(answers).items():
        if len(group) == 1:
            out.append(LabelRecord(image, key, None, group[0].label))
            continue
        try:
            settled = body["questions"][key]["items"][item_of[image]]
        except KeyError:
            raise ReleaseError(f"the consensus says nothing of {key!r} on {image}") from None
        question = protocol.question(key)
        label = _label(question, settled)
        _check(question, label, image)
        out.append(LabelRecord(image, key, None, label))
    return tuple(out)


def _label(question: Question, settled: Mapping[str, Any]) -> dict[str, Any]:
    visibility = settled["visibility"]
    if visibility != Visibility.SEEN:
        return {"visibility": visibility, "instances": []}
    make = _INSTANCES.get(question.label_type.name)
    if make is None:
        legal = ", ".join(_INSTANCES)
        raise ReleaseError(
            f"{question.key}: no consensus label of type {question.label_type.name!r}; there are: {legal}"
        )
    return {"visibility": visibility, "instances": [make(settled)]}


def _point(settled: Mapping[str, Any]) -> dict[str, Any]:
    x, y = settled["path"][0]
    return {"x": x, "y": y}


def _curve(settled: Mapping[str, Any]) -> dict[str, Any]:
    path = np.array(settled["path"], dtype=np.float64)
    # A border is smooth between the positions at which the experts were compared.
    border = sample(Path(path, (Step.BEND,) * len(path), SplineKind.CHORD), N_POINTS)
    nodes = [{"x": x, "y": y} for x, y in border.tolist()]
    return {"nodes": nodes, "spline": SplineKind.POLYLINE.value, "freehand": False}


def _choice(settled: Mapping[str, Any]) -> dict[str, Any]:
    return {"key": settled["category"]}


_INSTANCES: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "point": _point,
    "curve": _curve,
    "choice": _choice,
}


def _check(question: Question, label: dict[str, Any], image: str) -> None:
    try:
        parsed = question.label_type
        for instance in label["instances"]:
            parsed.parse_instance(instance, question.options)
    except LabelError as error:
        raise ReleaseError(
            f"the consensus of {question.key!r} on {image} is no such label: {error}"
        ) from None
