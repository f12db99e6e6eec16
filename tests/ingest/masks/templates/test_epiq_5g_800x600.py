"""Two example frames of the layout: print stays out, the image stays in."""

import numpy as np
import pytest

from tests.ingest.masks.templates.layouts import Print, screen
from unisono.ingest.masks.templates.epiq_5g_800x600 import TEMPLATE

PATIENT: list[Print] = [
    ("DOE JANE 00079241539 DOB: 09/29/1951", 6, 16, 0.45), ("02/02/2017 05:24:54PM", 620, 16, 0.45),
    ("Adv Breast", 10, 40, 0.45), ("TIS0.0  MI 0.6", 690, 40, 0.45), ("L12-5", 10, 60, 0.45),
    ("*** bpm", 716, 582, 0.45),
]  # fmt: skip
SETTINGS: list[Print] = [
    ("HOSPITAL OF DOE", 300, 26, 0.5), ("2D 60%", 12, 120, 0.45), ("Dyn R 58", 12, 140, 0.4),
    ("P Med", 12, 160, 0.4), ("TAC1", 12, 190, 0.4), ("4.0cm", 664, 556, 0.4), ("M3", 740, 90, 0.45),
]  # fmt: skip


@pytest.mark.parametrize("words", [PATIENT, SETTINGS])
def test_print_is_black_and_the_image_stays(words: list[Print], rng: np.random.Generator) -> None:
    frame, drawn = screen(TEMPLATE, words, rng)
    keep = TEMPLATE.fill()
    assert drawn.any()
    assert not (keep & drawn).any()
    assert keep[300, 400]
    assert np.count_nonzero(frame[keep]) > 0.9 * np.count_nonzero(keep)
