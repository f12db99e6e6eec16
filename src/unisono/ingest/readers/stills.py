"""Read still images as a clip: one image, or a folder's numbered frames of one size.

Only pixels are read; EXIF, comments and profiles stay behind. The turn that EXIF asks for is applied, as
viewers do.
"""

import zlib
from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from unisono.base.errors import IngestError
from unisono.ingest.limits import LIMITS, Limits, check_size
from unisono.ingest.readers.codestream import read_jpeg
from unisono.ingest.readers.headroom import check_jpeg
from unisono.ingest.readers.recording import Pixels, Recording, spread
from unisono.ingest.readers.timing import Timing

_PNG, _JPEG, _ANIMATED = b"\x89PNG", b"\xff\xd8", b"acTL"
_PNG_HEAD_BYTES, _CHUNK_EXTRA_BYTES = 8, 12
# What is wrong with a file is said by its refusal; OpenCV's own lines would go to the terminal unasked.
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


def open_stills(images: Sequence[bytes], limits: Limits = LIMITS) -> Recording:
    """Return a clip of encoded images, in order.

    Parameters
    ----------
    images : sequence of bytes
        PNG, JPEG, BMP, TIFF or WebP files; read one at a time.
    limits : Limits

    Raises
    ------
    IngestError
        ``E_FRAME_DECODE``, ``E_DIM_MISMATCH``, ``E_TS_UNSUPPORTED`` or a limit.
    """
    first = decode_still(images[0])
    rows, columns = first.shape[:2]
    n_frames = len(images)
    check_size(rows, columns, n_frames, limits)
    timing = Timing((0.0,), "single frame") if n_frames == 1 else Timing(None, "images carry no times")

    def frames() -> Iterator[Pixels]:
        return (_same_shape(decode_still(image), first) for image in images)

    return Recording(
        kind="images",
        rows=rows,
        columns=columns,
        n_frames=n_frames,
        frames=frames,
        frame=lambda number: _same_shape(decode_still(images[number]), first),
        sample=[_same_shape(decode_still(images[i]), first) for i in spread(n_frames)],
        frame_times_s=timing.times_s,
        timing=timing.rule,
        regions=(),
        spacing_mm=None,
        header={},
        decoder=f"OpenCV {cv2.__version__}, still image",
        lossless=all(image[:2] != _JPEG for image in images[:1]),
    )


def decode_still(image: bytes) -> Pixels:
    """Return one image as `Pixels`; grey files stay grey, transparency is dropped, 16 bits become 8.

    Raises
    ------
    IngestError
        ``E_FRAME_DECODE`` if it does not decode, ``E_TRUNCATED`` if a PNG breaks off,
        ``E_TS_UNSUPPORTED`` if it is animated.
    """
    if image[:4] == _PNG and _ANIMATED in image[:4096]:
        raise IngestError("E_TS_UNSUPPORTED", "animated PNG is not read; send a video")
    _check_claim(image)
    try:
        decoded = cv2.imdecode(np.frombuffer(image, np.uint8), cv2.IMREAD_ANYDEPTH | cv2.IMREAD_ANYCOLOR)
    except cv2.error:
        decoded = None
    if decoded is None:
        raise IngestError("E_FRAME_DECODE", "the image does not decode")
    if decoded.dtype == np.uint16:
        decoded = (decoded // 256).astype(np.uint8)
    if decoded.dtype != np.uint8:
        raise IngestError("E_COLOUR_AMBIG", f"an image holds 8 or 16 bits a sample; got {decoded.dtype}")
    if decoded.ndim == 2:  # noqa: PLR2004  # grey
        return np.asarray(decoded, dtype=np.uint8)
    return np.ascontiguousarray(decoded[..., 2::-1])  # BGR to RGB


def _check_claim(image: bytes) -> None:
    if image[:4] == _PNG and len(image) >= 24:  # noqa: PLR2004  # signature and IHDR
        columns, rows = (int.from_bytes(image[at : at + 4], "big") for at in (16, 20))
        check_size(rows, columns, 1)
        _check_chunks(image)
    if image[:2] == _JPEG:
        facts = read_jpeg(image)
        check_size(facts.rows, facts.columns, 1)
        check_jpeg(image)


def _check_chunks(image: bytes) -> None:
    # libpng would find the same, but prints it.
    at, kind = _PNG_HEAD_BYTES, b""
    while kind != b"IEND":
        length = int.from_bytes(image[at : at + 4], "big")
        end = at + length + _CHUNK_EXTRA_BYTES
        if end > len(image):
            raise IngestError("E_TRUNCATED", "the PNG ends before its last chunk")
        kind = image[at + 4 : at + 8]
        if zlib.crc32(image[at + 4 : end - 4]) != int.from_bytes(image[end - 4 : end], "big"):
            raise IngestError("E_FRAME_DECODE", "a chunk of the PNG is damaged")
        at = end


def _same_shape(frame: Pixels, first: Pixels) -> Pixels:
    if frame.shape != first.shape:
        raise IngestError("E_DIM_MISMATCH", f"images of one clip have one size; got {frame.shape}")
    return frame
