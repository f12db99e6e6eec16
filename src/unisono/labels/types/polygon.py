"""A polygon: a closed outline through corners, such as a kidney's capsule.

It has no vector form: consensus methods for paths align two ends, and a closed outline has none.
"""

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
MIN_CORNERS, MAX_CORNERS = 3, 5000


@dataclass(frozen=True, slots=True)
class Options:
    """Options of a ``polygon`` question: ``instances``, how many may be drawn, 1 by default."""

    instances: int = 1


@dataclass(frozen=True, slots=True)
class Polygon:
    """A closed outline, in drawing order.

    Parameters
    ----------
    corners : tuple of (float, float), px
        The last is joined to the first.
    freehand : bool
        Drawn in one stroke; the corners then are the trace itself.
    """

    corners: tuple[tuple[float, float], ...]
    freehand: bool = False

    @property
    def points(self) -> Points:
        """The corners as an array of shape (n_corners, 2), px."""
        return np.array(self.corners, dtype=np.float64)


class PolygonType(LabelType[Polygon, Options]):
    """A closed outline; several where a structure is in pieces or recurs."""

    name = "polygon"
    tool = "outline"
    forms = frozenset({Form.RASTER})

    def parse_options(self, raw: Mapping[str, Json]) -> Options:
        """Read ``{"instances": 1..50}``."""
        given = object_of(raw, "options of a polygon", {"instances"}, optional={"instances"})
        return Options(whole(given.get("instances", 1), "instances", 1, MAX_INSTANCES))

    def parse_instance(self, raw: Json, options: Options) -> Polygon:  # noqa: ARG002
        """Read ``{"corners": [{"x", "y"}], "freehand"?}``."""
        given = object_of(raw, "a polygon", {"corners", "freehand"}, optional={"freehand"})
        rows, freehand = given["corners"], given.get("freehand", False)
        if not isinstance(rows, list) or not MIN_CORNERS <= len(rows) <= MAX_CORNERS:
            count = len(rows) if isinstance(rows, list) else type(rows).__name__
            raise LabelError(f"a polygon has {MIN_CORNERS} to {MAX_CORNERS} corners; got {count}")
        if not isinstance(freehand, bool):
            raise LabelError(f"freehand must be true or false; got {freehand!r}")
        polygon = Polygon(tuple(_corner(row) for row in rows), freehand)
        if _is_on_one_line(polygon.points):
            raise LabelError(f"the {len(rows)} corners of the polygon lie on one line")
        return polygon

    def dump_instance(self, instance: Polygon) -> dict[str, Json]:
        """Write what `parse_instance` reads."""
        corners = [{"x": x, "y": y} for x, y in instance.corners]
        return {"corners": corners, "freehand": instance.freehand}

    def max_instances(self, options: Options) -> int:
        """Return the option ``instances``."""
        return options.instances

    def places(self, instance: Polygon, options: Options) -> Points:  # noqa: ARG002
        """Return the corners."""
        return instance.points

    def raster(self, instance: Polygon, options: Options, shape: tuple[int, int]) -> NDArray[np.bool_]:  # noqa: ARG002
        """Return the pixels whose centres lie inside, by the even-odd rule."""
        return pixels_inside(instance.points, shape)

    def examples(self) -> tuple[tuple[dict[str, Json], dict[str, Json]], ...]:
        """Return a clicked outline, and one of several drawn in one stroke."""
        clicked = [
            {"x": 5.0, "y": 5.0},
            {"x": 40.5, "y": 8.25},
            {"x": 30.0, "y": 39.0},
            {"x": 8.0, "y": 30.0},
        ]
        drawn = [{"x": 10.0, "y": 10.0}, {"x": 20.0, "y": 10.5}, {"x": 15.0, "y": 20.0}]
        return (
            ({}, {"corners": clicked, "freehand": False}),
            ({"instances": 4}, {"corners": drawn, "freehand": True}),
        )


def _is_on_one_line(corners: Points) -> bool:
    # Not the area: that of an even figure eight is nil too.
    return bool(np.linalg.matrix_rank(corners - corners[0]) <= 1)


def _corner(raw: Json) -> tuple[float, float]:
    given = object_of(raw, "a corner", {"x", "y"})
    return finite(given["x"], "x of a corner"), finite(given["y"], "y of a corner")


LABEL = PolygonType()
