"""See damage that a codec does not report: decode with room above and below the range of the samples.

Most damage leaves a JPEG, JPEG lossless or JPEG 2000 stream that decodes. From there on its values drift,
and the decoder cuts off what leaves the range. Here the stream's own statement of its bits is raised first:
nothing is cut off then, the same values come out with an offset, and an undamaged stream stays in the range
that it stated. Streams of 16 bits have no room.

Source: ITU-T T.81 A.3.1 and H.1.2 (level shift), B.2.2 (precision); T.800 A.5.1 (SIZ) and G.1 (level shift).
"""

from typing import Any

import imagecodecs
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from unisono.base.errors import IngestError
from unisono.ingest.readers.codestream import StreamFacts, read_jpeg, read_jpeg2000

_WIDE_BITS, _BYTE_BITS, _LOSSY_BITS = 16, 8, 12
_GREY, _COLOUR = 1, 3
_BASELINE, _EXTENDED = 0xC0, 0xC1
_RGB = {"colorspace": "RGB", "outcolorspace": "RGB"}
_BLOCK_PX = 8
_DRIFT_LEVELS = 20
"""Rounding by the coarsest table that a JPEG can hold, 255, moves the mean of a block by 16 levels."""


def decode_lossless_jpeg(data: bytes) -> NDArray[Any]:
    """Return the samples of a JPEG lossless stream, shape (rows, columns) or (rows, columns, 3).

    Raises
    ------
    IngestError
        ``E_FRAME_DECODE`` if it is damaged or is no lossless stream.
    """
    facts = read_jpeg(data)
    if not facts.reversible:
        raise IngestError("E_FRAME_DECODE", "a JPEG lossless frame is coded in another way")
    colours = _RGB if facts.n_samples == _COLOUR else {}
    if facts.bits <= _BYTE_BITS and facts.mark != "ycc":  # what is marked so cannot be read as RGB here
        _check_warnings(data, facts.n_samples)
    wide = _decoded_jpeg(_with_bits(data, facts, _WIDE_BITS, n_places=1), colours)
    return _narrowed(wide, facts.bits)


def decode_reversible_jpeg2000(data: bytes) -> NDArray[Any]:
    """Return the samples of a JPEG 2000 or HTJ2K stream that is labelled lossless.

    Raises
    ------
    IngestError
        ``E_FRAME_DECODE`` if it is damaged.
    """
    facts = read_jpeg2000(data)
    stated = data[facts.bits_at : facts.bits_at + 3 * facts.n_samples : 3]
    if not facts.reversible or set(stated) != {facts.bits - 1} or facts.bits > _WIDE_BITS:
        return np.asarray(imagecodecs.jpeg2k_decode(data))  # mislabelled, signed, or of mixed depths
    wide = imagecodecs.jpeg2k_decode(_with_bits(data, facts, _WIDE_BITS - 1, n_places=facts.n_samples))
    return _narrowed(np.asarray(wide), facts.bits)


def check_jpeg(data: bytes) -> None:
    """Refuse a JPEG file that is damaged: by any warning of the decoder, or by values that drift away.

    Parameters
    ----------
    data : bytes
        A JPEG of one or three samples a pixel.

    Raises
    ------
    IngestError
        ``E_FRAME_DECODE`` if it is damaged, ``E_COLOUR_AMBIG`` if it has another number of samples.
    """
    facts = read_jpeg(data)
    if facts.n_samples not in (_GREY, _COLOUR):
        raise IngestError(
            "E_COLOUR_AMBIG", f"a JPEG holds one or three samples a pixel; got {facts.n_samples}"
        )
    if facts.bits != _BYTE_BITS or facts.reversible:
        raise IngestError("E_FRAME_DECODE", "a JPEG image file has 8 bits a sample and is coded with loss")
    _check_warnings(data, facts.n_samples)
    wide = _decoded_jpeg(_with_bits(data, facts, _LOSSY_BITS, n_places=1), {"outcolorspace": "GRAYSCALE"})
    levels = wide.astype(np.float32) - (1 << (_LOSSY_BITS - 1)) + (1 << (_BYTE_BITS - 1))
    rows, columns = (side // _BLOCK_PX * _BLOCK_PX for side in levels.shape)
    blocks = levels[:rows, :columns].reshape(rows // _BLOCK_PX, _BLOCK_PX, columns // _BLOCK_PX, _BLOCK_PX)
    means = blocks.mean(axis=(1, 3))
    if np.any(means < -_DRIFT_LEVELS) or np.any(means > (1 << _BYTE_BITS) + _DRIFT_LEVELS):
        raise _drifted()


def _check_warnings(data: bytes, n_samples: int) -> None:
    # libjpeg repairs what it can and says so; only this binding takes its warnings for errors.
    try:
        simplejpeg.decode_jpeg(data, "RGB" if n_samples == _COLOUR else "GRAY", strict=True)
    except (RuntimeError, ValueError):
        raise _damaged() from None


def _decoded_jpeg(data: bytes, colours: dict[str, Any]) -> NDArray[Any]:
    try:
        return np.asarray(imagecodecs.jpeg8_decode(data, **colours))
    except (RuntimeError, ValueError, TypeError):
        raise _damaged() from None


def _damaged() -> IngestError:
    return IngestError("E_FRAME_DECODE", "a JPEG is damaged")


def _with_bits(data: bytes, facts: StreamFacts, stated: int, *, n_places: int) -> bytes:
    changed = bytearray(data)
    for i in range(n_places):
        changed[facts.bits_at + 3 * i] = stated
    if changed[facts.bits_at - 3] == _BASELINE and n_places == 1 and stated == _LOSSY_BITS:
        changed[facts.bits_at - 3] = _EXTENDED
    return bytes(changed)


def _narrowed(wide: NDArray[Any], bits: int) -> NDArray[Any]:
    low = (1 << (_WIDE_BITS - 1)) - (1 << (bits - 1))
    if wide.size and (int(wide.min()) < low or int(wide.max()) >= low + (1 << bits)):
        raise _drifted()
    return (wide - np.uint16(low)).astype(np.uint8 if bits <= _BYTE_BITS else np.uint16)


def _drifted() -> IngestError:
    return IngestError("E_FRAME_DECODE", "values leave the range that the stream states, so it is damaged")
