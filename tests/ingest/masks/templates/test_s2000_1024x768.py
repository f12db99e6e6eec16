"""Two example frames of the layout: print stays out, the image stays in."""

import numpy as np
import pytest

from tests.ingest.masks.templates.layouts import Print, screen
from unisono.ingest.masks.templates.s2000_1024x768 import TEMPLATE

PATIENT: list[Print] = [
    ("DOE,JANE", 4, 24, 0.8), ("00047431395", 4, 52, 0.8), ("8:48:26 AM 4/14/2020", 504, 24, 0.7),
    ("HOSPITAL OF DOE", 504, 52, 0.7), ("Sag Liver L-M", 518, 764, 0.9), ("16cm", 800, 760, 0.6),
]  # fmt: skip
SETTINGS: list[Print] = [
    ("SIEMENS", 926, 80, 0.55), ("6C1 HD", 954, 98, 0.5), ("2D-100%", 934, 240, 0.5),
    ("MapE/ST2", 928, 348, 0.5), ("Right Kidney", 420, 764, 0.9), ("120907058", 775, 24, 0.7),
]  # fmt: skip


@pytest.mark.parametrize("words", [PATIENT, SETTINGS])
def test_print_is_black_and_the_image_stays(words: list[Print], rng: np.random.Generator) -> None:
    frame, drawn = screen(TEMPLATE, words, rng)
    keep = TEMPLATE.fill()
    assert drawn.any()
    assert not (keep & drawn).any()
    assert keep[400, 500]
    assert np.count_nonzero(frame[keep]) > 0.9 * np.count_nonzero(keep)
