"""Check that a moment of a clip is one of its frames, at the time at which that frame starts."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from unisono.base.errors import LabelError
from unisono.labels.base import Form, Label, Space
from unisono.labels.protocol import Question

SAME_S = 1e-3
"""A time may differ from its frame's by so much: it went through a page's arithmetic."""


def check_moments(
    question: Question, label: Label[Any], n_frames: int, frame_times_s: Sequence[float] | None
) -> None:
    """Refuse a moment that the clip does not have.

    Parameters
    ----------
    question : Question
    label : Label
    n_frames : int
    frame_times_s : sequence of float or None, s
        Start of each frame; None when the recording does not say.

    Raises
    ------
    LabelError
        If a frame is not one of the clip's, or its time is not when that frame starts.
    """
    if Form.VECTOR not in question.label_type.forms or question.label_type.space is not Space.TIME:
        return
    for instance in label.instances:
        for frame, start_s in question.label_type.vector(instance, question.options).path:
            if frame >= n_frames:
                raise LabelError(f"{question.key}: there is no frame {frame:g}; legal: 0 to {n_frames - 1}")
            if not np.isnan(start_s):
                _check_time(question.key, int(frame), float(start_s), frame_times_s)


def _check_time(key: str, frame: int, start_s: float, frame_times_s: Sequence[float] | None) -> None:
    if frame_times_s is None:
        raise LabelError(f"{key}: the recording does not say its times; leave them out")
    true_s = frame_times_s[frame] - frame_times_s[0]
    if abs(start_s - true_s) > SAME_S:
        raise LabelError(f"{key}: frame {frame} starts at {true_s:g} s; got {start_s:g} s")
