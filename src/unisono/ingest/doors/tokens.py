"""Tokens by which devices send over the web: drawn here, kept as hashes, bound to one dataset class.

The file ``home/stow-tokens.json`` has mode 600. A token is 256 random bits, so its plain SHA-256 says nothing
about it.
"""

import hashlib
import json
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from unisono.base.errors import ConflictError, NotFoundError, SettingsError
from unisono.base.locks import locked

_FILE = "stow-tokens.json"
_NAME = re.compile(r"[\w .\-]{1,64}")


@dataclass(frozen=True, slots=True)
class Device:
    """One sender: its name, the hash of its token, and the class of what it sends."""

    name: str
    token_sha256: str
    dataset_class: str


def issue(home: Path, name: str, dataset_class: str) -> str:
    """Return a fresh token for a device.

    Raises
    ------
    SettingsError
        If the class is not two digits, or the name is not 1 to 64 letters, digits, blanks, dots or dashes.
    ConflictError
        If the device has one.
    """
    if not re.fullmatch(r"[0-9]{2}", dataset_class):
        raise SettingsError(f"a dataset class is two digits; got {dataset_class!r}")
    if not _NAME.fullmatch(name):
        raise SettingsError(
            f"a device's name has 1 to 64 letters, digits, blanks, dots or dashes; got {name!r}"
        )
    token = secrets.token_urlsafe(32)
    with _alone(home):
        there = devices(home)
        if any(d.name == name for d in there):
            raise ConflictError(f"there is a token for {name!r} already; drop it first")
        _write(home, [*there, Device(name, _sha256(token), dataset_class)])
    return token


def revoke(home: Path, name: str) -> None:
    """Forget a device's token.

    Raises
    ------
    NotFoundError
        If it has none.
    """
    with _alone(home):
        there = devices(home)
        rest = [d for d in there if d.name != name]
        if len(rest) == len(there):
            raise NotFoundError(f"there is no token for {name!r}")
        _write(home, rest)


def devices(home: Path) -> list[Device]:
    """Return all devices in the order of their names."""
    path = home / _FILE
    if not path.exists():
        return []
    return sorted((Device(**row) for row in json.loads(path.read_text("utf-8"))), key=lambda d: d.name)


def device_of(home: Path, token: str) -> Device | None:
    """Return whose token this is; None when it is nobody's."""
    given = _sha256(token)
    found = [d for d in devices(home) if secrets.compare_digest(d.token_sha256, given)]
    return found[0] if found else None


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    home.mkdir(parents=True, exist_ok=True)
    with locked(home / f"{_FILE}.lock"):
        yield


def _write(home: Path, rows: list[Device]) -> None:
    draft = home / f"{_FILE}.tmp"
    text = json.dumps([asdict(d) for d in rows], indent=1, sort_keys=True) + "\n"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(home / _FILE)
