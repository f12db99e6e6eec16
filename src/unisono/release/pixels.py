"""Pixels of released frames: their hash, and the copy that the page plays."""

import hashlib
from dataclasses import dataclass

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from unisono.base.errors import ReleaseError

Pixels = NDArray[np.uint8]
QUALITY = 92
"""Of the page's copy; labels are made on it, so chroma is not subsampled."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A frame: its pixels' hash, its size, and its JPEG for the page."""

    pixel_sha256: str
    rows: int
    columns: int
    jpeg: bytes


def decode(png: bytes, where: str) -> Decoded:
    """Return what the catalog wants to know of a frame.

    Parameters
    ----------
    png : bytes
    where : str
        The frame, for the error.

    Raises
    ------
    ReleaseError
        If it is no image of 8 bits, grey or RGB.
    """
    image = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)
    if image is None or image.dtype != np.uint8 or image.ndim not in (2, 3):
        raise ReleaseError(f"{where}: is no image of 8 bits a channel")
    if image.ndim == 2:  # noqa: PLR2004  # grey
        grey = np.ascontiguousarray(image)
        jpeg = simplejpeg.encode_jpeg(grey[..., None], QUALITY, "GRAY", "Gray")
        return Decoded(hashlib.sha256(grey.tobytes()).hexdigest(), grey.shape[0], grey.shape[1], bytes(jpeg))
    rgb = np.ascontiguousarray(image[..., 2::-1])  # OpenCV stores blue first, and alpha last
    jpeg = simplejpeg.encode_jpeg(rgb, QUALITY, "RGB", "444")
    return Decoded(hashlib.sha256(rgb.tobytes()).hexdigest(), rgb.shape[0], rgb.shape[1], bytes(jpeg))


def black_png(rows: int, columns: int) -> bytes:
    """Return a black grey frame, which stands where a package holds only some frames of a recording."""
    return bytes(cv2.imencode(".png", np.zeros((rows, columns), np.uint8))[1])
