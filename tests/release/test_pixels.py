"""Pixels of released frames."""

import hashlib

import cv2
import numpy as np
import pytest

from unisono.base.errors import ReleaseError
from unisono.release.pixels import black_png, decode


def png_of(image: np.ndarray) -> bytes:
    return bytes(cv2.imencode(".png", image)[1])


def test_colour_is_red_first_and_grey_has_one_channel(rng: np.random.Generator) -> None:
    rgb = np.full((16, 24, 3), (200, 30, 60), np.uint8)
    found = decode(png_of(rgb[..., ::-1]), "frame")
    assert found.pixel_sha256 == hashlib.sha256(rgb.tobytes()).hexdigest()
    assert (found.rows, found.columns) == (16, 24)
    page = cv2.imdecode(np.frombuffer(found.jpeg, np.uint8), cv2.IMREAD_UNCHANGED)
    assert np.abs(page[8, 8].astype(int) - (60, 30, 200)).max() < 4
    grey = rng.integers(0, 255, (16, 24), dtype=np.uint8)
    found = decode(png_of(grey), "frame")
    assert found.pixel_sha256 == hashlib.sha256(grey.tobytes()).hexdigest()
    assert cv2.imdecode(np.frombuffer(found.jpeg, np.uint8), cv2.IMREAD_UNCHANGED).ndim == 2


@pytest.mark.parametrize("data", [b"no image", png_of(np.zeros((4, 4), np.uint16))])
def test_other_images_are_refused_by_name(data: bytes) -> None:
    with pytest.raises(ReleaseError, match="frame-7: is no image of 8 bits"):
        decode(data, "frame-7")


def test_a_missing_frame_is_black() -> None:
    found = decode(black_png(5, 7), "frame")
    assert found.pixel_sha256 == hashlib.sha256(bytes(35)).hexdigest()
