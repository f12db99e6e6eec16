"""Check that a drawn label lies where a hand could have put it."""

from typing import Any

import numpy as np

from unisono.base.errors import LabelError
from unisono.labels.base import Label
from unisono.labels.protocol import Question

MARGIN = 1.0
"""How far outside the frame a point may lie, in frame sizes: borders go on past the edge."""


def check_geometry(question: Question, label: Label[Any], rows: int, columns: int) -> None:
    """Refuse what no hand draws: a place far off the frame.

    Parameters
    ----------
    question : Question
    label : Label
    rows, columns : int, px
        Size of the frame.

    Raises
    ------
    LabelError
        If a point lies more than `MARGIN` frame sizes off the frame.
    """
    size = np.array([columns, rows], dtype=np.float64)
    low, high = -0.5 - MARGIN * size, size - 0.5 + MARGIN * size
    for instance in label.instances:
        places = question.label_type.places(instance, question.options)
        off = places[((places < low) | (places > high)).any(axis=1)]
        if len(off):
            x, y = off[0]
            raise LabelError(
                f"{question.key}: ({x:g}, {y:g}) lies far off the frame; "
                f"legal: x {low[0]:g} to {high[0]:g}, y {low[1]:g} to {high[1]:g}"
            )
