"""A curve: an open spline through nodes, with straight steps, gaps and nodes that bear a landmark's name."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from unisono.base.errors import LabelError
from unisono.labels.axes import axis_of, flag_of
from unisono.labels.base import Form, LabelType, Vector
from unisono.labels.parsing import Json, finite, object_of, whole
from unisono.labels.spline import Path, SplineKind, Step, render

MAX_INSTANCES = 20
MAX_NODES = 5000


@dataclass(frozen=True, slots=True)
class Options:
    """Options of a ``curve`` question.

    Parameters
    ----------
    instances : int, default=1
        How many curves may be drawn.
    min_nodes : int, default=3
        A curve with fewer is not finished.
    ties : mapping of str to str
        ``start``, ``middle`` and ``end`` to the key of the point question that shares the curve's first
        node, a node between, and its last: moving one moves the other.
    axis : str, optional
        ``velocity`` where the page reads the nodes out in cm/s and ms.
    per_beat : bool, default=False
        One in every beat: the page goes on to the next question of the beat, and round again.
    """

    instances: int = 1
    min_nodes: int = 3
    ties: Mapping[str, str] = field(default_factory=dict)
    axis: str | None = None
    per_beat: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """One click: where (px), how it goes on, and the point question it shares, if any."""

    x: float
    y: float
    step: Step = Step.BEND
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """An open curve, in drawing order.

    Parameters
    ----------
    nodes : tuple of Node
    spline : SplineKind
    freehand : bool
        Drawn in one stroke; the nodes then are the trace itself.
    """

    nodes: tuple[Node, ...]
    spline: SplineKind
    freehand: bool = False

    @property
    def path(self) -> Path:
        """What `unisono.labels.spline` draws."""
        points = np.array([(n.x, n.y) for n in self.nodes], dtype=np.float64)
        return Path(points, tuple(n.step for n in self.nodes), self.spline)


class CurveType(LabelType[Curve, Options]):
    """An open border, such as the left ventricle's endocardium from hinge over apex to hinge."""

    name = "curve"
    tool = "trace"
    forms = frozenset({Form.VECTOR})

    def parse_options(self, raw: Mapping[str, Json]) -> Options:
        """Read ``instances``, ``min_nodes``, ``ties``, ``axis`` and ``per_beat``, all optional."""
        keys = {"instances", "min_nodes", "ties", "axis", "per_beat"}
        given = object_of(raw, "options of a curve", keys, optional=keys)
        places = {"start", "middle", "end"}
        ties = object_of(given.get("ties", {}), "ties of a curve", places, optional=places)
        twice = [key for key, n in Counter(ties.values()).items() if n > 1]
        if twice:
            raise LabelError(f"ties of a curve: {twice[0]!r} is tied to two places")
        return Options(
            instances=whole(given.get("instances", 1), "instances", 1, MAX_INSTANCES),
            min_nodes=whole(given.get("min_nodes", 3), "min_nodes", 2, MAX_NODES),
            ties={place: str(key) for place, key in ties.items()},
            axis=axis_of(given),
            per_beat=flag_of(given, "per_beat"),
        )

    def parse_instance(self, raw: Json, options: Options) -> Curve:
        """Read ``{"nodes": [{"x", "y", "step"?, "key"?}], "spline", "freehand"?}``."""
        given = object_of(raw, "a curve", {"nodes", "spline", "freehand"}, optional={"freehand"})
        try:
            spline = SplineKind(given["spline"])
        except ValueError:
            legal = ", ".join(k.value for k in SplineKind)
            raise LabelError(f"spline {given['spline']!r} is not one of: {legal}") from None
        nodes = given["nodes"]
        if not isinstance(nodes, list) or not options.min_nodes <= len(nodes) <= MAX_NODES:
            count = len(nodes) if isinstance(nodes, list) else type(nodes).__name__
            raise LabelError(
                f"a curve of this question has {options.min_nodes} to {MAX_NODES} nodes; got {count}"
            )
        freehand = given.get("freehand", False)
        if not isinstance(freehand, bool):
            raise LabelError(f"freehand must be true or false; got {freehand!r}")
        read = tuple(_node(n, options) for n in nodes)
        if len({(n.x, n.y) for n in read}) == 1:
            raise LabelError(f"all {len(read)} nodes of the curve are the same place")
        return Curve(read, spline, freehand)

    def dump_instance(self, instance: Curve) -> dict[str, Json]:
        """Write what `parse_instance` reads; a node's defaults are left out."""
        return {
            "nodes": [_dump(n) for n in instance.nodes],
            "spline": instance.spline.value,
            "freehand": instance.freehand,
        }

    def max_instances(self, options: Options) -> int:
        """Return the option ``instances``."""
        return options.instances

    def vector(self, instance: Curve, options: Options) -> Vector:  # noqa: ARG002
        """Return the drawn strokes, with the tied nodes as anchors."""
        anchors = {n.key: np.array([n.x, n.y]) for n in instance.nodes if n.key}
        return Vector(render(instance.path), anchors)

    def examples(self) -> tuple[tuple[dict[str, Json], dict[str, Json]], ...]:
        """Return a bent curve with ties, and one with a straight step, a gap and the older spline."""
        bent = {
            "nodes": [
                {"x": 40.0, "y": 90.5, "key": "mv-ant-hinge"},
                {"x": 45.25, "y": 30.0},
                {"x": 60.0, "y": 10.0, "key": "lv-apex-endo"},
                {"x": 75.0, "y": 31.0},
                {"x": 81.5, "y": 92.0, "key": "mv-post-hinge"},
            ],
            "spline": "natural-cubic/chord",
            "freehand": False,
        }
        ties = {"start": "mv-ant-hinge", "middle": "lv-apex-endo", "end": "mv-post-hinge"}
        mixed = {
            "nodes": [
                {"x": 10.0, "y": 10.0},
                {"x": 20.0, "y": 14.0, "step": "straight"},
                {"x": 30.0, "y": 10.0, "step": "gap"},
                {"x": 50.0, "y": 12.0},
            ],
            "spline": "natural-cubic/uniform",
            "freehand": False,
        }
        return (({"ties": ties}, bent), ({"instances": 2, "min_nodes": 2}, mixed))


def _node(raw: Json, options: Options) -> Node:
    given = object_of(raw, "a node", {"x", "y", "step", "key"}, optional={"step", "key"})
    try:
        step = Step(given.get("step", Step.BEND))
    except ValueError:
        legal = ", ".join(s.value for s in Step)
        raise LabelError(f"step {given['step']!r} of a node is not one of: {legal}") from None
    key = given.get("key")
    if key is not None and key not in options.ties.values():
        legal = ", ".join(options.ties.values()) or "none"
        raise LabelError(f"node key {key!r} is not tied to this curve; tied are: {legal}")
    return Node(finite(given["x"], "x of a node"), finite(given["y"], "y of a node"), step, key)


def _dump(node: Node) -> dict[str, Json]:
    out: dict[str, Json] = {"x": node.x, "y": node.y}
    if node.step is not Step.BEND:
        out["step"] = node.step.value
    if node.key is not None:
        out["key"] = node.key
    return out


LABEL = CurveType()
