"""What compressed pixels say of themselves, read before anything is decoded.

A 64 x 48 header over a 65 000 x 65 000 codestream makes a decoder ask for 12 GB; and whether three samples
are RGB or luminance and chroma is said in the stream more often than in the header.

Source: ITU-T T.81 annex B (JPEG), T.87 (JPEG-LS), T.800 annex A (JPEG 2000); APP14 after Adobe TN 5116;
ISO/IEC 18181-1 annex D (JPEG XL).
"""

import struct
from dataclasses import dataclass, replace

from unisono.base.errors import IngestError

_SOF = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xF7}
_LOSSLESS = {0xC3, 0xC7, 0xCB}
_REVERSIBLE = b"\x01"
_ALONE = {0x01, 0xD8, *range(0xD0, 0xD8)}
_SOS, _APP0, _APP14 = 0xDA, 0xE0, 0xEE
_RGB_IDS = tuple(b"RGB")
_JXL_SIZES = (9, 13, 18, 30)
_JXL_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))


@dataclass(frozen=True, slots=True)
class StreamFacts:
    """Size and colour marks of a codestream.

    Parameters
    ----------
    rows, columns, n_samples : int
    bits : int
        Per sample; it and ``n_samples`` are 0 where the stream's head was not read so far.
    mark : str
        ``"rgb"``, ``"ycc"`` or ``"open"``: what the stream says of its colour.
    transformed : bool
        JPEG 2000: the decoder undoes a colour transform by itself.
    reversible : bool
        The stream is coded so that every sample comes back as it was.
    bits_at : int
        Where in the stream ``bits`` is stated, for the first of its components.
    """

    rows: int
    columns: int
    n_samples: int
    bits: int
    mark: str
    transformed: bool = False
    reversible: bool = False
    bits_at: int = 0


def read_jpeg(data: bytes) -> StreamFacts:
    """Return the facts of a JPEG or JPEG-LS codestream.

    Raises
    ------
    IngestError
        ``E_FRAME_DECODE`` if it has no frame header.
    """
    at, jfif, adobe = 2, False, -1
    while at + 4 <= len(data) and data[:2] == b"\xff\xd8":
        if data[at] != 0xFF:  # noqa: PLR2004  # every marker starts so
            break
        marker = data[at + 1]
        if marker in _ALONE or marker == 0xFF:  # noqa: PLR2004  # fill bytes
            at += 1 if marker == 0xFF else 2  # noqa: PLR2004
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        body = data[at + 4 : at + 2 + length]
        jfif = jfif or (marker == _APP0 and body[:4] == b"JFIF")
        if marker == _APP14 and body[:5] == b"Adobe" and len(body) >= 12:  # noqa: PLR2004
            adobe = body[11]
        if marker in _SOF and len(body) >= 6:  # noqa: PLR2004
            facts = _frame_facts(body, jfif=jfif, adobe=adobe)
            return replace(facts, reversible=marker in _LOSSLESS, bits_at=at + 4)
        if marker == _SOS:
            break
        at += 2 + length
    if data[:2] == b"\xff\xd8":
        raise IngestError(
            "E_FRAME_DECODE", "a JPEG frame breaks off, or is damaged, before it states its size"
        )
    raise IngestError("E_FRAME_DECODE", "a frame does not begin as a JPEG codestream does")


def read_jpeg2000(data: bytes) -> StreamFacts:
    """Return the facts of a JPEG 2000 codestream, bare or in a JP2 file.

    Raises
    ------
    IngestError
        ``E_FRAME_DECODE`` if it has no size marker.
    """
    start = data.find(b"\xff\x4f\xff\x51")
    if start < 0 or len(data) < start + 43:
        raise IngestError("E_FRAME_DECODE", "a frame is no JPEG 2000 codestream")
    x1, y1, x0, y0 = struct.unpack_from(">4I", data, start + 8)
    (n_samples,) = struct.unpack_from(">H", data, start + 40)
    bits = (data[start + 42] & 0x7F) + 1
    style = data.find(b"\xff\x52", start)
    transformed = style > 0 and len(data) > style + 8 and data[style + 8] == 1
    reversible = style > 0 and data[style + 13 : style + 14] == _REVERSIBLE
    return StreamFacts(y1 - y0, x1 - x0, n_samples, bits, "open", transformed, reversible, start + 42)


def read_jpegxl(data: bytes) -> StreamFacts:
    """Return the size of a JPEG XL codestream, bare or in its container; colour and bits stay open (0).

    Raises
    ------
    IngestError
        ``E_FRAME_DECODE`` if it has no size header.
    """
    start = _jpegxl_start(data)
    bits = _Bits(data[start + 2 : start + 2 + 16])
    if data[start : start + 2] != b"\xff\x0a" or len(data) < start + 8:
        raise IngestError("E_FRAME_DECODE", "a frame is no JPEG XL codestream")
    is_small = bits.take(1)
    rows = _jpegxl_side(bits, is_small=is_small)
    ratio = bits.take(3)
    if ratio:
        across, down = _JXL_RATIOS[ratio - 1]
        return StreamFacts(rows, rows * across // down, 0, 0, "open")
    return StreamFacts(rows, _jpegxl_side(bits, is_small=is_small), 0, 0, "open")


class _Bits:
    """Bits of a JPEG XL header, the lowest first."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "little")

    def take(self, n: int) -> int:
        taken = self._value & ((1 << n) - 1)
        self._value >>= n
        return taken


def _jpegxl_side(bits: _Bits, *, is_small: int) -> int:
    if is_small:
        return (bits.take(5) + 1) * 8
    return bits.take(_JXL_SIZES[bits.take(2)]) + 1


def _jpegxl_start(data: bytes) -> int:
    if data[4:8] != b"JXL ":
        return 0
    at = 0
    while at + 16 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind in (b"jxlc", b"jxlp"):
            return at + (8 if kind == b"jxlc" else 12)  # a partial one counts itself first
        if length < 8:  # noqa: PLR2004  # a box's own head; 0 and 1 are no header boxes
            break
        at += length
    return len(data)


def _frame_facts(body: bytes, *, jfif: bool, adobe: int) -> StreamFacts:
    bits, rows, columns, n_samples = struct.unpack_from(">BHHB", body)
    parts = [body[6 + 3 * i : 9 + 3 * i] for i in range(n_samples)]
    ids = tuple(p[0] for p in parts if p)
    sampling = {p[1] for p in parts if len(p) > 1}
    if n_samples != 3:  # noqa: PLR2004
        mark = "open"
    elif adobe == 0 or ids == _RGB_IDS:
        mark = "rgb"
    elif adobe == 1 or jfif or len(sampling) > 1:
        mark = "ycc"  # chroma at half the resolution is never red or blue
    else:
        mark = "open"
    return StreamFacts(rows, columns, n_samples, bits, mark)
