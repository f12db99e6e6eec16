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
LONGEST_MS, HIGHEST_RATE = 60_000.0, 10_000.0
DIGITS_MS, DIGITS_RATE = 3, 2
"""Decimals: a clock's microseconds. A number with more digits would have room for a record's."""
LARGEST_ERROR_MS = 0.1
"""Of the last frame. Longer clips keep as many more decimals as that takes."""


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
    digits = decimals(n_frames)
    vector = _steps(dataset.get("FrameTimeVector"), digits)
    if len(vector) == n_frames and sum(vector[1:]) > 0:
        # The first value is the delay before the first frame, which is our zero.
        steps = accumulate(vector[1:], initial=0.0)
        return Timing(tuple(t / MS_PER_S for t in steps), "FrameTimeVector")
    step_ms, rule = _interval(dataset, digits)
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


def decimals(n_frames: int) -> int:
    """Return how many decimals of a step in ms are kept: the last frame is right to a tenth of one.

    Examples
    --------
    >>> decimals(2), decimals(200), decimals(201), decimals(10_000)
    (3, 3, 4, 5)
    """
    # Half a unit of the last decimal is lost a step.
    return max(DIGITS_MS, math.ceil(math.log10(n_frames / 2 / LARGEST_ERROR_MS)))


def _interval(dataset: Dataset, digits: int) -> tuple[float | None, str]:
    frame_ms = _positive(dataset.get("FrameTime"), LONGEST_MS, digits)
    rate = _positive(dataset.get("RecommendedDisplayFrameRate"), HIGHEST_RATE, DIGITS_RATE)
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
    cine_rate = _positive(dataset.get("CineRate"), HIGHEST_RATE, DIGITS_RATE)
    return (MS_PER_S / cine_rate, "CineRate") if cine_rate else (None, "unknown")


def _positive(value: object, most: float, digits: int) -> float | None:
    number = float(value) if isinstance(value, (int, float)) else math.nan
    return round(number, digits) or None if 0 < number <= most else None


def _steps(value: object, digits: int) -> list[float]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return []
    numbers = [float(v) if isinstance(v, (int, float)) else math.nan for v in value]
    is_legal = all(0 <= v <= LONGEST_MS for v in numbers)  # what is no number is in no order
    return [round(v, digits) for v in numbers] if is_legal else []
