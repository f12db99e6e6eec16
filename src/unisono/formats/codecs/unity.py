"""Unity's release files, both generations.

=========================  ===============================================================================
``labels-all.json`` ...    generation 2: a list of instances a label, 3 decimals, straight segments; readers
                           draw natural cubic splines over the node's index
``generation-1/...``       generation 1: one instance a label, 1 decimal; readers draw over chord length
``labels-all.txt`` ...     the names of the images
``keys.json``              the labels with type and colour
``user-labels-all.csv``    every expert's answer
=========================  ===============================================================================

``off`` is a zero target that counts, ``blurred`` is masked from a loss, ``unasked`` is what nobody asked;
generation 1 knows no ``unasked`` and says ``blurred``. Generation 1 has one instance a label: the longest
stroke. A gap cuts a curve into instances, and each gap is a straight instance of ``<label>-jump``.
"""

import colorsys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from unisono.base.errors import FormatError
from unisono.formats.base import SPLITS, Codec, Dataset, Files, LabelRecord, Reading
from unisono.formats.coordinates import dump_numbers, parse_numbers, parse_pairs
from unisono.formats.doubles import drawing_faults, part_faults
from unisono.formats.drawing import redraw, split_at_gaps
from unisono.formats.joining import JUMP, join_gaps
from unisono.formats.jsonfiles import dump_json, items_of, load_object, text_of
from unisono.formats.names import Names, image_of
from unisono.formats.shapes import check_places
from unisono.formats.strokes import Strokes, strokes_of
from unisono.formats.table import NAME as TABLE
from unisono.formats.table import read_table, write_table
from unisono.labels.base import Form, Visibility
from unisono.labels.protocol import Question
from unisono.labels.spline import Path, SplineKind, Step, length, render

DECIMALS = {1: 1, 2: 3}
"""Digits after the point, by generation."""
TOLERANCE_PX = {1: 0.08, 2: 0.001}
"""How near the reader's drawing must come to the expert's for the search for nodes to end, by generation."""
APART_PX = 1.0
"""How far the first generation may draw from the second; 0.4 px is the most that was measured."""
READERS_SPLINE = {1: SplineKind.CHORD, 2: SplineKind.UNIFORM}
"""What a reader draws through the nodes, by generation."""
PARTS = ("all", *SPLITS)
FOLDER = {1: "generation-1/", 2: ""}
EMPTY = {"x": "", "y": ""}


class Unity(Codec):
    """Points and curves as the Unity echocardiography collaborative releases them."""

    name: ClassVar[str] = "unity"
    title: ClassVar[str] = (
        "Unity: labels-all/-train/-tune/-ival in both generations, and every expert's answer"
    )
    forms: ClassVar[frozenset[Form]] = frozenset({Form.VECTOR})
    settled_in: ClassVar[str] = "labels-all.json"

    def write(self, data: Dataset) -> dict[str, bytes]:
        """Return the JSON of both generations, the lists, ``keys.json`` and the table of answers."""
        self.check(data)
        files = {TABLE: write_table(data.project, data.answers), "keys.json": _keys(data)}
        labels = {gen: _all_labels(data, gen) for gen in (1, 2)}
        for part in PARTS:
            images = [i for i in data.images if part in ("all", data.split_of.get(i))]
            files[f"labels-{part}.txt"] = "".join(f"{i}.png\n" for i in images).encode()
            for gen in (1, 2):
                chosen = {f"{i}.png": labels[gen][i] for i in images}
                files[f"{FOLDER[gen]}labels-{part}.json"] = dump_json(chosen, indent=4)
        return files

    def read(self, files: Files, names: Names | None = None) -> Reading:
        """Read ``labels-all.json`` of either generation, the splits, and the table where it is there."""
        # Of two files of one name the one nearer to the top wins: there lies generation 2.
        by_name = {p.rsplit("/", 1)[-1]: p for p in sorted(files, key=lambda p: -p.count("/"))}
        found = [p for p in (by_name.get(f"labels-{part}.json") for part in PARTS) if p]
        if not found and TABLE not in by_name:
            raise FormatError(f"no labels-all.json and no {TABLE} among {len(files)} files")
        kinds: dict[str, str] = {}
        settled = read_labels(files[found[0]], found[0], names, kinds) if found else ()
        answers = read_table(files[by_name[TABLE]], names) if TABLE in by_name else ()
        return Reading(answers, settled, {**_kinds(answers), **kinds}, _splits(files, by_name, names))

    def faults(self, files: Files, data: Dataset) -> Iterator[str]:
        """Yield where parts, lists and generations differ."""
        paths = [f"{FOLDER[gen]}labels-{part}.json" for gen in (1, 2) for part in PARTS]
        missing = [p for p in (*paths, *(f"labels-{part}.txt" for part in PARTS)) if p not in files]
        yield from (f"{path}: missing" for path in missing)
        if missing:
            return
        for gen in (1, 2):
            whole = load_object(files[f"{FOLDER[gen]}labels-all.json"], f"{FOLDER[gen]}labels-all.json")
            for part in PARTS:
                where = f"{FOLDER[gen]}labels-{part}.json"
                images = {f"{i}.png" for i, own in data.split_of.items() if part in ("all", own)}
                yield from part_faults(whole, load_object(files[where], where), images, where)
        for part in PARTS:
            listed = text_of(files[f"labels-{part}.txt"], f"labels-{part}.txt").split()
            if listed != sorted(load_object(files[f"labels-{part}.json"], f"labels-{part}.json")):
                yield f"labels-{part}.txt: does not list the images of labels-{part}.json"
        first, second = (read_labels(files[p], p) for p in (f"{FOLDER[g]}labels-all.json" for g in (1, 2)))
        yield from drawing_faults(first, second, APART_PX, f"{FOLDER[1]}labels-all.json")


