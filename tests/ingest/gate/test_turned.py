import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.ingest.gate.turned import turned, turned_back, turned_side


@given(st.integers(2, 60), st.integers(2, 60), st.data())
def test_a_point_is_found_again_where_it_was(rows: int, columns: int, data: st.DataObject) -> None:
    x, y = data.draw(st.integers(0, columns - 1)), data.draw(st.integers(0, rows - 1))
    image = np.zeros((rows, columns), np.uint8)
    image[y, x] = 255
    there = turned(image)
    assert there.shape == (turned_side(rows, columns),) * 2
    at_y, at_x = (float(v) for v in np.unravel_index(int(there.argmax()), there.shape))
    x0, y0, x1, y1 = turned_back((at_x, at_y, at_x, at_y), image.shape)
    assert (x0, y0) == (x1, y1)
    assert abs(x0 - x) <= 1
    assert abs(y0 - y) <= 1


def test_what_rises_is_level_and_what_falls_is_upright() -> None:
    rising, falling = np.zeros((81, 81), np.uint8), np.zeros((81, 81), np.uint8)
    cv2.line(rising, (20, 60), (60, 20), 255, 3)
    cv2.line(falling, (20, 20), (60, 60), 255, 3)
    _, _, width, height = cv2.boundingRect(turned(rising))
    assert (width > 50, height < 10) == (True, True)
    _, _, width, height = cv2.boundingRect(turned(falling))
    assert (height > 50, width < 10) == (True, True)


@pytest.mark.parametrize("shape", [(40, 90), (90, 40)])
def test_nothing_is_cut_off_and_boxes_end_at_the_edge(shape: tuple[int, int]) -> None:
    there = turned(np.full(shape, 200, np.uint8))
    assert int(there.sum()) == pytest.approx(200 * shape[0] * shape[1], rel=0.04)
    assert not there[0, 0]
    side = float(turned_side(*shape))
    assert turned_back((-50.0, -50.0, side, side), shape) == (0.0, 0.0, shape[1] - 1, shape[0] - 1)
