import numpy as np
import pytest

from unisono.base.errors import IngestError
from unisono.ingest.masks.drawn import decode_mask, drawn_mask, encode_mask


def test_a_mask_goes_round_through_its_png(rng: np.random.Generator) -> None:
    keep = rng.random((37, 53)) < 0.5
    png = encode_mask(keep)
    assert np.array_equal(decode_mask(png), keep)
    assert len(png) < 600  # one bit a pixel
    for nothing in (b"", b"no picture"):
        with pytest.raises(IngestError, match="E_STORE_IO"):
            decode_mask(nothing)


def test_what_lies_inside_of_any_polygon_is_kept() -> None:
    plan = drawn_mask([[(2, 1), (5, 1), (5, 3), (2, 3)], [(-9, 8), (1, 8), (1, 99), (-9, 99)]], 10, 20)
    expected = np.zeros((10, 20), dtype=bool)
    expected[1:4, 2:6] = True
    expected[8:, :2] = True
    assert np.array_equal(plan.keep, expected)
    assert plan.record["source"] == "drawn"
    assert plan.record["coverage"] == pytest.approx(expected.mean(), abs=1e-4)


@pytest.mark.parametrize(
    "polygons",
    [[], [[(0, 0), (1, 1)]], [[(0, 0), (float("nan"), 1), (2, 2)]], [[(50, 50), (60, 50), (60, 60)]]],
)
def test_a_drawing_that_is_none_is_refused(polygons: list[list[tuple[float, float]]]) -> None:
    with pytest.raises(IngestError, match="E_MASK_IMPLAUSIBLE"):
        drawn_mask(polygons, 10, 20)
