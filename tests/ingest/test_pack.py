"""The page's image: nearly the frame, of its size and channels."""

import cv2
import numpy as np
import pytest

from unisono.ingest.pack import encode_page_image


@pytest.mark.parametrize("shape", [(40, 60), (40, 60, 3)])
def test_the_page_sees_nearly_the_same(rng: np.random.Generator, shape: tuple[int, ...]) -> None:
    smooth = cv2.GaussianBlur(rng.integers(0, 256, shape, dtype=np.uint8), (9, 9), 3)
    read = cv2.imdecode(np.frombuffer(encode_page_image(smooth), np.uint8), cv2.IMREAD_UNCHANGED)
    assert read.shape == shape
    assert np.abs((read[..., ::-1] if read.ndim == 3 else read).astype(int) - smooth).mean() < 2
