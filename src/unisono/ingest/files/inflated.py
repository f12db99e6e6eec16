"""Read deflated bytes as a seekable file, in bounded memory and never beyond a stated size.

A deflated data set or archive of 600 kB can hold 600 MB. So nothing is inflated at once: bytes are produced
as they are read, counted against the limits, and forgotten. Copies of the decoder's state, a few megabytes
apart, let a reader go back without starting over.

Source: RFC 1951 (deflate), RFC 1952 (gzip); DICOM PS3.5 A.5 (deflated explicit little endian).
"""

import io
import zlib
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from unisono.base.errors import IngestError
from unisono.ingest.limits import LIMITS, MIB

RAW, GZIP = -15, 31
"""Window bits: deflate without a wrapper (DICOM, zip members), and a gzip file."""
_READ_BYTES, _PIECE_BYTES = MIB // 16, MIB // 4
_MARK_BYTES, _MOST_MARKS = 8 * MIB, 256
_FREE_BYTES = MIB
_CHECKSUM_BYTES = 8


@dataclass(slots=True)
class _Mark:
    at: int
    source_at: int
    tail: bytes
    decoder: Any


@dataclass(slots=True)
class Marks:
    """Places to go on from in one deflated stream; readers of the same bytes may share them."""

    found: list[_Mark] = field(default_factory=list)
    step: int = _MARK_BYTES
    size: int | None = None

    def before(self, at: int) -> _Mark | None:
        """Return the last mark not behind a place, or None."""
        index = bisect_right(self.found, at, key=lambda mark: mark.at)
        return self.found[index - 1] if index else None

    def is_due(self, at: int) -> bool:
        """Return whether a place is a step beyond the last mark."""
        return at - (self.found[-1].at if self.found else 0) >= self.step

    def add(self, mark: _Mark) -> None:
        """Keep a mark; thin out as the stream grows."""
        self.found.append(mark)
        if len(self.found) > _MOST_MARKS:
            self.found, self.step = self.found[1::2], self.step * 2


class Inflated(io.RawIOBase):
    """The inflated content of a piece of a file.

    Parameters
    ----------
    file : binary file
        Stays open; its position is used.
    start, stored : int, bytes
        Where the deflated bytes lie and how many they are.
    window_bits : int
        `RAW` or `GZIP`.
    most : int, bytes
        Content beyond this is refused.
    marks : Marks, optional
        Of an earlier reader of the same bytes.
    """

    def __init__(
        self,
        file: BinaryIO,
        start: int,
        stored: int,
        *,
        window_bits: int = RAW,
        most: int = LIMITS.file_bytes,
        marks: Marks | None = None,
    ) -> None:
        super().__init__()
        self._file, self._start, self._end = file, start, start + stored
        self._bits, self._most = window_bits, most
        self._marks = marks if marks is not None else Marks()
        self._wanted = 0
        self._rewind(None)

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """Return the place in the content, bytes."""
        return self._wanted

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place; only the end of the content costs a pass over it."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._wanted}.get(whence)
        self._wanted = max(0, offset + (self._measured() if base is None else base))
        return self._wanted

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401  # any writable buffer
        """Fill a buffer as far as one decoded piece goes.

        Raises
        ------
        IngestError
            ``E_TRUNCATED`` for damaged or missing bytes, ``E_LIMIT_INFLATE`` beyond a limit.
        """
        self._approach()
        while self._piece_at + len(self._piece) <= self._wanted:
            if not self._next():
                return 0
        begin = self._wanted - self._piece_at
        data = self._piece[begin : begin + len(buffer)]
        buffer[: len(data)] = data
        self._wanted += len(data)
        return len(data)

    def _measured(self) -> int:
        if self._marks.size is None:
            self._rewind(self._marks.found[-1] if self._marks.found else None)
            while self._next():
                pass
            self._marks.size = self._piece_at + len(self._piece)
        return self._marks.size

    def _approach(self) -> None:
        mark = self._marks.before(self._wanted)
        is_behind = self._wanted < self._piece_at
        if is_behind or (mark and mark.at > self._piece_at + len(self._piece)):
            self._rewind(mark)

    def _rewind(self, mark: _Mark | None) -> None:
        self._piece = b""
        self._piece_at = mark.at if mark else 0
        self._source_at = mark.source_at if mark else self._start
        self._tail = mark.tail if mark else b""
        self._decoder = mark.decoder.copy() if mark else zlib.decompressobj(self._bits)

    def _next(self) -> bool:
        """Decode the piece after the present one; False at the end of the stream."""
        end = self._piece_at + len(self._piece)
        while not self._decoder.eof:
            source = self._tail or self._stored_bytes()
            try:
                piece = self._decoder.decompress(source, _PIECE_BYTES)
            except zlib.error:
                raise IngestError("E_TRUNCATED", "deflated bytes are damaged") from None
            self._tail = self._decoder.unconsumed_tail
            if piece:
                self._piece, self._piece_at = piece, end
                self._check(end + len(piece))
                at = end + len(piece)
                if self._marks.is_due(at):
                    self._marks.add(_Mark(at, self._source_at, self._tail, self._decoder.copy()))
                return True
        self._check_rest()
        self._piece, self._piece_at = b"", end
        return False

    def _check_rest(self) -> None:
        # Zeros fill up to an even length (PS3.5 A.5) or a block; some writers leave gzip's checksum behind.
        rest = self._decoder.unused_data.rstrip(b"\0")
        while len(rest) <= _CHECKSUM_BYTES:
            if self._source_at >= self._end:
                return
            rest = (rest + self._stored_bytes()).rstrip(b"\0")
        raise IngestError("E_TRUNCATED", "bytes follow the end of what is deflated")

    def _stored_bytes(self) -> bytes:
        self._file.seek(self._source_at)
        data = self._file.read(min(_READ_BYTES, self._end - self._source_at))
        if not data:
            raise IngestError("E_TRUNCATED", "deflated bytes break off")
        self._source_at += len(data)
        return data

    def _check(self, produced: int) -> None:
        taken = self._source_at - self._start
        if produced > self._most or produced > max(LIMITS.ratio * taken, _FREE_BYTES):
            raise IngestError(
                "E_LIMIT_INFLATE",
                f"deflated bytes inflate beyond {LIMITS.ratio} times their size or {self._most} bytes",
            )
