"""The pack of a clip: its pictures for the page, one a frame, in one file.

``u32 n, n x u32 length, n images`` (little-endian), so the page can show the first frame while the rest is on
its way, and frame i is frame i.
"""

import struct
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from unisono.base.errors import CatalogError


class PackWriter:
    """Write a pack image by image, however many there are; the head is written when this closes.

    Parameters
    ----------
    path : pathlib.Path
        Must not be there.
    n_images : int
        How many will come. With another number the file is no pack.
    """

    def __init__(self, path: Path, n_images: int) -> None:
        self._path, self._n_images = path, n_images
        self._lengths: list[int] = []

    def __enter__(self) -> Self:
        self._file = self._path.open("xb")
        self._file.write(bytes(4 * (self._n_images + 1)))
        return self

    def add(self, image: bytes) -> None:
        """Append an encoded image."""
        self._file.write(image)
        self._lengths.append(len(image))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._file:
            if error is None and len(self._lengths) == self._n_images:
                self._file.seek(0)
                self._file.write(_head(self._lengths))


def encode_pack(images: Sequence[bytes]) -> bytes:
    """Return the pack of already encoded images (JPEG, PNG or WebP), one a frame."""
    return b"".join((_head([len(image) for image in images]), *images))


def decode_pack(pack: bytes) -> list[bytes]:
    """Return the encoded images of a pack.

    Raises
    ------
    CatalogError
        If the lengths in its head do not add up to its size.
    """
    if len(pack) < 4:  # noqa: PLR2004
        raise CatalogError(f"a pack has a head of 4 bytes or more; got {len(pack)} bytes")
    (count,) = struct.unpack_from("<I", pack)
    start = 4 * (count + 1)
    lengths = struct.unpack_from(f"<{count}I", pack, 4) if start <= len(pack) else ()
    if start + sum(lengths) != len(pack):
        raise CatalogError(f"pack of {count} frames does not add up to its {len(pack)} bytes")
    images = []
    for size in lengths:
        images.append(pack[start : start + size])
        start += size
    return images


def _head(lengths: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(lengths) + 1}I", len(lengths), *lengths)
