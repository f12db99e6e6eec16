"""The head of an image says its size, for every kind and without reading the rest."""

import io

import cv2
import numpy as np
import pytest

from tests.ingest import makers
from unisono.ingest.files.image_sizes import size_of_image


@pytest.mark.parametrize("kind", [".png", ".jpg", ".bmp", ".tiff", ".webp"])
@pytest.mark.parametrize("shape", [(20, 33), (20, 33, 3), (300, 257, 3)])
def test_the_size_is_that_of_the_decoder(kind: str, shape: tuple[int, ...]) -> None:
    encoded = cv2.imencode(kind, np.full(shape, 90, np.uint8))[1].tobytes()
    assert size_of_image(io.BytesIO(encoded)) == shape[:2]


def test_lossless_and_extended_webp_say_their_size() -> None:
    lossless = cv2.imencode(".webp", np.full((20, 33, 3), 90, np.uint8), [cv2.IMWRITE_WEBP_QUALITY, 101])[1]
    assert size_of_image(io.BytesIO(lossless.tobytes())) == (20, 33)
    extended = b"RIFF\0\0\0\0WEBPVP8X\n\0\0\0\0\0\0\0" + bytes((32, 0, 0, 19, 0, 0))
    assert size_of_image(io.BytesIO(extended)) == (20, 33)


def test_what_stands_before_a_jpegs_frame_is_passed_over() -> None:
    jpeg = cv2.imencode(".jpg", np.full((20, 33), 90, np.uint8))[1].tobytes()
    noted = jpeg[:2] + b"\xff\xe1\xff\xff" + bytes(65_533) + b"\xff\xff" + jpeg[2:][1:]
    assert size_of_image(io.BytesIO(noted)) == (20, 33)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"nothing",
        makers.dicom_bytes(makers.loop(1))[:512],
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
        b"\xff\xd8" + b"\xff\xe0\0\2" * 2000,
        b"II*\0\xff\xff\xff\xff",
        b"II*\0\x08\0\0\0\0\0",
        b"RIFF\0\0\0\0WEBP",
        b"BM" + bytes(40),
    ],
)
def test_what_says_no_size_has_none(data: bytes) -> None:
    assert size_of_image(io.BytesIO(data)) is None