def read_labels(
    data: bytes, where: str, names: Names | None = None, kinds: dict[str, str] | None = None
) -> tuple[LabelRecord, ...]:
    """Read one labels file, of either generation or a mixture.

    Parameters
    ----------
    data : bytes
    where : str
        The file, for errors.
    names : Names, optional
    kinds : dict, optional
        Takes the name of each label's type.

    Raises
    ------
    FormatError
        Naming file, image and label.
    """
    records, kinds = [], {} if kinds is None else kinds
    for image, entry in load_object(data, where).items():
        code = image_of(image, names, where)
        read = {}
        labels = dict(items_of(entry, f"{where}: {image}")).get("labels")
        for label, raw in items_of(labels, f"{where}: {image}: labels"):
            kind, read[label] = _label(raw, f"{where}: {image}: {label}")
            kinds[label] = kind or kinds.get(label, _kind_by_name(label))
        for label in join_gaps(read):
            kinds.pop(label, None)
        records += [LabelRecord(code, label, None, value) for label, value in read.items()]
    return tuple(records)


def _all_labels(data: Dataset, gen: int) -> dict[str, dict[str, Any]]:
    out: dict[str, dict[str, Any]] = {i: {} for i in data.images}
    by_key = {q.key: q for q in data.questions}
    jumps = _jump_keys(data) if gen == 2 else set()  # noqa: PLR2004  # generation 1 has one instance a label
    for record in data.settled:
        labels = out[record.image]
        drawn = strokes_of(by_key[record.question], record)
        labels[record.question] = _dump(record.visibility, drawn, gen)
        if record.question in jumps:
            labels[record.question + JUMP] = _dump_jumps(record.visibility, drawn)
    for labels in out.values():
        for key in by_key:  # every label of the list stands at every image
            labels.setdefault(key, _dump(Visibility.UNASKED, (), gen))
    return {i: {"labels": labels} for i, labels in out.items()}


def _dump(visibility: Visibility, drawn: Strokes, gen: int) -> Any:  # noqa: ANN401  # a dict or a list
    if visibility is not Visibility.SEEN:
        unasked = visibility is Visibility.UNASKED and gen == 1
        kind = Visibility.BLURRED.value if unasked else visibility.value
        return {"type": kind, **EMPTY} if gen == 1 else [{"type": kind, **EMPTY, "straight_segment": ""}]
    strokes = [s for instance in drawn for path in instance for s in split_at_gaps(path)]
    long = [s for s in strokes if len(s.nodes) > 1] or strokes
    points = [i[0] for i in drawn if len(i[0].nodes) == 1]
    if gen == 1:
        return _dump_stroke(max(long, key=lambda s: length(render(s))), gen)
    return [_dump_stroke(s, gen) for s in (points or long)]


def _dump_stroke(stroke: Path, gen: int) -> dict[str, str]:
    knows_straight = gen == 2  # noqa: PLR2004  # the second generation
    new = redraw(
        stroke,
        READERS_SPLINE[gen],
        decimals=DECIMALS[gen],
        tolerance_px=TOLERANCE_PX[gen],
        straight=knows_straight,
    )
    out = {"type": "curve" if len(new.nodes) > 1 else "point"}
    out |= {axis: dump_numbers(new.nodes[:, k], DECIMALS[gen]) for k, axis in enumerate("xy")}
    if knows_straight:
        out["straight_segment"] = " ".join(
            "1" if s is Step.STRAIGHT else "0" for s in (*new.steps[:-1], Step.BEND)
        )
    return out


def _dump_jumps(visibility: Visibility, drawn: Strokes) -> list[dict[str, str]]:
    bridges = []
    for path in (p for instance in drawn for p in instance):
        for i, step in enumerate(path.steps[:-1]):
            if step is Step.GAP:
                ends = Path(path.nodes[i : i + 2], (Step.STRAIGHT, Step.BEND), SplineKind.UNIFORM)
                bridges.append(_dump_stroke(ends, 2))
    if bridges:
        return bridges
    unseen = visibility if visibility is not Visibility.SEEN else Visibility.OFF
    return [{"type": unseen.value, **EMPTY, "straight_segment": ""}]


