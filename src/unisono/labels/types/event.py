"""An event: a moment of a clip that has a name, such as end diastole and end systole of every beat."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from unisono.base.errors import LabelError
from unisono.labels.base import Form, LabelType, Space, Vector
from unisono.labels.moment import MAX_FRAME, moment
from unisono.labels.parsing import Json, finite, object_of, whole

MAX_INSTANCES = 400
PAGE_LETTERS = frozenset("bcdfghnowxz")
"""Letters that do something else on the labelling screen while events are marked."""


@dataclass(frozen=True, slots=True)
class Named:
    """One event that can be marked: its key, its words, and the letter that marks it."""

    key: str
    title: str
    hotkey: str


@dataclass(frozen=True, slots=True)
class Options:
    """Options of an ``event`` question.

    Parameters
    ----------
    events : tuple of Named
        In the order in which they follow one another.
    per_beat : bool, default=False
        Whether they come back in that order, beat by beat: see `beats`.
    instances : int, default=60
        How many marks may be set in all.
    tolerance_ms : float or None
        Marks of two experts that are no farther apart mean the same moment; None when nothing is said.
    """

    events: tuple[Named, ...]
    per_beat: bool = False
    instances: int = 60
    tolerance_ms: float | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the events, in order."""
        return tuple(e.key for e in self.events)

    @property
    def hotkeys(self) -> tuple[str, ...]:
        """The letters that mark them; a protocol's questions cannot have these."""
        return tuple(e.hotkey for e in self.events)


@dataclass(frozen=True, slots=True)
class Mark:
    """One event: which, on what frame, and when that frame starts (s), where the recording says."""

    event: str
    frame: int
    start_s: float | None = None


class EventType(LabelType[Mark, Options]):
    """Moments of a clip; as many marks as there are beats."""

    name = "event"
    tool = "mark"
    forms = frozenset({Form.VECTOR})
    space = Space.TIME

    def parse_options(self, raw: Mapping[str, Json]) -> Options:
        """Read ``{"events": [{"key", "title"?, "hotkey"}], "per_beat"?, "instances"?, "tolerance_ms"?}``."""
        keys = {"events", "per_beat", "instances", "tolerance_ms"}
        given = object_of(raw, "options of an event", keys, optional=keys - {"events"})
        rows = given["events"]
        if not isinstance(rows, list) or not rows:
            raise LabelError("events must be a list of one or more")
        events = tuple(_named(row) for row in rows)
        for what, values in (("key", [e.key for e in events]), ("hotkey", [e.hotkey for e in events])):
            twice = [value for value, n in Counter(values).items() if n > 1]
            if twice:
                raise LabelError(f"two events have the {what} {twice[0]!r}")
        per_beat = given.get("per_beat", False)
        if not isinstance(per_beat, bool):
            raise LabelError(f"per_beat must be true or false; got {per_beat!r}")
        tolerance = given.get("tolerance_ms")
        return Options(
            events,
            per_beat,
            whole(given.get("instances", 60), "instances", 1, MAX_INSTANCES),
            None if tolerance is None else _positive(tolerance),
        )

    def parse_instance(self, raw: Json, options: Options) -> Mark:
        """Read ``{"event": key, "frame": index, "start_s"?: s}``."""
        given = object_of(raw, "an event", {"event", "frame", "start_s"}, optional={"start_s"})
        if given["event"] not in options.keys:
            raise LabelError(f"event {given['event']!r} is not one of: {', '.join(options.keys)}")
        frame = whole(given["frame"], "frame of an event", 0, MAX_FRAME)
        return Mark(given["event"], frame, moment(given.get("start_s"), "start_s of an event"))

    def dump_instance(self, instance: Mark) -> dict[str, Json]:
        """Write what `parse_instance` reads; a time that is not known is left out."""
        out: dict[str, Json] = {"event": instance.event, "frame": instance.frame}
        return out if instance.start_s is None else {**out, "start_s": instance.start_s}

    def max_instances(self, options: Options) -> int:
        """Return the option ``instances``."""
        return options.instances

    def check_together(self, instances: Sequence[Mark], options: Options) -> None:  # noqa: ARG002
        """Refuse an event that is marked twice on one frame."""
        twice = [m for m, n in Counter((i.event, i.frame) for i in instances).items() if n > 1]
        if twice:
            raise LabelError(f"event {twice[0][0]!r} stands twice on frame {twice[0][1]}")

    def vector(self, instance: Mark, options: Options) -> Vector:  # noqa: ARG002
        """Return one stroke of one point in time, which bears the event's name."""
        place = np.array([instance.frame, np.nan if instance.start_s is None else instance.start_s])
        return Vector((place[None],), {instance.event: place})

    def examples(self) -> tuple[tuple[dict[str, Json], dict[str, Json]], ...]:
        """Return a mark of a beat, and one of a clip whose times are not known."""
        phases = [
            {"key": "ed", "title": "End diastole", "hotkey": "e"},
            {"key": "es", "title": "End systole", "hotkey": "s"},
        ]
        return (
            (
                {"events": phases, "per_beat": True, "tolerance_ms": 50},
                {"event": "es", "frame": 14, "start_s": 0.466},
            ),
            (
                {"events": [{"key": "contrast", "hotkey": "k"}], "instances": 1},
                {"event": "contrast", "frame": 31},
            ),
        )


def beats(marks: Sequence[Mark], order: Sequence[str]) -> tuple[dict[str, Mark], ...]:
    """Sort marks into beats: a beat takes the events in their order, each once at most.

    A mark whose event comes no later in the order than the last one's opens the next beat, so a clip may
    begin with an end systole, and a beat may lack what was not seen. The page sorts in the same way;
    ``tests/reference/beats.json`` pins both.

    Parameters
    ----------
    marks : sequence of Mark
        In any order.
    order : sequence of str
        Keys of the events as they follow one another within a beat.

    Returns
    -------
    tuple of dict of str to Mark
        Beat by beat, by event key.
    """
    place = {key: i for i, key in enumerate(order)}
    found: list[dict[str, Mark]] = []
    last = len(place)
    for mark in sorted(marks, key=lambda m: (m.frame, place[m.event])):
        if place[mark.event] <= last:
            found.append({})
        found[-1][mark.event] = mark
        last = place[mark.event]
    return tuple(found)


def _positive(raw: Json) -> float:
    value = finite(raw, "tolerance_ms")
    if value <= 0:
        raise LabelError(f"tolerance_ms must be more than 0; got {value:g}")
    return value


def _named(raw: Json) -> Named:
    given = object_of(raw, "one of the events", {"key", "title", "hotkey"}, optional={"title"})
    key, letter = str(given["key"]), str(given["hotkey"]).lower()
    if not ("a" <= letter <= "z") or len(letter) != 1 or letter in PAGE_LETTERS:
        taken = ", ".join(sorted(PAGE_LETTERS))
        raise LabelError(f"hotkey {given['hotkey']!r} of {key!r} must be a letter other than {taken}")
    return Named(key, str(given.get("title", key)), letter)


LABEL = EventType()
