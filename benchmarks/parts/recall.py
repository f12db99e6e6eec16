"""What came of drawn texts: found or missed, by how they were drawn."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.parts.rounds import goal, say


@dataclass(frozen=True)
class Ink:
    """What is drawn: which of `MIX` or `BESIDE`, and how."""

    way: str
    kind: str
    text: str
    font: str
    size_px: int
    grey: int


@dataclass(frozen=True)
class Drawn:
    """One drawn text and what came of it."""

    clip: str
    ink: Ink
    is_found: bool
    is_named: bool


def report(drawn: Sequence[Drawn]) -> None:
    """Print recall by way, size, grey, font and kind, and every miss."""
    for way in dict.fromkeys(d.ink.way for d in drawn):
        these = [d for d in drawn if d.ink.way == way]
        found, named = (sum(d.is_found for d in these), sum(d.is_named for d in these))
        say(f"  {way:24} {wilson(found, len(these)):34} known as the header's {named}/{len(these)}")
    for what in ("size_px", "font", "kind"):
        by: dict[str, list[bool]] = defaultdict(list)
        for d in drawn:
            by[str(getattr(d.ink, what))].append(d.is_found)
        shares = (f"{value} {sum(found)}/{len(found)}" for value, found in sorted(by.items()))
        say(f"  by {what}: {', '.join(shares)}")
    for d in drawn:
        if not d.is_found:
            i = d.ink
            say(f"  missed: {i.way}, {i.text!r}, {i.font} {i.size_px} px, grey {i.grey}, on {d.clip}")


def report_together(drawn: Sequence[Drawn]) -> None:
    """Print recall of bright, dark and brief texts, and of all against the goal."""
    parts = {"still, bright": "bright", "still, dark": "dark", "brief": "brief"}
    for beginning, name in parts.items():
        these = [d for d in drawn if d.ink.way.startswith(beginning)]
        say(f"{name:8} found {wilson(sum(d.is_found for d in these), len(these))}")
    n_found = sum(d.is_found for d in drawn)
    named = wilson(sum(d.is_named for d in drawn), len(drawn))
    goal("drawn texts found", wilson(n_found, len(drawn)), ">= 95 %", is_met=n_found >= 0.95 * len(drawn))
    say(f"  and known as the header's:  {named}")


def wilson(n_found: int, n_all: int) -> str:
    """Return a share with its 95 % interval (Wilson 1927, doi:10.1080/01621459.1927.10502953)."""
    z, share = 1.96, n_found / n_all
    middle = (share + z * z / (2 * n_all)) / (1 + z * z / n_all)
    half = z / (1 + z * z / n_all) * (share * (1 - share) / n_all + z * z / (4 * n_all**2)) ** 0.5
    return f"{n_found}/{n_all} = {share:.1%} ({middle - half:.1%} to {middle + half:.1%})"


def overlaps(hit: tuple[int, int, int, int], box: tuple[int, int, int, int]) -> bool:
    """Return whether at least a third of the hit lies on the drawn text."""
    width = min(hit[2], box[2]) - max(hit[0], box[0])
    height = min(hit[3], box[3]) - max(hit[1], box[1])
    return min(width, height) > 0 and width * height * 3 >= (hit[2] - hit[0]) * (hit[3] - hit[1])
