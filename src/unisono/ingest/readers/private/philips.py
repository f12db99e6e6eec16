"""Philips private ultrasound data: recognised, never read.

Groups 200D hold presets, dates and native volumes in a form that Philips does not publish. A file with
standard pixels beside them is read by those; a file with nothing else is refused with the way out.
"""

from typing import NoReturn

from unisono.base.errors import IngestError
from unisono.ingest.readers.elements import walk
from unisono.ingest.readers.peek import Peeked
from unisono.ingest.readers.private_data import PrivateReader

_GROUP = 0x200D
_CREATORS = (b"Philips US", b"PHILIPS US", b"Philips Imaging DD", b"PHILIPS IMAGING DD")
_CREATOR_BYTES = 64


def _recognises(peeked: Peeked) -> bool:
    syntax = peeked.syntax
    for element in walk(
        peeked.file, peeked.start, peeked.size, implicit=syntax.implicit, little=syntax.little
    ):
        is_creator = element.tag >> 16 == _GROUP and 0x10 <= element.tag & 0xFFFF <= 0xFF  # noqa: PLR2004
        if element.depth == 0 and is_creator and element.length <= _CREATOR_BYTES:
            peeked.file.seek(element.start)
            if peeked.file.read(element.length).startswith(_CREATORS):
                return True
    return False


def _refuse(_peeked: Peeked, _uid: str, _patient: str | None) -> NoReturn:
    raise IngestError(
        "E_NO_PIXELS",
        "only Philips private native data inside; export the clip with standard pixels",
    )


READER = PrivateReader("philips", _recognises, _refuse)
