"""Where words stand on an image: what was found at two scales and in two composites, brought together.

The detector marks one word several times, and one line in pieces. Marks that overlap are one place with
several readings; places side by side on one row are one line.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from unisono.ingest.gate.ocr import Line, Spot

SAME_SHARE = 0.5
"""Marks that share this much of the smaller one are one place, when they are of like height."""
LIKE_HEIGHT = 0.5
ROW_SHARE, GAP_HEIGHTS = 0.5, 2.5


@dataclass(frozen=True, slots=True)
class Place:
    """One place, or one line of several places.

    Parameters
    ----------
    spot : Spot
        Round all of its marks, with the best score of them.
    readings : tuple of Line
        What was read, by every mark; of a line, the places' best readings joined come first.
    """

    spot: Spot
    readings: tuple[Line, ...] = field(repr=False)

    @property
    def best(self) -> Line:
        """The surest reading of the most letters."""
        return max(self.readings, key=lambda line: line.sureness * len(line.text))


def gathered(marks: Iterable[tuple[Spot, Line]]) -> list[Place]:
    """Return the places of all marks, from the surest detection to the least sure one."""
    places: list[Place] = []
    for spot, line in sorted(marks, key=lambda mark: -mark[0].score):
        home = next((i for i, place in enumerate(places) if _is_same(place.spot, spot)), None)
        if home is None:
            places.append(Place(spot, (line,)))
        else:
            places[home] = Place(around(places[home].spot, spot), (*places[home].readings, line))
    return places


def in_lines(places: Sequence[Place]) -> list[list[Place]]:
    """Return places grouped by the line on which they stand, from left to right, top to bottom."""
    lines: list[list[Place]] = []
    for place in sorted(places, key=lambda p: (p.spot.x0, p.spot.y0)):
        home = next((line for line in lines if _goes_on(line[-1].spot, place.spot)), None)
        if home is None:
            lines.append([place])
        else:
            home.append(place)
    return sorted(lines, key=lambda line: (line[0].spot.y0, line[0].spot.x0))


def joined(line: Sequence[Place]) -> Place:
    """Return a line as one place; a line of one place is that place."""
    if len(line) == 1:
        return line[0]
    spot = line[0].spot
    for place in line[1:]:
        spot = around(spot, place.spot)
    best = [place.best for place in line if place.best.text]
    whole = Line(" ".join(b.text for b in best), min((b.sureness for b in best), default=0.0))
    return Place(spot, (whole, *(reading for place in line for reading in place.readings)))


def around(one: Spot, other: Spot) -> Spot:
    """Return the spot round two, with the better score."""
    return Spot(
        min(one.x0, other.x0), min(one.y0, other.y0), max(one.x1, other.x1), max(one.y1, other.y1),
        max(one.score, other.score),
    )  # fmt: skip


def _is_same(one: Spot, other: Spot) -> bool:
    low, high = sorted((one.y1 - one.y0, other.y1 - other.y0))
    smaller = min(_area(one), _area(other))
    return low >= LIKE_HEIGHT * high and _area_shared(one, other) >= SAME_SHARE * smaller


def _area(spot: Spot) -> float:
    return (spot.x1 - spot.x0) * (spot.y1 - spot.y0)


def _area_shared(one: Spot, other: Spot) -> float:
    width = min(one.x1, other.x1) - max(one.x0, other.x0)
    height = min(one.y1, other.y1) - max(one.y0, other.y0)
    return max(0.0, width) * max(0.0, height)


def _goes_on(left: Spot, right: Spot) -> bool:
    low, high = sorted((left.y1 - left.y0, right.y1 - right.y0))
    shared = min(left.y1, right.y1) - max(left.y0, right.y0)
    return shared >= ROW_SHARE * low and low >= LIKE_HEIGHT * high and right.x0 - left.x1 <= GAP_HEIGHTS * low
