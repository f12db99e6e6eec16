"""Lossless masters: a PNG writer for frames.

The adaptive filters of libpng are what makes PNG slow. One fixed filter (up) and ISA-L's deflate write a
frame some twenty times faster for a quarter more bytes. Only IHDR, IDAT and IEND are written: there is no
place for text, time or colour profile, so nothing can hide in them.

Source: W3C PNG specification, third edition, sections 9.2 (filter type 2) and 11.2.
"""

import struct

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from unisono.base.errors import IngestError
from unisono.ingest.readers.recording import Pixels

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _TRUE_COLOUR = 0, 2
_UP = 2


def encode_png(frame: Pixels) -> bytes:
    """Return a frame as a PNG file; grey stays one channel.

    Parameters
    ----------
    frame : uint8 ndarray of shape (rows, columns) or (rows, columns, 3)

    Raises
    ------
    IngestError
        ``E_DIM_MISMATCH`` if the array is of another shape or type.
    """
    if frame.dtype != np.uint8 or frame.ndim not in (2, 3) or (frame.ndim == 3 and frame.shape[2] != 3):  # noqa: PLR2004  # RGB
        raise IngestError("E_DIM_MISMATCH", f"a frame is uint8, grey or RGB; got {frame.dtype} {frame.shape}")
    rows, columns = frame.shape[:2]
    colour = _GREY if frame.ndim == 2 else _TRUE_COLOUR  # noqa: PLR2004
    head = struct.pack(">IIBBBBB", columns, rows, 8, colour, 0, 0, 0)
    data = isal_zlib.compress(_filtered(frame.reshape(rows, -1)), 1)
    return b"".join((SIGNATURE, _chunk(b"IHDR", head), _chunk(b"IDAT", data), _chunk(b"IEND", b"")))


def _filtered(lines: NDArray[np.uint8]) -> NDArray[np.uint8]:
    out = np.empty((lines.shape[0], lines.shape[1] + 1), np.uint8)
    out[:, 0] = _UP
    out[0, 1:] = lines[0]
    np.subtract(lines[1:], lines[:-1], out=out[1:, 1:])  # wraps round, as the filter wants
    return out


def _chunk(name: bytes, data: bytes) -> bytes:
    crc = isal_zlib.crc32(data, isal_zlib.crc32(name))
    return b"".join((struct.pack(">I", len(data)), name, data, struct.pack(">I", crc)))
