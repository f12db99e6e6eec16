"""A recording longer than a clip may be, cut into parts that are clips of their own.

A frame's number has four digits, so a clip ends at frame 9999. Where the caller asks for it, a longer
recording becomes several clips: one mask for all, and for each its own code, frames, pictures and look for
text.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from unisono.ingest.limits import LIMITS, Limits

MOST_PARTS = 100


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a recording.

    Parameters
    ----------
    number, of : int
        Which part, from 1, of how many; 1 of 1 is the recording as it is.
    first_frame : int
        Its frame 0 as the recording counts, from 0.
    n_frames : int
    """

    number: int
    of: int
    first_frame: int
    n_frames: int

    @property
    def end(self) -> int:
        """The recording's frame behind its last."""
        return self.first_frame + self.n_frames

    @property
    def is_whole(self) -> bool:
        """Whether the recording was not cut."""
        return self.of == 1

    def identity(self, recording: str) -> str:
        """Return what stands for this part, given what stands for the recording."""
        return recording if self.is_whole else f"{recording}|part={self.number}"

    def times_s(self, times_s: Sequence[float] | None) -> tuple[float, ...] | None:
        """Return this part's frame times, the first 0, given the recording's; None stays None."""
        if times_s is None:
            return None
        own = times_s[self.first_frame : self.end]
        return tuple(time_s - own[0] for time_s in own)

    def record(self, times_s: Sequence[float] | None) -> dict[str, Any] | None:
        """Return what the catalog keeps of a part: its place, and its start in s; None of a whole."""
        if self.is_whole:
            return None
        start_s = None if times_s is None else times_s[self.first_frame]
        return asdict(self) | {"start_s": start_s}


def part_of(record: dict[str, Any] | None) -> Part | None:
    """Return the part that a record of the catalog tells of; None of a whole recording."""
    return Part(*(record[name] for name in ("number", "of", "first_frame", "n_frames"))) if record else None


def larger(limits: Limits = LIMITS) -> Limits:
    """Return the limits of a recording that may be cut: those of its parts hold for each of them."""
    return replace(limits, frames=MOST_PARTS * limits.frames, clip_px=MOST_PARTS * limits.clip_px)


def parts_of(n_frames: int, rows: int, columns: int, limits: Limits = LIMITS) -> tuple[Part, ...]:
    """Cut a recording into as few parts as the limits of a clip allow, all full but the last.

    Parameters
    ----------
    n_frames : int
    rows, columns : int, px
        Large frames fill a clip before its frames are counted out.
    limits : Limits
        Of a clip.

    Examples
    --------
    >>> [(part.first_frame, part.n_frames) for part in parts_of(25_000, 600, 800)]
    [(0, 10000), (10000, 10000), (20000, 5000)]
    """
    most = max(1, min(limits.frames, limits.clip_px // (rows * columns)))
    starts = range(0, n_frames, most)
    return tuple(
        Part(number, len(starts), start, min(most, n_frames - start))
        for number, start in enumerate(starts, start=1)
    )
