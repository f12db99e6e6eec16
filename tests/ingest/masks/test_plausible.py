"""Guards: too little, too much, a photograph, noise."""

import numpy as np
import pytest

from unisono.base.errors import IngestError
from unisono.ingest.masks.plausible import check_coverage, check_grey, fills_frame, is_picture

FRAME = np.ones((100, 100), bool)


def rows(n: int) -> np.ndarray:
    return (np.arange(100) < n)[:, None] & FRAME


@pytest.mark.parametrize(("kept", "fills", "is_legal"), [(9, False, False), (10, False, True), (98, False, True), (99, False, False), (99, True, True)])  # fmt: skip  # noqa: E501
def test_ten_to_ninety_eight_percent_is_legal(kept: int, fills: bool, is_legal: bool) -> None:
    if is_legal:
        check_coverage(rows(kept), FRAME, fills=fills)
    else:
        with pytest.raises(IngestError, match="E_MASK_IMPLAUSIBLE"):
            check_coverage(rows(kept), FRAME, fills=fills)


def test_the_least_is_counted_within_what_may_be_kept() -> None:
    check_coverage(rows(5), rows(20), fills=False)


def test_a_frame_is_filled_along_three_edges() -> None:
    assert fills_frame(FRAME)
    assert fills_frame(rows(80))
    assert not fills_frame(rows(60))


def test_blank_and_two_toned_pages_are_no_pictures(rng: np.random.Generator) -> None:
    assert not is_picture(np.zeros((9, 9), np.uint8))
    assert not is_picture(np.array([[0, 255]], np.uint8))
    assert is_picture(rng.integers(0, 255, (50, 50), dtype=np.uint8))


def test_grey_passes_and_orange_does_not(rng: np.random.Generator) -> None:
    grey = np.repeat(rng.integers(40, 200, (60, 60, 1), dtype=np.uint8), 3, axis=-1)
    check_grey([grey, grey[..., 0]])
    orange = grey.copy()
    orange[..., 2] = 0
    with pytest.raises(IngestError, match="E_NOT_ULTRASOUND"):
        check_grey([orange])
    noise = rng.integers(0, 256, (60, 60, 3), dtype=np.uint8)
    with pytest.raises(IngestError, match="E_NOT_ULTRASOUND"):
        check_grey([noise])
