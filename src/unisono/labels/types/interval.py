"""An interval: from which frame of a clip to which a structure is visible, or something lasts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from unisono.base.errors import LabelError
from unisono.labels.base import Form, LabelType, Space, Vector
from unisono.labels.moment import MAX_FRAME, moment
from unisono.labels.parsing import Json, object_of, whole

MAX_INSTANCES = 400


@dataclass(frozen=True, slots=True)
class Options:
    """Options of an ``interval`` question: ``instances``, how many intervals may be set, 20 by default."""

    instances: int = 20

    @property
    def hotkeys(self) -> tuple[str, ...]:
        """The letters that set a start and an end; a protocol's questions cannot have these."""
        return ("s", "e")


@dataclass(frozen=True, slots=True)
class Interval:
    """Frames ``first_frame`` to ``last_frame``, both in it, and when each starts (s), where that is known."""

    first_frame: int
    last_frame: int
    first_s: float | None = None
    last_s: float | None = None


class IntervalType(LabelType[Interval, Options]):
    """From the first frame on which it is to the last; several where it comes and goes."""

    name = "interval"
    tool = "span"
    forms = frozenset({Form.VECTOR})
    space = Space.TIME

    def parse_options(self, raw: Mapping[str, Json]) -> Options:
        """Read ``{"instances": 1..400}``."""
        given = object_of(raw, "options of an interval", {"instances"}, optional={"instances"})
        return Options(whole(given.get("instances", 20), "instances", 1, MAX_INSTANCES))

    def parse_instance(self, raw: Json, options: Options) -> Interval:  # noqa: ARG002
        """Read ``{"first_frame", "last_frame", "first_s"?, "last_s"?}``."""
        keys = {"first_frame", "last_frame", "first_s", "last_s"}
        given = object_of(raw, "an interval", keys, optional={"first_s", "last_s"})
        first = whole(given["first_frame"], "first_frame", 0, MAX_FRAME)
        last = whole(given["last_frame"], "last_frame", first, MAX_FRAME)
        first_s, last_s = moment(given.get("first_s"), "first_s"), moment(given.get("last_s"), "last_s")
        if (first_s is None) != (last_s is None):
            raise LabelError("first_s and last_s stand together or not at all")
        if first_s is not None and last_s is not None and last_s < first_s:
            raise LabelError(f"last_s must be {first_s:g} s or later; got {last_s:g}")
        return Interval(first, last, first_s, last_s)

    def dump_instance(self, instance: Interval) -> dict[str, Json]:
        """Write what `parse_instance` reads; times that are not known are left out."""
        out: dict[str, Json] = {"first_frame": instance.first_frame, "last_frame": instance.last_frame}
        known = {"first_s": instance.first_s, "last_s": instance.last_s}
        return out if instance.first_s is None else {**out, **known}

    def max_instances(self, options: Options) -> int:
        """Return the option ``instances``."""
        return options.instances

    def check_together(self, instances: Sequence[Interval], options: Options) -> None:  # noqa: ARG002
        """Refuse intervals that share a frame."""
        for one, next_ in pairwise(sorted(instances, key=lambda i: i.first_frame)):
            if next_.first_frame <= one.last_frame:
                raise LabelError(f"two intervals share frame {next_.first_frame}")

    def vector(self, instance: Interval, options: Options) -> Vector:  # noqa: ARG002
        """Return one stroke of two points in time: the first frame and the last."""
        times = (instance.first_s, instance.last_s)
        seconds = [np.nan if t is None else t for t in times]
        frames = np.array([instance.first_frame, instance.last_frame], dtype=np.float64)
        return Vector((np.column_stack([frames, seconds]),))

    def examples(self) -> tuple[tuple[dict[str, Json], dict[str, Json]], ...]:
        """Return an interval with its times, and a single frame of a clip without."""
        return (
            ({}, {"first_frame": 3, "last_frame": 41, "first_s": 0.1, "last_s": 1.366}),
            ({"instances": 3}, {"first_frame": 7, "last_frame": 7}),
        )


LABEL = IntervalType()
