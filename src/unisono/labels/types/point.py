"""A point: one location in the image, for a landmark or a caliper end."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from unisono.labels.axes import axis_of, flag_of
from unisono.labels.base import Form, LabelType, Vector
from unisono.labels.parsing import Json, finite, object_of, whole

MAX_INSTANCES = 50


@dataclass(frozen=True, slots=True)
class Options:
    """Options of a ``point`` question.

    Parameters
    ----------
    instances : int, default=1
        How many points may be set.
    axis : str, optional
        ``velocity`` where the page reads the point out in cm/s and ms.
    per_beat : bool, default=False
        One in every beat: the page goes on to the next question of the beat, and round again.
    """

    instances: int = 1
    axis: str | None = None
    per_beat: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """One location, ``x`` and ``y`` in px of the stored frame."""

    x: float
    y: float


class PointType(LabelType[Point, Options]):
    """One location; several where a structure recurs, as the E wave does in every beat."""

    name = "point"
    tool = "place"
    forms = frozenset({Form.VECTOR})

    def parse_options(self, raw: Mapping[str, Json]) -> Options:
        """Read ``{"instances": 1..50, "axis": "velocity", "per_beat": bool}``, all optional."""
        keys = {"instances", "axis", "per_beat"}
        given = object_of(raw, "options of a point", keys, optional=keys)
        return Options(
            instances=whole(given.get("instances", 1), "instances", 1, MAX_INSTANCES),
            axis=axis_of(given),
            per_beat=flag_of(given, "per_beat"),
        )

    def parse_instance(self, raw: Json, options: Options) -> Point:  # noqa: ARG002
        """Read ``{"x": px, "y": px}``."""
        given = object_of(raw, "a point", {"x", "y"})
        return Point(finite(given["x"], "x"), finite(given["y"], "y"))

    def dump_instance(self, instance: Point) -> dict[str, Json]:
        """Write ``{"x": px, "y": px}``."""
        return {"x": instance.x, "y": instance.y}

    def max_instances(self, options: Options) -> int:
        """Return the option ``instances``."""
        return options.instances

    def vector(self, instance: Point, options: Options) -> Vector:  # noqa: ARG002
        """Return one stroke of one point."""
        return Vector((np.array([[instance.x, instance.y]]),))

    def examples(self) -> tuple[tuple[dict[str, Json], dict[str, Json]], ...]:
        """Return a single point, one of several, and a wave's peak."""
        wave = {"instances": 12, "axis": "velocity", "per_beat": True}
        return (
            ({}, {"x": 101.25, "y": 33.0}),
            ({"instances": 3}, {"x": -0.5, "y": 7.75}),
            (wave, {"x": 212.0, "y": 148.5}),
        )


LABEL = PointType()
