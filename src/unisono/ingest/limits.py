"""What a recording may claim before a byte of memory is set aside for it.

A header of 300 bytes can claim 23 TiB of pixels, and an archive of 600 kB can hold 600 MB: every size is
checked against these figures first.
"""

from dataclasses import dataclass

from unisono.base.errors import IngestError

MIB = 1024 * 1024
CHUNK_BYTES = 4 * MIB


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest recording that is taken.

    Parameters
    ----------
    file_bytes : int, bytes
        A file, or a member of an archive once inflated.
    side_px : int, px
        Rows and columns.
    frames : int
        A frame's number has four digits.
    clip_px : int, px
        Rows x columns x frames.
    header_bytes, element_bytes : int, bytes
        What is parsed of a DICOM file up to its pixels, and a single element of it; larger ones are skipped.
    elements, depth : int
        Elements of a header, as many from its pixels on, or parts of a video's container; sequences inside
        one another.
    fragments : int
        Pieces of compressed pixels for one frame.
    members, archive_bytes, ratio : int
        Files in an archive, their total inflated bytes, and inflated bytes for one stored byte.
    child_bytes : int, bytes
        Address space that a decoder may add to what its process has at its start.
    child_cpu_s : int, s
        CPU time that a decoder may take without finishing a frame.
    clip_cpu_s : int, s
        CPU time that reading a clip may take in all. Ten thousand frames of 800 x 600 px take 110 s as JPEG
        and 390 s as JPEG 2000, the slowest codec here (12.5 million px a second); of that codec the largest
        legal clip takes 690 s, and a slower machine more.
    """

    file_bytes: int = 2048 * MIB
    side_px: int = 4096
    frames: int = 10_000
    clip_px: int = 2**33
    header_bytes: int = 16 * MIB
    element_bytes: int = MIB
    elements: int = 200_000
    depth: int = 32
    fragments: int = 1000
    members: int = 10_000
    archive_bytes: int = 20 * 1024 * MIB
    ratio: int = 200
    child_bytes: int = 2048 * MIB
    child_cpu_s: int = 120
    clip_cpu_s: int = 1800


LIMITS = Limits()


def check_size(rows: int, columns: int, n_frames: int, limits: Limits = LIMITS) -> None:
    """Refuse a clip that is too large, or that has no pixels.

    Parameters
    ----------
    rows, columns : int, px
    n_frames : int
    limits : Limits

    Raises
    ------
    IngestError
        ``E_NO_PIXELS``, ``E_LIMIT_DIM``, ``E_LIMIT_FRAMES`` or ``E_LIMIT_SIZE``.
    """
    if rows < 1 or columns < 1 or n_frames < 1:
        raise IngestError("E_NO_PIXELS", "no frame, or frames without a row or a column, hold no picture")
    if max(rows, columns) > limits.side_px:
        raise IngestError(
            "E_LIMIT_DIM", f"frames are at most {limits.side_px} px a side; these are said to have more"
        )
    if n_frames > limits.frames:
        raise IngestError(
            "E_LIMIT_FRAMES", f"a clip has at most {limits.frames} frames; this one is said to have more"
        )
    if rows * columns * n_frames > limits.clip_px:
        raise IngestError("E_LIMIT_SIZE", f"a clip has at most {limits.clip_px} px in all its frames")


def check_bytes(n_bytes: int, limits: Limits = LIMITS) -> None:
    """Refuse a file that is too large.

    Raises
    ------
    IngestError
        ``E_LIMIT_SIZE``.
    """
    if n_bytes > limits.file_bytes:
        raise IngestError("E_LIMIT_SIZE", f"a file has at most {limits.file_bytes} bytes; got {n_bytes}")
