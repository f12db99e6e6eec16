"""Screens drawn after real layouts: print in its places, and an image where the scanner puts it."""

import cv2
import numpy as np
from numpy.typing import NDArray

from unisono.ingest.masks.template import Template

Print = tuple[str, int, int, float]
"""Words, x and y of their lower left corner, size."""


def screen(
    template: Template, words: list[Print], rng: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Return a frame with speckle in the template's area, and where print was drawn."""
    frame = np.zeros((template.rows, template.columns), np.uint8)
    frame[template.fill()] = rng.integers(0, 60, int(template.fill().sum()))
    drawn = np.zeros_like(frame)
    for text, x, y, size in words:
        cv2.putText(drawn, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, size, 255, 1)
    frame[drawn > 0] = 255
    return frame, drawn > 0
