"""One secret of the site, and the keys that are derived from it.

Every name that leaves is an HMAC-SHA256 under a key of its own purpose, so that equal inputs never give
equal names across purposes. Losing the secret makes the names irreversible; keeping it makes them stable.

Source: HKDF, RFC 5869, with HMAC-SHA256 of RFC 2104; salt empty, the purpose as its info.
"""

import hmac
import json
import os
import secrets
import stat
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from unisono.base.errors import SettingsError

SECRET_BYTES = 32
FEWEST_VALUES = 16
"""Different bytes; of those that are drawn fewer than twenty come up once in a million millions."""
FEWEST_STEPS = 5
"""Different steps between bytes so many places apart; fewer are a count, a pattern or a repetition."""
SUBJECT_DIGITS = 16
KEY_ID_DIGITS = 8
FILE_DIGITS = 12
ORIGINAL_DIGITS = 32
SECRET_NAME = "site-secret"  # noqa: S105  # a file's name
TOMBSTONE_NAME = "site-secret.destroyed"
VAULT_NAME = "vault.sqlite"


@dataclass(frozen=True, slots=True)
class Keys:
    """One key for each purpose. Its text form shows the key id alone.

    Parameters
    ----------
    code, subject, source, path, original, vault : bytes
        For clip codes, subjects, the content of source files, the places they came from, originals that are
        kept, and the vault.
    key_id : str
        Eight hex digits that tell two secrets apart and lead to neither: all that a log may say.
    """

    code: bytes = field(repr=False)
    subject: bytes = field(repr=False)
    source: bytes = field(repr=False)
    path: bytes = field(repr=False)
    original: bytes = field(repr=False)
    vault: bytes = field(repr=False)
    key_id: str

    def clip_code(self, dataset_class: str, identity: str) -> str:
        """Return ``CC-<64 hex>`` of a SOP Instance UID, or of what `content_identity` gives."""
        return f"{dataset_class}-{_mac(self.code, 'echo-code|v1|' + identity)}"

    def subject_name(self, identity: str) -> str:
        """Return the pseudonym of ``issuer|PatientID``, 16 hex digits."""
        return _mac(self.subject, identity)[:SUBJECT_DIGITS]

    def source_key(self, content_sha256: str) -> str:
        """Return the keyed hash of a file's content; the plain one would link an owner of the original."""
        return _mac(self.source, "source|v1|" + content_sha256)

    def path_key(self, label: str) -> str:
        """Return the keyed hash of the place a file came from: paths name patients, too."""
        return _mac(self.path, "path|v1|" + label)

    def original_name(self, code: str) -> str:
        """Return the name under which a clip's delivered original is kept, 32 hex digits."""
        return _mac(self.original, "original|v1|" + code)[:ORIGINAL_DIGITS]

    def file_name(self, label: str) -> str:
        """Return ``file-<12 hex>``, by which logs and reports name the place a file came from."""
        return f"file-{self.path_key(label)[:FILE_DIGITS]}"

    def for_workers(self) -> "Keys":
        """Return the keys without the vault's: who decodes strangers' files shall not be able to open it."""
        return replace(self, vault=b"")


def derive_keys(secret: bytes) -> Keys:
    """Return the site's keys.

    Raises
    ------
    SettingsError
        If the secret is not 32 bytes, or so uniform, so much like text, or so regular, that nobody drew it at
        random.
    """
    if len(secret) == SECRET_BYTES and _is_typed(secret):
        raise SettingsError(
            f"a site secret is {SECRET_BYTES} random bytes; got text that somebody typed, easy to guess"
        )
    if len(secret) != SECRET_BYTES or len(set(secret)) < FEWEST_VALUES:
        raise SettingsError(f"a site secret is {SECRET_BYTES} random bytes; got {len(secret)} unusable ones")
    if _is_counted(secret):
        raise SettingsError(
            f"a site secret is {SECRET_BYTES} random bytes; got a sequence or a repetition, easy to guess"
        )
    code, subject, source, path, original, vault, shown = (
        HKDF(SHA256(), SECRET_BYTES, salt=None, info=f"unisono|{use}|v1".encode()).derive(secret)
        for use in ("code", "subject", "source", "path", "original", "vault", "key-id")
    )
    return Keys(code, subject, source, path, original, vault, shown.hex()[:KEY_ID_DIGITS])


def _is_typed(secret: bytes) -> bool:
    """Return whether a secret is text, in any script; the last letter may be cut."""
    text = secret.decode("utf-8", errors="ignore")
    is_whole = len(secret) - len(text.encode()) < 4  # noqa: PLR2004  # bytes of one letter
    return is_whole and all(letter.isprintable() or letter.isspace() for letter in text)


