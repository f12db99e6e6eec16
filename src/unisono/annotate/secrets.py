"""Tokens and passwords. Pure but for the random source and the clock of the hash itself.

A token is 256 random bits; the catalog holds its SHA-256 only. Passwords are hashed with argon2id.
"""

import hashlib
import secrets
import threading

from pwdlib import PasswordHash

_hasher = PasswordHash.recommended()
_room = threading.Semaphore(2)  # argon2 takes 64 MiB and half a second a go
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$MDEyMzQ1Njc4OTAxMjM0NQ$7mAKmYHCOp2xRYF2xJSyZsPl4tIX8bJzsv0uHnQsWfM"


def new_token() -> str:
    """Return a fresh token, safe in an address."""
    return secrets.token_urlsafe(32)


def token_sha256(token: str) -> str:
    """Return what the catalog stores of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password, with its salt and parameters."""
    with _room:
        return _hasher.hash(password)


def is_password(password: str, password_hash: str | None) -> bool:
    """Say whether a password is right; takes as long for somebody who has none."""
    with _room:
        matches = _hasher.verify(password, password_hash or _NOBODY)
    return matches and password_hash is not None
