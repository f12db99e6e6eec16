"""One decoder for each DICOM transfer syntax; no second try with another, so that failures stay visible.

Source: DICOM PS3.5 section 10 and annex A; PS3.6 table A-1 for the UIDs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from rle.rle import decode_frame as decode_rle

from unisono.base.errors import IngestError
from unisono.ingest.readers.codestream import StreamFacts, read_jpeg, read_jpeg2000, read_jpegxl
from unisono.ingest.readers.headroom import decode_lossless_jpeg, decode_reversible_jpeg2000

Samples = NDArray[Any]
"""Decoded samples, shape (rows, columns) or (rows, columns, 3), unsigned."""


@dataclass(frozen=True, slots=True)
class Syntax:
    """How the pixels of one transfer syntax are read.

    Parameters
    ----------
    name : str
    family : str
        ``native``, ``rle``, ``jpeg`` (lossy), ``coded`` or ``movie`` (all frames in one stream).
    lossless : bool
    decode : callable, optional
        Codestream to samples.
    facts : callable, optional
        Codestream to its `StreamFacts`.
    implicit, little, is_deflated : bool
        How the data set is written.
    """

    name: str
    family: str
    lossless: bool
    decode: Callable[[bytes], Samples] | None = None
    facts: Callable[[bytes], StreamFacts] | None = None
    implicit: bool = False
    little: bool = True
    is_deflated: bool = False


_LS, _J2K, _J2K_EXACT = imagecodecs.jpegls_decode, imagecodecs.jpeg2k_decode, decode_reversible_jpeg2000
_JXL = imagecodecs.jpegxl_decode
# HTJ2K is OpenJPEG's, too: OpenJPH is three times as fast, but its binding says nothing of damaged frames.
_UID = "1.2.840.10008.1.2"
_MOVIES = {
    "100": "MPEG-2 main level", "101": "MPEG-2 high level", "102": "H.264 level 4.1",
    "103": "H.264 level 4.1 Blu-ray", "104": "H.264 level 4.2 2-D", "105": "H.264 level 4.2 3-D",
    "106": "H.264 level 4.2 stereo", "107": "HEVC main", "108": "HEVC main 10",
}  # fmt: skip
_FRAGMENTABLE = ("100", "101", "102", "103", "104", "105", "106")
SYNTAXES: dict[str, Syntax] = {
    _UID: Syntax("implicit little endian", "native", lossless=True, implicit=True),
    f"{_UID}.1": Syntax("explicit little endian", "native", lossless=True),
    f"{_UID}.1.99": Syntax("deflated explicit", "native", lossless=True, is_deflated=True),
    f"{_UID}.2": Syntax("explicit big endian", "native", lossless=True, little=False),
    f"{_UID}.5": Syntax("RLE", "rle", lossless=True),
    f"{_UID}.4.50": Syntax("JPEG baseline", "jpeg", lossless=False, facts=read_jpeg),
    f"{_UID}.4.51": Syntax("JPEG extended", "jpeg", lossless=False, facts=read_jpeg),
    f"{_UID}.4.57": Syntax(
        "JPEG lossless", "coded", lossless=True, decode=decode_lossless_jpeg, facts=read_jpeg
    ),
    f"{_UID}.4.70": Syntax(
        "JPEG lossless SV1", "coded", lossless=True, decode=decode_lossless_jpeg, facts=read_jpeg
    ),
    f"{_UID}.4.80": Syntax("JPEG-LS", "coded", lossless=True, decode=_LS, facts=read_jpeg),
    f"{_UID}.4.81": Syntax("JPEG-LS near lossless", "coded", lossless=False, decode=_LS, facts=read_jpeg),
    f"{_UID}.4.90": Syntax(
        "JPEG 2000 lossless", "coded", lossless=True, decode=_J2K_EXACT, facts=read_jpeg2000
    ),
    f"{_UID}.4.91": Syntax("JPEG 2000", "coded", lossless=False, decode=_J2K, facts=read_jpeg2000),
    f"{_UID}.4.201": Syntax("HTJ2K lossless", "coded", lossless=True, decode=_J2K_EXACT, facts=read_jpeg2000),
    f"{_UID}.4.202": Syntax("HTJ2K RPCL", "coded", lossless=True, decode=_J2K_EXACT, facts=read_jpeg2000),
    f"{_UID}.4.203": Syntax("HTJ2K", "coded", lossless=False, decode=_J2K, facts=read_jpeg2000),
    f"{_UID}.4.110": Syntax("JPEG XL lossless", "coded", lossless=True, decode=_JXL, facts=read_jpegxl),
    f"{_UID}.4.111": Syntax("JPEG XL of JPEG", "coded", lossless=False, decode=_JXL, facts=read_jpegxl),
    f"{_UID}.4.112": Syntax("JPEG XL", "coded", lossless=False, decode=_JXL, facts=read_jpegxl),
    **{f"{_UID}.4.{n}": Syntax(name, "movie", lossless=False) for n, name in _MOVIES.items()},
    **{
        f"{_UID}.4.{n}.1": Syntax(f"{_MOVIES[n]}, fragmentable", "movie", lossless=False)
        for n in _FRAGMENTABLE
    },
}
"""Every transfer syntax that is read, by its UID; ``docs/reading.md`` shows what each was tested with."""


def syntax_of(uid: str) -> Syntax:
    """Return the reader of a transfer syntax.

    Raises
    ------
    IngestError
        ``E_TS_UNSUPPORTED``.
    """
    if uid not in SYNTAXES:
        raise IngestError("E_TS_UNSUPPORTED", "this transfer syntax is not read; docs/reading.md lists all")
    return SYNTAXES[uid]


def decode_coded(syntax: Syntax, data: bytes) -> Samples:
    """Return the samples of one JPEG lossless, JPEG-LS, JPEG 2000 or JPEG XL frame.

    Raises
    ------
    IngestError
        ``E_FRAME_DECODE`` if the codec refuses it.
    """
    if syntax.decode is None:
        raise IngestError("E_TS_UNSUPPORTED", f"{syntax.name} has no decoder")
    try:
        return np.asarray(syntax.decode(data))
    except (RuntimeError, ValueError, TypeError, OverflowError, MemoryError) as error:
        raise IngestError(
            "E_FRAME_DECODE", f"a {syntax.name} frame does not decode ({type(error).__name__})"
        ) from None


def decode_rle_planes(data: bytes, rows: int, columns: int, n_samples: int, bits: int) -> Samples:
    """Return the samples of one RLE frame; RLE always stores plane by plane.

    Raises
    ------
    IngestError
        ``E_FRAME_DECODE`` if the segments do not hold the frame.
    """
    try:
        raw = bytes(decode_rle(data, rows * columns, bits, "<"))
    except (ValueError, RuntimeError) as error:
        raise IngestError(
            "E_FRAME_DECODE", f"an RLE frame does not decode ({type(error).__name__})"
        ) from None
    samples = np.frombuffer(raw, np.dtype(f"<u{bits // 8}"))
    if samples.size != rows * columns * n_samples:
        raise IngestError(
            "E_DIM_MISMATCH", f"an RLE frame holds {samples.size} samples; the header says other"
        )
    planes = samples.reshape(n_samples, rows, columns)
    return planes[0] if n_samples == 1 else planes.transpose(1, 2, 0)  # (samples, y, x) -> (y, x, samples)
