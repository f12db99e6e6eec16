"""Makers' private pixels: found by their plug-in when a file holds no standard ones.

Standard Pixel Data always goes first. A plug-in in `unisono.ingest.readers.private` reads one maker's
form, or refuses it with a sentence that says what would help.
"""

from collections.abc import Callable
from dataclasses import dataclass

from unisono.base.errors import IngestError
from unisono.base.plugins import load
from unisono.ingest.readers.peek import Peeked
from unisono.ingest.readers.recording import Recording


@dataclass(frozen=True, slots=True)
class PrivateReader:
    """How one maker's private pixels are read.

    Parameters
    ----------
    name : str
    recognises : callable
        Whether a file without standard pixels is of this kind.
    read : callable
        Opens it; gets the parsed header, the UID and the patient.
    """

    name: str
    recognises: Callable[[Peeked], bool]
    read: Callable[[Peeked, str, str | None], Recording]


def open_private(peeked: Peeked, uid: str, patient: str | None) -> Recording:
    """Return the clip in a maker's private elements.

    Raises
    ------
    IngestError
        ``E_NO_PIXELS`` if no plug-in knows the file; else what its plug-in raises.
    """
    for reader in load("unisono.ingest.readers.private", "READER", PrivateReader).values():
        if reader.recognises(peeked):
            return reader.read(peeked, uid, patient)
    raise IngestError("E_NO_PIXELS", "the file holds no Pixel Data")
