"""A box: an upright rectangle round something, such as a lesion."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unisono.base.errors import LabelError
from unisono.base.units import Points
from unisono.labels.base import Form, LabelType
from unisono.labels.inside import pixels_inside
from unisono.labels.parsing import Json, finite, object_of, whole

MAX_INSTANCES = 50


@dataclass(frozen=True, slots=True)
class Options:
    """Options of a ``box`` question: ``instances``, how many may be drawn, 1 by default."""

    instances: int = 1


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle from ``(x0, y0)``, the upper left corner, to ``(x1, y1)``, the lower right, px."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def points(self) -> Points:
        """The corners clockwise from the upper left, shape (4, 2), px."""
        corners = [(self.x0, self.y0), (self.x1, self.y0), (self.x1, self.y1), (self.x0, self.y1)]
        return np.array(corners, dtype=np.float64)


class BoxType(LabelType[Box, Options]):
    """An upright rectangle; several where there are several of what it holds."""

    name = "box"
    tool = "box"
    forms = frozenset({Form.RASTER})

    def parse_options(self, raw: Mapping[str, Json]) -> Options:
        """Read ``{"instances": 1..50}``."""
        given = object_of(raw, "options of a box", {"instances"}, optional={"instances"})
        return Options(whole(given.get("instances", 1), "instances", 1, MAX_INSTANCES))

    def parse_instance(self, raw: Json, options: Options) -> Box:  # noqa: ARG002
        """Read ``{"x0": px, "y0": px, "x1": px, "y1": px}``."""
        sides = ("x0", "y0", "x1", "y1")
        given = object_of(raw, "a box", set(sides))
        box = Box(*(finite(given[side], side) for side in sides))
        if not (box.x0 < box.x1 and box.y0 < box.y1):
            raise LabelError("a box goes from its upper left to its lower right: x0 < x1 and y0 < y1")
        return box

    def dump_instance(self, instance: Box) -> dict[str, Json]:
        """Write what `parse_instance` reads."""
        return {"x0": instance.x0, "y0": instance.y0, "x1": instance.x1, "y1": instance.y1}

    def max_instances(self, options: Options) -> int:
        """Return the option ``instances``."""
        return options.instances

    def places(self, instance: Box, options: Options) -> Points:  # noqa: ARG002
        """Return the corners."""
        return instance.points

    def raster(self, instance: Box, options: Options, shape: tuple[int, int]) -> NDArray[np.bool_]:  # noqa: ARG002
        """Return the pixels whose centres lie inside."""
        return pixels_inside(instance.points, shape)

    def examples(self) -> tuple[tuple[dict[str, Json], dict[str, Json]], ...]:
        """Return a single box and one of several."""
        return (
            ({}, {"x0": 10.5, "y0": 8.0, "x1": 40.0, "y1": 31.25}),
            ({"instances": 5}, {"x0": -0.5, "y0": -0.5, "x1": 3.5, "y1": 2.5}),
        )


LABEL = BoxType()
