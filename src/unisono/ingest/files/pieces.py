"""Several pieces of a file read as one file: a member of an archive, or the fragments of a video."""

import io
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, BinaryIO


class Pieces(io.RawIOBase):
    """Spans of a file, joined, without copying them.

    Parameters
    ----------
    file : binary file
        Stays open; its position is used.
    spans : sequence of (int, int), bytes
        Offset and length of each piece.
    """

    def __init__(self, file: BinaryIO, spans: Sequence[tuple[int, int]]) -> None:
        super().__init__()
        self._file = file
        self._spans = [span for span in spans if span[1]]
        self._starts = list(accumulate((length for _, length in self._spans), initial=0))
        self._at = 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """Return the place in the joined pieces, bytes."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at}.get(whence, self._starts[-1])
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401  # any writable buffer
        """Fill a buffer as far as one piece goes."""
        index = bisect_right(self._starts, self._at) - 1
        if index >= len(self._spans):
            return 0
        offset, length = self._spans[index]
        skipped = self._at - self._starts[index]
        self._file.seek(offset + skipped)
        data = self._file.read(min(length - skipped, len(buffer)))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def joined(file: BinaryIO, spans: Sequence[tuple[int, int]]) -> BinaryIO:
    """Return pieces of a file as one buffered file."""
    return io.BufferedReader(Pieces(file, spans))
