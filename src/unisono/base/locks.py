"""One process at a time: whoever holds the lock of a file works, the others wait."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait for the lock of a file, made where it is missing, and hold it for the block.

    The kernel lets go of it when its holder dies, so nothing is ever left locked.
    """
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
