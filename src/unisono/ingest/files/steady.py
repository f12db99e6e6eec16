"""Notice a file that somebody writes while it is read: what came out of it would be neither state of it."""

from pathlib import Path

from unisono.base.errors import IngestError
from unisono.ingest.files.sources import Source

Stamps = tuple[tuple[int, int, int], ...]


def stamps_of(source: Source) -> Stamps:
    """Return number, size (bytes) and time of change (ns) of each file of a source.

    Raises
    ------
    IngestError
        ``E_STORE_IO`` if a file is gone.
    """
    try:
        facts = [Path(name).stat() for name in source.files]
    except OSError as error:
        raise IngestError("E_STORE_IO", f"the file cannot be read ({error.strerror})") from None
    return tuple((f.st_ino, f.st_size, f.st_mtime_ns) for f in facts)


def check_steady(source: Source, before: Stamps) -> None:
    """Refuse a source whose files are not those that they were.

    Raises
    ------
    IngestError
        ``E_STORE_IO``.
    """
    if stamps_of(source) != before:
        raise changed()


def changed() -> IngestError:
    """Return the refusal of a source that changed under the reader."""
    return IngestError("E_STORE_IO", "the file changed while it was read; it is taken when it rests")
