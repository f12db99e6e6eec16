"""UnityLV-MultiX: many experts' curves of one structure, 200 points each, and their consensus.

``UnityLV_multiX_annotations.json``
    ``{frame.png: {expert: [[x * 200], [y * 200]]}}``; experts who did not draw a frame are left out.
``UnityLV_multiX_consensus_curves.json``
    ``{frame.png: [[x * 200], [y * 200]]}``.

Points lie at equal arc length in drawing order, in pixels, with all digits. Experts are pseudonyms. Gaps are
left out of the length, so a curve with a gap jumps between two neighbouring points.
"""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

import numpy as np

from unisono.base.errors import FormatError
from unisono.formats.base import Codec, Dataset, Files, LabelRecord, Reading
from unisono.formats.coordinates import parse_pairs
from unisono.formats.jsonfiles import dump_json, items_of, load_object
from unisono.formats.names import Names, image_of
from unisono.formats.shapes import check_places
from unisono.formats.strokes import strokes_of
from unisono.labels.base import Form, Visibility
from unisono.labels.protocol import Question
from unisono.labels.spline import SplineKind, sample

N_POINTS = 200
ANNOTATIONS = "UnityLV_multiX_annotations.json"
CONSENSUS = "UnityLV_multiX_consensus_curves.json"
NEAR_PX = 1e-6
"""How far points computed anew may be; other builds of the libraries differ in the last digits."""
DEFAULT_QUESTION = "curve-lv-endo"
"""The structure of MultiX; its files do not name it."""


class MultiX(Codec):
    """One curve by many experts."""

    name: ClassVar[str] = "multix"
    title: ClassVar[str] = "UnityLV-MultiX: 200-point curves of every expert, and the consensus curve"
    forms: ClassVar[frozenset[Form]] = frozenset({Form.VECTOR})
    settled_in: ClassVar[str] = CONSENSUS
    loose: ClassVar[frozenset[str]] = frozenset({ANNOTATIONS, CONSENSUS})
    needs_consensus: ClassVar[bool] = True

    def lacks(self, question: Question) -> str:
        """Return why the format cannot carry a question: it carries open curves and nothing else."""
        if question.label_type.name == "point":
            return f"format {self.name!r} carries curves; question {question.key!r} asks for points"
        return super().lacks(question)

    def check(self, data: Dataset) -> None:
        """Refuse what the format cannot carry, and more than one question."""
        super().check(data)
        if len(data.questions) != 1:
            keys = ", ".join(q.key for q in data.questions) or "none"
            raise FormatError(f"format {self.name!r} carries one question; got: {keys}")

    def write(self, data: Dataset) -> dict[str, bytes]:
        """Return annotations and consensus curves."""
        self.check(data)
        question = data.questions[0]
        annotations: dict[str, dict[str, Any]] = {}
        for record in data.answers:
            for curve in _curves(question, record):
                annotations.setdefault(f"{record.image}.png", {})[str(record.expert)] = curve
        consensus = {f"{r.image}.png": c for r in data.settled for c in _curves(question, r)}
        return {
            ANNOTATIONS: dump_json(annotations),
            CONSENSUS: dump_json(consensus),
        }

    def read(self, files: Files, names: Names | None = None) -> Reading:
        """Read annotations and consensus where they are there, as answers to ``curve-lv-endo``."""
        paths = {p.rsplit("/", 1)[-1]: p for p in sorted(files, key=lambda p: -p.count("/"))}
        if ANNOTATIONS not in paths and CONSENSUS not in paths:
            raise FormatError(f"no {ANNOTATIONS} and no {CONSENSUS} among {len(files)} files")
        question = DEFAULT_QUESTION
        drawn: list[LabelRecord] = []
        if ANNOTATIONS in paths:
            for image, experts in load_object(files[paths[ANNOTATIONS]], ANNOTATIONS).items():
                code = image_of(image, names, ANNOTATIONS)
                for expert, raw in items_of(experts, f"{ANNOTATIONS}: {image}"):
                    label = _label(raw, f"{ANNOTATIONS}: {image}: {expert}")
                    drawn.append(LabelRecord(code, question, expert, label))
        settled: list[LabelRecord] = []
        if CONSENSUS in paths:
            for image, raw in load_object(files[paths[CONSENSUS]], CONSENSUS).items():
                label = _label(raw, f"{CONSENSUS}: {image}")
                settled.append(LabelRecord(image_of(image, names, CONSENSUS), question, None, label))
        return Reading(tuple(drawn), tuple(settled), {question: "curve"})

    def faults(self, files: Files, data: Dataset) -> Iterator[str]:
        """Yield where curves are not the experts', have not 200 points, or nobody drew."""
        found = self.read(files)
        question = data.questions[0]
        drawn = {(r.image, r.expert or ""): r for r in found.answers}
        expected = {(r.image, r.expert or ""): c for r in data.answers for c in _curves(question, r)}
        for key in sorted(drawn.keys() ^ expected.keys()):
            where = "missing" if key in expected else "not among the answers"
            yield f"{ANNOTATIONS}: {key[0]}: {key[1]}: {where}"
        for key in sorted(drawn.keys() & expected.keys()):
            if not _is_near(drawn[key], expected[key]):
                yield f"{ANNOTATIONS}: {key[0]}: {key[1]}: is not the curve of {key[1]}'s answer"
        images = {image for image, _ in drawn}
        settled = {r.image for r in found.settled}
        yield from (f"{CONSENSUS}: {i}: nobody drew it" for i in sorted(settled - images))
        for record in found.settled:
            if len(record.instances[0]["nodes"]) != N_POINTS:
                yield f"{CONSENSUS}: {record.image}: has not {N_POINTS} points"


def _is_near(record: LabelRecord, expected: list[list[float]]) -> bool:
    places = np.array([(n["x"], n["y"]) for n in record.instances[0]["nodes"]]).T
    return places.shape == (2, N_POINTS) and bool(np.abs(places - expected).max() <= NEAR_PX)


def _curves(question: Question, record: LabelRecord) -> Iterable[list[list[float]]]:
    """Yield the first instance of a record as two lists of 200; nothing when it was not seen."""
    if record.visibility is not Visibility.SEEN:
        return
    paths = strokes_of(question, record)[0]
    if len(paths) != 1:
        raise FormatError(f"{record.image}: {question.key}: format 'multix' carries one path a curve")
    points = sample(paths[0], N_POINTS)
    yield [points[:, 0].tolist(), points[:, 1].tolist()]


def _label(raw: Any, where: str) -> dict[str, Any]:  # noqa: ANN401  # a foreign file
    if not isinstance(raw, list) or len(raw) != 2:  # noqa: PLR2004  # x and y
        raise FormatError(f"{where}: a curve is two lists, x and y")
    pairs = parse_pairs(raw[0], raw[1], where)
    if len(pairs) < 2:  # noqa: PLR2004
        raise FormatError(f"{where}: a curve has 2 points or more; got {len(pairs)}")
    check_places(pairs, where)
    nodes = [{"x": x, "y": y} for x, y in pairs]
    curve = {"nodes": nodes, "spline": SplineKind.POLYLINE.value, "freehand": False}
    return {"visibility": Visibility.SEEN.value, "instances": [curve]}


CODEC = MultiX()
