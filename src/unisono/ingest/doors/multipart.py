"""Read ``multipart/related`` as it arrives, holding no more than one piece of it.

Form-data parsers do not read this type, and e-mail parsers want the whole body. A boundary may be split
anywhere between two pieces, and a line that only begins like one is data.

Source: RFC 2046 section 5.1.1 (the grammar), RFC 2387 (multipart/related).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from unisono.base.errors import IngestError

MOST_HEAD_BYTES = 16 * 1024
"""Of one part's headers, and of the blanks after a boundary."""
_MOST_BOUNDARY = 70


@dataclass(frozen=True, slots=True)
class Begin:
    """A part begins: its headers, names in small letters."""

    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Data:
    """Some bytes of the part that is open."""

    data: bytes


@dataclass(frozen=True, slots=True)
class End:
    """The part that is open is complete."""


Event = Begin | Data | End


def boundary_of(content_type: str, kind: str) -> bytes:
    """Return the boundary of a ``multipart/related`` body whose parts are of some kind.

    Raises
    ------
    IngestError
        ``E_NOT_DICOM`` when it is another type or names no legal boundary.
    """
    message = Message()
    message["content-type"] = content_type
    boundary, parts = message.get_param("boundary"), message.get_param("type", kind)
    if message.get_content_type() != "multipart/related" or str(parts).lower() != kind:
        raise IngestError("E_NOT_DICOM", f'the body must be multipart/related; type="{kind}"')
    if not isinstance(boundary, str) or not 0 < len(boundary) <= _MOST_BOUNDARY or not boundary.isascii():
        raise IngestError("E_NOT_DICOM", "the body's type names no boundary of 1 to 70 characters")
    return boundary.encode("ascii")


class Parts:
    """Turns pieces of a body into events.

    Parameters
    ----------
    boundary : bytes
        Without its dashes.
    """

    def __init__(self, boundary: bytes) -> None:
        self._mark = b"\r\n--" + boundary
        # A first boundary need not follow a line; with a line's end before it, it is like all others.
        self._held = bytearray(b"\r\n")
        self._state, self._n_skip = "preamble", 0

    def feed(self, piece: bytes) -> Iterator[Event]:
        """Yield what a piece completes.

        Raises
        ------
        IngestError
            ``E_LIMIT_SIZE`` if a part's headers do not end.
        """
        self._held += piece
        while True:
            if self._state == "epilogue":
                self._held.clear()
                return
            if self._state == "headers":
                headers = self._headers()
                if headers is None:
                    return
                yield Begin(headers)
                self._state = "body"
            data, what = self._to_mark()
            if self._state == "body":
                yield from self._part(data, is_end=what in ("headers", "epilogue"))
            if what == "wait":
                return
            if what != "data":
                self._state = what

    def finish(self) -> None:
        """Say that no more comes.

        Raises
        ------
        IngestError
            ``E_TRUNCATED`` when the last boundary did not come.
        """
        if self._state != "epilogue":
            raise IngestError("E_TRUNCATED", "the body ends before its last boundary")

    def _part(self, data: bytes, *, is_end: bool) -> Iterator[Event]:
        n_skip = min(self._n_skip, len(data))
        self._n_skip -= n_skip
        if len(data) > n_skip:
            yield Data(data[n_skip:])
        if is_end:
            yield End()

    def _to_mark(self) -> tuple[bytes, str]:
        """Cut off what lies before the next boundary; say what follows, or that more must come."""
        held, mark = self._held, self._mark
        at = held.find(mark)
        if at < 0:
            return self._cut(max(0, len(held) - len(mark) + 1)), "wait"
        after = bytes(held[at + len(mark) : at + len(mark) + MOST_HEAD_BYTES])
        rest = after.lstrip(b" \t")
        if after.startswith(b"--") or rest.startswith(b"\r\n"):
            data = self._cut(at)
            is_last = after.startswith(b"--")
            # The line's end stays: headers may be none, and then the empty line follows at once.
            self._cut(len(mark) + (2 if is_last else len(after) - len(rest)))
            return data, "epilogue" if is_last else "headers"
        if (rest in (b"", b"\r") or after == b"-") and len(after) < MOST_HEAD_BYTES:
            return self._cut(at), "wait"
        return self._cut(at + len(mark)), "data"

    def _headers(self) -> dict[str, str] | None:
        end = self._held.find(b"\r\n\r\n")
        if end < 0:
            if len(self._held) > MOST_HEAD_BYTES:
                raise IngestError("E_LIMIT_SIZE", f"a part's headers have at most {MOST_HEAD_BYTES} bytes")
            return None
        lines = self._cut(end).decode("latin-1").split("\r\n")
        # The second line's end stays as well: it is that of a boundary when the part is empty.
        self._cut(2)
        self._n_skip = 2
        pairs = (line.partition(":") for line in lines if line)
        return {name.strip().lower(): value.strip() for name, _, value in pairs}

    def _cut(self, n_bytes: int) -> bytes:
        data = bytes(self._held[:n_bytes])
        del self._held[:n_bytes]
        return data
