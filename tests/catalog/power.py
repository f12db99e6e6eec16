"""A power cut for the tests: what was never synchronised is gone.

The strictest reading of POSIX: a file's bytes are safe after its own ``fsync``, a name only after that of the
folder it stands in, up to the root. Real file systems lose less; none promises to.
"""

import os
import stat
from pathlib import Path

import pytest


class Disk:
    """Stands under ``os.fsync`` and remembers what was synchronised, as it was at that moment."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._bytes: dict[int, bytes] = {}
        self._names: dict[int, dict[str, int]] = {}
        self._open: list[int] = []
        patch.setattr(os, "fsync", self._fsync)

    def survivors(self, root: Path) -> dict[str, bytes]:
        """Return the files that are under a folder after a power cut, by their names in it."""
        return dict(self._walk(root.stat().st_ino, ""))

    def close(self) -> None:
        """Let go of the files that were kept open, so that no number stands for two of them."""
        for handle in self._open:
            os.close(handle)

    def _fsync(self, handle: int) -> None:
        status = os.fstat(handle)
        self._open.append(os.dup(handle))
        if stat.S_ISDIR(status.st_mode):
            with os.scandir(handle) as entries:
                self._names[status.st_ino] = {entry.name: entry.inode() for entry in entries}
        else:
            self._bytes[status.st_ino] = Path(f"/proc/self/fd/{handle}").read_bytes()

    def _walk(self, number: int, place: str) -> list[tuple[str, bytes]]:
        found = []
        for name, inner in self._names.get(number, {}).items():
            if inner in self._bytes:
                found.append((f"{place}{name}", self._bytes[inner]))
            else:
                found += self._walk(inner, f"{place}{name}/")
        return found