def _is_counted(secret: bytes) -> bool:
    """Return whether bytes count up or down, alone or interleaved, or repeat a block of theirs.

    Of 32 drawn bytes some two, at most 16 places apart, show fewer than five steps once in 1e20 secrets.
    """
    return any(
        len({(b - a) % 256 for a, b in zip(secret, secret[places:], strict=False)}) < FEWEST_STEPS
        for places in range(1, SECRET_BYTES // 2 + 1)
    )


def site_secret(home: Path) -> bytes:
    """Return the site's secret, making it at the very first start.

    Parameters
    ----------
    home : pathlib.Path
        The secret lies in ``home/site-secret``, mode 600.

    Raises
    ------
    SettingsError
        If the file can be read by others or does not hold 32 usable bytes; if the secret was destroyed, or is
        gone while the vault that it opens is there.
    """
    path = home / SECRET_NAME
    if (home / TOMBSTONE_NAME).exists():
        raise SettingsError(
            "the site secret was destroyed, so nothing can be taken in; `unisono vault create` makes a new "
            "one, under which every recording gets another code"
        )
    if not path.exists():
        _refuse_second(home)
        _create(path)
    secret = _read(path)
    derive_keys(secret)
    return secret


def create_secret(home: Path) -> str:
    """Make a new secret on purpose, after the old one was destroyed, and return its key id.

    Raises
    ------
    SettingsError
        If a secret or a vault is there.
    """
    if (home / SECRET_NAME).exists():
        raise SettingsError(f"home/{SECRET_NAME} is there; a second one would give every clip another code")
    if (home / VAULT_NAME).exists():
        raise SettingsError(
            f"home/{VAULT_NAME} needs the secret it was written with: restore home/{SECRET_NAME}"
        )
    note = home / TOMBSTONE_NAME
    if note.exists():
        note.replace(home / f"{TOMBSTONE_NAME}-{json.loads(note.read_text(encoding='utf-8'))['key_id']}")
    _create(home / SECRET_NAME)
    return derive_keys(_read(home / SECRET_NAME)).key_id


def destroy_secret(home: Path, key_id: str, *, at: str, by: str, left: str = "") -> None:
    """Overwrite and remove the secret and the vault, and leave a note that says so.

    The note comes first: a run that is killed half-way leaves a home that refuses ingest, not one that makes
    a new secret in silence. Running it again finishes the work.

    Parameters
    ----------
    home : pathlib.Path
    key_id : str
        Of the secret that is there, as `Keys.key_id`.
    at, by : str
        When, and who did it.
    left : str, optional
        What lies on unencrypted.
    """
    note = {"at": at, "by": by, "key_id": key_id} | ({"left_in_clear": left} if left else {})
    draft = home / f"{TOMBSTONE_NAME}.tmp"
    draft.write_text(json.dumps(note, sort_keys=True) + "\n", encoding="utf-8")
    draft.replace(home / TOMBSTONE_NAME)
    for name in (SECRET_NAME, VAULT_NAME, f"{VAULT_NAME}-wal", f"{VAULT_NAME}-shm"):
        shred(home / name)


def _refuse_second(home: Path) -> None:
    if (home / VAULT_NAME).exists():
        raise SettingsError(
            f"home/{SECRET_NAME} is gone and home/{VAULT_NAME} is there: restore the secret from its backup"
        )


def _read(path: Path) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError as error:
        raise SettingsError(f"home/{SECRET_NAME} cannot be read ({type(error).__name__})") from None
    with os.fdopen(handle, "rb") as file:
        if os.name == "posix" and stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
            raise SettingsError(f"home/{SECRET_NAME} can be read by others; run: chmod 600 on it")
        return file.read(SECRET_BYTES + 1)


def _create(path: Path) -> None:
    # Written aside and linked into place: a start that is killed leaves no short secret, and of two starts
    # at once the first wins.
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_secret(draft)
        os.link(draft, path)
    except FileExistsError:
        return
    except OSError as error:
        raise SettingsError(f"home/{SECRET_NAME} cannot be written: {error.strerror}") from None
    finally:
        draft.unlink(missing_ok=True)


def _write_secret(path: Path) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, secrets.token_bytes(SECRET_BYTES))
        os.fsync(handle)
    finally:
        os.close(handle)


def shred(path: Path) -> None:
    """Overwrite a file, if it is there, and delete it."""
    if not path.exists():
        return
    with path.open("r+b", buffering=0) as file:
        left = path.stat().st_size
        while left > 0:
            left -= file.write(secrets.token_bytes(min(left, 1 << 20)))
        os.fsync(file.fileno())
    path.unlink()


def _mac(key: bytes, text: str) -> str:
    # A file's name may hold bytes that are no UTF-8; Python keeps them as lone surrogates.
    return hmac.digest(key, text.encode(errors="surrogateescape"), "sha256").hex()