def _jump_keys(data: Dataset) -> set[str]:
    return {
        r.question
        for r in data.settled
        for i in r.instances
        if any(n.get("step") == Step.GAP for n in i.get("nodes", ())[:-1])
    }


def _label(raw: Any, where: str) -> tuple[str, dict[str, Any]]:  # noqa: ANN401  # a foreign file
    """Return the label type's name (empty when unseen) and the label."""
    gen, rows = (2, raw) if isinstance(raw, list) else (1, [raw])
    if not rows or not all(isinstance(r, Mapping) for r in rows):
        raise FormatError(f"{where}: expected an object or a list of objects")
    types = {str(r.get("type")) for r in rows}
    unseen = {v.value for v in Visibility} - {Visibility.SEEN.value}
    if len(types) > 1 or not types <= {"point", "curve", *unseen}:
        legal = ", ".join(("point", "curve", *sorted(unseen)))
        raise FormatError(f"{where}: type {', '.join(sorted(types))} is not one of: {legal}")
    kind = types.pop()
    if kind in unseen:
        return "", {"visibility": kind, "instances": []}
    one = _point if kind == "point" else _curve
    spline = READERS_SPLINE[gen]
    return kind, {"visibility": "seen", "instances": [one(r, spline, where) for r in rows]}


def _point(raw: Mapping[str, Any], spline: SplineKind, where: str) -> dict[str, Any]:  # noqa: ARG001  # as `_curve`
    pairs = _pairs(raw, where)
    if len(pairs) != 1:
        raise FormatError(f"{where}: a point has one x and one y; got {len(pairs)}")
    return {"x": pairs[0][0], "y": pairs[0][1]}


def _curve(raw: Mapping[str, Any], spline: SplineKind, where: str) -> dict[str, Any]:
    pairs = _pairs(raw, where)
    if len(pairs) < 2:  # noqa: PLR2004
        raise FormatError(f"{where}: a curve has 2 nodes or more; got {len(pairs)}")
    flags = parse_numbers(raw.get("straight_segment", ""), f"{where}: straight_segment") or [0.0] * len(pairs)
    if len(flags) != len(pairs):
        raise FormatError(f"{where}: {len(flags)} straight_segment flags for {len(pairs)} nodes")
    nodes = [
        {"x": x, "y": y} | ({"step": Step.STRAIGHT.value} if flag and i < len(pairs) - 1 else {})
        for i, ((x, y), flag) in enumerate(zip(pairs, flags, strict=True))
    ]
    return {"nodes": nodes, "spline": spline.value, "freehand": False}


def _pairs(raw: Mapping[str, Any], where: str) -> list[tuple[float, float]]:
    pairs = parse_pairs(raw.get("x", ""), raw.get("y", ""), where)
    check_places(pairs, where)
    confidence = parse_numbers(raw.get("conf", ""), f"{where}: conf")
    if confidence and len(confidence) != len(pairs):
        raise FormatError(f"{where}: {len(confidence)} conf for {len(pairs)} points; there must be as many")
    return pairs


def _splits(files: Files, by_name: Mapping[str, str], names: Names | None) -> dict[str, str]:
    out: dict[str, str] = {}
    for part in SPLITS:
        lists = by_name.get(f"labels-{part}.txt")
        labels = by_name.get(f"labels-{part}.json")
        if lists:
            members: Iterable[str] = text_of(files[lists], lists).split()
        elif labels:
            members = load_object(files[labels], labels)
        else:
            continue
        for name in members:
            image = image_of(name, names, lists or labels or "")
            if out.setdefault(image, part) != part:
                raise FormatError(f"image {image} stands in the parts {out[image]} and {part}")
    return out


def _kinds(answers: Iterable[LabelRecord]) -> dict[str, str]:
    kinds: dict[str, str] = {}
    for record in answers:
        kinds.setdefault(record.question, _kind_by_name(record.question))
        for instance in record.instances:
            kinds[record.question] = (
                "curve" if "nodes" in instance else "choice" if "key" in instance else "point"
            )
    return kinds


def _kind_by_name(label: str) -> str:
    return "curve" if label.startswith("curve-") else "point"


def _keys(data: Dataset) -> bytes:
    return dump_json({q.key: _key(q, data.project) for q in data.questions}, indent=4)


def _key(question: Question, project: str) -> dict[str, str]:
    colour = colorsys.hsv_to_rgb(question.hue / 10, 0.8, 1.0)
    kind = "point" if question.label_type.name == "point" else "curve"
    return {"active": "yes", "type": kind, "rgb": dump_numbers(colour, 3), project: "yes"}


CODEC = Unity()
