"""Who a recording is, and whether it is in already.

An unkeyed hash is no protection: all eight-digit patient numbers are hashed in minutes, and UIDs are a device
root and a time stamp. `keys` turns an identity into a name that leads nowhere without the site's secret; here
stands what an identity is made of, and what follows when it was seen before.

Source: the rules of the first sight: same UID and same bytes, same UID and same pixels, same UID and other
pixels, new UID and known pixels.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from unisono.base.errors import IngestError
from unisono.ingest.identity.keys import Keys, derive_keys, site_secret

__all__ = [
    "Keys", "Seen", "Settled", "check_class", "content_identity", "derive_keys", "settle_identity",
    "sha256_hex", "sha256_of_file", "sha256_of_parts", "site_secret",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """A recording by its names, all of them keyed or digests of masked pixels.

    Parameters
    ----------
    code : str
        ``CC-<64 hex>``; the class before the dash is no part of the identity.
    source_key : str
        Of its bytes.
    pixels : str
        One digest over all frames' pixels, as `sha256_of_parts` of theirs.
    """

    code: str
    source_key: str
    pixels: str

    @property
    def identity(self) -> str:
        """The code without its class."""
        return self.code.partition("-")[2]


@dataclass(frozen=True, slots=True)
class Settled:
    """What follows for a recording.

    Parameters
    ----------
    outcome : str
        ``new``: store it. ``already``: it is in, do nothing. ``note``: it is in with other bytes and equal
        pixels, do nothing and say so. ``dup_of``: store it, and record whose pixels it shows.
    code : str
        The clip that is in; empty for ``new``.
    """

    outcome: str
    code: str = ""


def settle_identity(known: Iterable[Seen], new: Seen) -> Settled:
    """Return what follows for a recording, given those with its UID, its bytes or its pixels.

    Parameters
    ----------
    known : iterable of Seen
        In the order they came in; of several with equal pixels the first is named.
    new : Seen

    Raises
    ------
    IngestError
        ``E_UID_CONFLICT`` if its UID is in with other pixels; the first stays.
    """
    twin = ""
    for old in known:
        if old.identity == new.identity:
            return _same_uid(old, new)
        if old.pixels == new.pixels and not twin:
            twin = old.code
    return Settled("dup_of", twin) if twin else Settled("new")


def check_class(known: str | None, wanted: str) -> None:
    """Refuse a subject that was given to another dataset class.

    Parameters
    ----------
    known : str or None
        The subject's class so far.
    wanted : str
        Two digits.

    Raises
    ------
    IngestError
        ``E_CLASS_CONFLICT``.
    """
    if known is not None and known != wanted:
        raise IngestError("E_CLASS_CONFLICT", f"this subject is in class {known}; a subject has one class")


def content_identity(content_sha256: str) -> str:
    """Return what stands for a recording that carries no UID of its own."""
    return "content|" + content_sha256


def sha256_hex(data: bytes | memoryview) -> str:
    """Return the SHA-256 of some bytes, 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def sha256_of_file(path: Path) -> str:
    """Return the SHA-256 of a file, 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of_parts(digests: list[str]) -> str:
    """Return one digest for a recording of several files; one file keeps its own."""
    if len(digests) == 1:
        return digests[0]
    return sha256_hex("|".join(digests).encode())


def _same_uid(old: Seen, new: Seen) -> Settled:
    if old.source_key == new.source_key:
        return Settled("already", old.code)
    if old.pixels == new.pixels:
        return Settled("note", old.code)
    raise IngestError("E_UID_CONFLICT", "a clip of the same SOP Instance UID is in, with other pixels")
