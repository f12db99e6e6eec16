"""When each frame was taken, in seconds from the first; None when the recording does not say.

Scanners fill Frame Time and Recommended Display Frame Rate independently, and one of them is often a default.
Where they differ by more than a tenth the shorter interval is taken: the long one is the default or a slowed
replay. A vector of frame times of the right length says more than either.

Source: DICOM PS3.3 C.7.6.5 (Cine Module); the shorter-wins rule is that of the Unity DICOM reader.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from pydicom.dataset import Dataset

MS_PER_S = 1000.0
TOLERANCE = 0.1
LONGEST_MS = 60_000.0
DIGITS_MS = 4
"""No clock is finer; a number with more digits would have room for a record's."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Frame times and the rule that gave them.

    Parameters
    ----------
    times_s : tuple of float or None, s
        Start of each frame, the first 0.
    rule : str
    """

    times_s: tuple[float, ...] | None
    rule: str


def read_timing(dataset: Dataset, n_frames: int) -> Timing:
    """Return the frame times of a DICOM clip."""
    if n_frames == 1:
        return Timing((0.0,), "single frame")
    vector = _steps(dataset.get("FrameTimeVector"))
    if len(vector) == n_frames and sum(vector[1:]) > 0:
        # The first value is the delay before the first frame, which is our zero.
        steps = accumulate(vector[1:], initial=0.0)
        return Timing(tuple(t / MS_PER_S for t in steps), "FrameTimeVector")
    step_ms, rule = _interval(dataset)
    if step_ms is None:
        return Timing(None, rule)
    return Timing(tuple(i * step_ms / MS_PER_S for i in range(n_frames)), rule)


def from_presentation(stamps_s: Sequence[float | None]) -> Timing:
    """Return the frame times of a video from its presentation times in s.

    They count only when every frame has one and they rise; a player's guess is no measurement.
    """
    known = [s for s in stamps_s if s is not None]
    if len(known) != len(stamps_s) or not known:
        return Timing(None, "no presentation times")
    if len(known) == 1:
        return Timing((0.0,), "single frame")
    if any(b <= a for a, b in pairwise(known)):
        return Timing(None, "presentation times do not rise")
    return Timing(tuple(round(s - known[0], 9) for s in known), "presentation times")


def _interval(dataset: Dataset) -> tuple[float | None, str]:
    frame_ms = _positive(dataset.get("FrameTime"))
    rate = _positive(dataset.get("RecommendedDisplayFrameRate"))
    rate_ms = MS_PER_S / rate if rate else None
    if frame_ms and rate_ms:
        if abs(frame_ms - rate_ms) <= TOLERANCE * frame_ms:
            return frame_ms, "FrameTime"
        if frame_ms <= rate_ms:
            return frame_ms, "FrameTime, shorter than RecommendedDisplayFrameRate"
        return rate_ms, "RecommendedDisplayFrameRate, shorter than FrameTime"
    if frame_ms:
        return frame_ms, "FrameTime"
    if rate_ms:
        return rate_ms, "RecommendedDisplayFrameRate"
    cine_rate = _positive(dataset.get("CineRate"))
    return (MS_PER_S / cine_rate, "CineRate") if cine_rate else (None, "unknown")


def _positive(value: object) -> float | None:
    number = float(value) if isinstance(value, (int, float)) else math.nan
    return round(number, DIGITS_MS) or None if 0 < number <= LONGEST_MS else None


def _steps(value: object) -> list[float]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return []
    numbers = [float(v) if isinstance(v, (int, float)) else math.nan for v in value]
    is_legal = all(0 <= v <= LONGEST_MS for v in numbers)  # what is no number is in no order
    return [round(v, DIGITS_MS) for v in numbers] if is_legal else []
