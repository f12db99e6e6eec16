"""Names for clips, subjects and sources that lead nowhere without the site's secret.

An unkeyed hash is no protection: all eight-digit patient numbers are hashed in minutes, and UIDs are a device
root and a time stamp. Every name is therefore an HMAC-SHA256 under a key derived from 32 random bytes that
stay on the site. Losing the secret makes the names irreversible; keeping it makes them stable.

Source: HMAC, RFC 2104; key derivation by one HMAC a purpose, as in HKDF-Expand of RFC 5869.
"""

import hashlib
import hmac
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from unisono.base.errors import SettingsError

SECRET_BYTES = 32
SUBJECT_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Keys:
    """One key for each purpose, so that equal inputs never give equal names across purposes."""

    code: bytes
    subject: bytes
    source: bytes

    def clip_code(self, dataset_class: str, identity: str) -> str:
        """Return ``CC-<64 hex>`` of a SOP Instance UID or a content digest."""
        return f"{dataset_class}-{_mac(self.code, 'clip|v1|' + identity)}"

    def subject_name(self, identity: str) -> str:
        """Return the pseudonym of a patient, 16 hex digits."""
        return _mac(self.subject, "subject|v1|" + identity)[:SUBJECT_DIGITS]

    def source_key(self, content_sha256: str) -> str:
        """Return the keyed hash of a file's content; the plain one would link an owner of the original."""
        return _mac(self.source, "source|v1|" + content_sha256)


def derive_keys(secret: bytes) -> Keys:
    """Return the site's keys.

    Raises
    ------
    SettingsError
        If the secret is not 32 bytes, or all of them are equal.
    """
    if len(secret) != SECRET_BYTES or len(set(secret)) == 1:
        raise SettingsError(f"a site secret is {SECRET_BYTES} random bytes; got {len(secret)} unusable ones")
    return Keys(
        *(
            hmac.digest(secret, f"unisono|{use}|v1".encode(), "sha256")
            for use in ("code", "subject", "source")
        )
    )


def site_secret(home: Path) -> bytes:
    """Return the site's secret, making it at the first start.

    Parameters
    ----------
    home : pathlib.Path
        The secret lies in ``home/site-secret``, mode 600.

    Raises
    ------
    SettingsError
        If the file can be read by others, or does not hold 32 usable bytes.
    """
    path = home / "site-secret"
    home.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _create(path)
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SettingsError("home/site-secret can be read by others; run: chmod 600 on it")
    secret = path.read_bytes()
    derive_keys(secret)
    return secret


def content_identity(content_sha256: str) -> str:
    """Return what stands for a recording that carries no UID of its own."""
    return "content|" + content_sha256


def sha256_hex(data: bytes | memoryview) -> str:
    """Return the SHA-256 of some bytes, 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def sha256_of_parts(digests: list[str]) -> str:
    """Return one digest for a recording of several files; one file keeps its own."""
    if len(digests) == 1:
        return digests[0]
    return sha256_hex("|".join(digests).encode())


def _create(path: Path) -> None:
    # Written aside and linked into place: a start that is killed leaves no short secret, and of two starts
    # at once the first wins.
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, secrets.token_bytes(SECRET_BYTES))
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _mac(key: bytes, text: str) -> str:
    return hmac.digest(key, text.encode(), "sha256").hex()
