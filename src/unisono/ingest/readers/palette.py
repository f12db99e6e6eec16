"""The colours of a palette, expanded within limits.

A segmented palette says in a few bytes how many entries to write, and an indirect segment has others written
again: a header of some kilobytes can ask for gigabytes. So the entries are counted before any is written.

Source: DICOM PS3.3 C.7.6.3.1.5 and C.7.6.3.1.6 (palettes), C.7.9.2 (segmented palettes).
"""

import struct
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_color_lut

from unisono.base.errors import IngestError
from unisono.ingest.readers.peek import PARSE_ERRORS

MOST_ENTRIES = 1 << 16
"""Entries that sixteen bits can choose from; also the most segments that are followed."""
_BYTE = 8
_MOST_IN_A_BYTE = 255
_DISCRETE, _LINEAR, _INDIRECT = 0, 1, 2


def read_palette(dataset: Dataset, bits: int) -> NDArray[np.uint8]:
    """Return the colour of every sample value.

    Parameters
    ----------
    dataset : pydicom.dataset.Dataset
    bits : int
        Allocated for a sample: 8 or 16.

    Returns
    -------
    uint8 ndarray of shape (2 ** bits, 3)

    Raises
    ------
    IngestError
        ``E_COLOUR_AMBIG`` if the palette does not parse, ``E_LIMIT_INFLATE`` if it is longer than samples can
        choose from.
    """
    try:
        _check_segments(dataset)
        entries = np.arange(1 << bits, dtype=np.uint8 if bits == _BYTE else np.uint16)
        table = np.asarray(apply_color_lut(entries[None, :], dataset))[0, :, :3]
    except (*PARSE_ERRORS, ZeroDivisionError) as error:  # a segment of length zero
        raise IngestError("E_COLOUR_AMBIG", f"the palette does not parse ({type(error).__name__})") from None
    if table.dtype == np.uint8:
        return table
    # Some scanners write 8-bit colours into 16-bit entries.
    return (table >> _BYTE if table.max() > _MOST_IN_A_BYTE else table).astype(np.uint8)


def _check_segments(dataset: Dataset) -> None:
    if "SegmentedRedPaletteColorLookupTableData" not in dataset:
        return
    is_wide = int(dataset.RedPaletteColorLookupTableDescriptor[2]) > _BYTE
    meta = getattr(dataset, "file_meta", None)
    is_little = meta.TransferSyntaxUID.is_little_endian if meta else dataset.original_encoding[1]
    for colour in ("Red", "Green", "Blue", "Alpha"):
        data = dataset.get(f"Segmented{colour}PaletteColorLookupTableData") or b""
        count = len(data) // 2 if is_wide else len(data)
        words = struct.unpack_from(f"{'<' if is_little else '>'}{count}{'H' if is_wide else 'B'}", data)
        if count_entries(words, is_wide=is_wide, is_little=bool(is_little)) > MOST_ENTRIES:
            raise IngestError(
                "E_LIMIT_INFLATE", f"a segmented palette expands to more than {MOST_ENTRIES} entries"
            )


def count_entries(words: Sequence[int], *, is_wide: bool, is_little: bool) -> int:
    """Return how many entries a segmented table expands to; any number over `MOST_ENTRIES` means too many.

    Parameters
    ----------
    words : sequence of int
        The segments, one number a byte or, when ``is_wide``, one for two bytes.
    is_wide, is_little : bool
        How the place that an indirect segment names is written.

    Raises
    ------
    ValueError
        For an unknown segment, or an indirect one that leads to an indirect one.
    IndexError
        If the table breaks off inside a segment.
    """
    at = total = followed = 0
    while at + 1 < len(words) and max(total, followed) <= MOST_ENTRIES:
        kind, length = words[at], words[at + 1]
        if kind == _INDIRECT:
            place, at = _place(words, at + 2, is_wide=is_wide, is_little=is_little)
            added = _count_copied(words, place, length)
            followed += length
        else:
            added, at = _count_plain(words, at)
        total += added
        followed += 1
    return max(total, followed)


def _count_plain(words: Sequence[int], at: int) -> tuple[int, int]:
    kind, length = words[at], words[at + 1]
    if kind == _DISCRETE:
        return length, at + 2 + length
    if kind == _LINEAR:
        return length, at + 3
    raise ValueError("a segment is discrete, linear or indirect, and an indirect one copies none of its kind")


def _count_copied(words: Sequence[int], at: int, n_segments: int) -> int:
    total = 0
    for _ in range(n_segments):
        if at + 1 >= len(words) or total > MOST_ENTRIES:
            break
        added, at = _count_plain(words, at)
        total += added
    return total


def _place(words: Sequence[int], at: int, *, is_wide: bool, is_little: bool) -> tuple[int, int]:
    if is_wide:
        return words[at + 1] << 16 | words[at], at + 2
    found = bytes(words[at + i] for i in range(4))
    # Two words, the less significant first; each in the order of the file.
    low, high = struct.unpack("<2H" if is_little else ">2H", found)
    return high << 16 | low, at + 4
