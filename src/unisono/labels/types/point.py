"""A point: one location in the image, for a landmark or a caliper end."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from unisono.labels.base import Form, Json, LabelType, Vector, finite, object_of, whole

MAX_INSTANCES = 50


@dataclass(frozen=True, slots=True)
class Options:
    """Options of a ``point`` question: ``instances``, how many points may be set, 1 by default."""

    instances: int = 1


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
        """Read ``{"instances": 1..50}``."""
        given = object_of(raw, "options of a point", {"instances"}, optional={"instances"})
        return Options(whole(given.get("instances", 1), "instances", 1, MAX_INSTANCES))

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
        """Return a single point and one of several."""
        return (({}, {"x": 101.25, "y": 33.0}), ({"instances": 3}, {"x": -0.5, "y": 7.75}))


LABEL = PointType()
