"""What a clip's frames and files are called; a name follows from the code alone.

``png-cache/CC/h1h2/h3h4/CC-<64 hex>-NNNN.png`` for a frame, ``packs/CC/h1h2/h3h4/CC-<64 hex>.<16 hex>.pack``
for a pack, whose digits are the first of its SHA-256.
"""

import re

from unisono.base.errors import CatalogError

CLIP_CODE = re.compile(r"^[0-9]{2}-[0-9a-f]{64}$")
FRAME_CODE = re.compile(r"^([0-9]{2}-[0-9a-f]{64})-([0-9]{4})$")
MAX_FRAMES = 10_000
"""A frame's number has four digits."""


def frame_code(clip_code: str, index: int) -> str:
    """Return the code of frame ``index`` (from 0) of a clip.

    Raises
    ------
    CatalogError
        If the clip code is not ``CC-<64 hex>`` or the index is not 0 to 9999.
    """
    if not CLIP_CODE.match(clip_code):
        raise CatalogError(f"clip code must be CC-<64 hex digits>; got {clip_code!r}")
    if not 0 <= index < MAX_FRAMES:
        raise CatalogError(f"frame number must be 0 to {MAX_FRAMES - 1}; got {index}")
    return f"{clip_code}-{index:04d}"


def frame_name(code: str) -> str:
    """Return the name of a frame in a store.

    Raises
    ------
    CatalogError
        If the code is not ``CC-<64 hex>-NNNN``.
    """
    match = FRAME_CODE.match(code)
    if not match:
        raise CatalogError(f"frame code must be CC-<64 hex digits>-NNNN; got {code!r}")
    return f"png-cache/{branch(match[1])}/{code}.png"


def pack_name(clip_code: str, sha256: str) -> str:
    """Return the name of a pack in a store.

    Raises
    ------
    CatalogError
        If the code is not ``CC-<64 hex>``.
    """
    if not CLIP_CODE.match(clip_code):
        raise CatalogError(f"clip code must be CC-<64 hex digits>; got {clip_code!r}")
    return f"packs/{branch(clip_code)}/{clip_code}.{sha256[:16]}.pack"


def names_of_clip(code: str, n_frames: int, pack_sha256: str) -> list[str]:
    """Return the names of all files of a clip: its frames in order, then its pack."""
    frames = [frame_name(frame_code(code, i)) for i in range(n_frames)]
    return [*frames, pack_name(code, pack_sha256)]


def branch(clip_code: str) -> str:
    """Return the folders in which a clip's files lie, ``CC/h1h2/h3h4``."""
    return f"{clip_code[:2]}/{clip_code[3:5]}/{clip_code[5:7]}"
