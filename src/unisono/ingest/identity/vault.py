"""What leads back to a patient: encrypted rows in a file of its own.

The catalog holds names that lead nowhere; this file holds what they stand for, readable only with the site's
secret. Each row is AES-256-GCM under the vault's key, bound to its kind and name; names are keyed hashes, so
that the file alone tells how many rows it has and nothing else. Every look by a person is written first, to a
chain of entries that can be added to and not changed.

Source: NIST SP 800-38D (GCM, 96-bit random nonces); RFC 5869 for the keys within the vault.
"""

import hmac
import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from unisono.base.errors import ConflictError, NotFoundError, SettingsError
from unisono.ingest.identity.keys import VAULT_NAME, Keys
from unisono.ingest.identity.vault_file import connected

NONCE_BYTES = 12
KINDS = ("clip", "subject", "evidence", "inbox", "path")
"""What clips, subjects, review pictures, delivered files and the paths of files left out stand for."""
_JSON, _BYTES = b"j", b"b"


class Vault:
    """The vault of one home. Several processes may have it open; every call is its own transaction.

    Parameters
    ----------
    home : pathlib.Path
        The rows lie in ``home/vault.sqlite``, mode 600, made at the first use.
    keys : Keys

    Raises
    ------
    SettingsError
        If the file can be read by others, or was written with another secret.
    """

    def __init__(self, home: Path, keys: Keys) -> None:
        if not keys.vault:
            raise SettingsError("these keys are a worker's, without the vault's key")
        self._cipher = AESGCM(_for_use(keys.vault, "rows"))
        self._naming, self._chaining = _for_use(keys.vault, "names"), _for_use(keys.vault, "audit")
        self._lock = threading.Lock()
        self._db = connected(home / VAULT_NAME)
        try:
            self._check_key(keys.key_id)
        except (SettingsError, sqlite3.Error):
            self._db.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return "Vault()"

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def put(self, kind: str, name: str, value: dict[str, Any] | bytes) -> None:
        """Keep a value under a name, in the place of an older one.

        Parameters
        ----------
        kind : str
            One of `KINDS`.
        name : str
        value : dict or bytes
            A dict of JSON values, or bytes such as a picture.
        """
        self.put_all([(kind, name, value)])

    def put_all(self, rows: Iterable[tuple[str, str, dict[str, Any] | bytes]]) -> None:
        """Keep several values, all or none, for the price of one flush to the disk.

        Parameters
        ----------
        rows : iterable of (kind, name, value)
            Each as `put` takes it.
        """
        sealed = [(kind, *self._sealed(kind, name, value)) for kind, name, value in rows]
        with self._writing() as db:
            db.executemany("INSERT OR REPLACE INTO sealed VALUES (?, ?, ?)", sealed)

    def settle(self, kind: str, name: str, value: dict[str, Any]) -> dict[str, Any]:
        """Keep a value unless the name has one, and return the one that stands.

        Of two processes at once the first wins, and both are told its value: so a subject's class is fixed.
        """
        where, sealed = self._sealed(kind, name, value)
        with self._writing() as db:
            db.execute("INSERT OR IGNORE INTO sealed VALUES (?, ?, ?)", (kind, where, sealed))
        return self.get_dict(kind, name)

    def get(self, kind: str, name: str) -> dict[str, Any] | bytes:
        """Return the value under a name.

        Raises
        ------
        NotFoundError
            If there is none; the message does not repeat the name.
        """
        where = self._hashed(kind, name)
        row = self._one("SELECT value FROM sealed WHERE kind = ? AND name = ?", (kind, where))
        if row is None:
            raise NotFoundError(f"the vault holds no such {kind}")
        return self._opened(kind, where, row[0])[1]

    def get_dict(self, kind: str, name: str) -> dict[str, Any]:
        """Return the value under a name that was put as a dict.

        Raises
        ------
        NotFoundError
            If there is none.
        ConflictError
            If bytes lie there.
        """
        value = self.get(kind, name)
        if isinstance(value, bytes):
            raise ConflictError(f"this {kind} of the vault holds bytes, not a record")
        return value

    def get_bytes(self, kind: str, name: str) -> bytes:
        """Return the value under a name that was put as bytes.

        Raises
        ------
        NotFoundError
            If there is none.
        ConflictError
            If a record lies there.
        """
        value = self.get(kind, name)
        if not isinstance(value, bytes):
            raise ConflictError(f"this {kind} of the vault holds a record, not bytes")
        return value

    def has(self, kind: str, name: str) -> bool:
        """Return whether a name has a value."""
        known = "SELECT 1 FROM sealed WHERE kind = ? AND name = ?"
        return self._one(known, (kind, self._hashed(kind, name))) is not None

    def drop(self, kind: str, name: str) -> None:
        """Forget a value; a name without one is fine. Freed pages are overwritten."""
        with self._writing() as db:
            db.execute("DELETE FROM sealed WHERE kind = ? AND name = ?", (kind, self._hashed(kind, name)))

    def names(self, kind: str) -> list[str]:
        """Return all names of a kind, sorted."""
        with self._lock:
            rows = self._db.execute("SELECT name, value FROM sealed WHERE kind = ?", (kind,)).fetchall()
        return sorted(self._opened(kind, where, value)[0] for where, value in rows)

    def append_audit(self, entry: dict[str, Any]) -> int:
        """Write one entry to the audit log, durably, and return its number from 1."""
        text = json.dumps(entry, sort_keys=True).encode()
        with self._writing() as db:
            last = db.execute("SELECT number, chained FROM audit ORDER BY number DESC LIMIT 1").fetchone()
            number, before = (last[0] + 1, last[1]) if last else (1, b"")
            sealed = self._encrypted(text, b"audit|%d" % number)
            chained = self._chain(number, before, sealed)
            db.execute("INSERT INTO audit VALUES (?, ?, ?)", (number, sealed, chained))
            db.execute("INSERT OR REPLACE INTO said VALUES ('audit end', ?)", (chained,))
        return int(number)

    def audit(self) -> list[dict[str, Any]]:
        """Return the audit log, oldest first.

        Raises
        ------
        ConflictError
            If an entry was changed, taken out or cut off.
        """
        with self._lock:
            self._db.execute("BEGIN")
            rows = self._db.execute("SELECT number, entry, chained FROM audit ORDER BY number").fetchall()
            end = self._db.execute("SELECT value FROM said WHERE what = 'audit end'").fetchone()
            self._db.execute("COMMIT")
        entries, before = [], b""
        for place, (number, sealed, chained) in enumerate(rows, start=1):
            if number != place or not hmac.compare_digest(chained, self._chain(number, before, sealed)):
                raise ConflictError(f"the audit log was changed at entry {place}")
            entries.append(json.loads(self._decrypted(sealed, b"audit|%d" % number)))
            before = chained
        if before != (end[0] if end else b""):
            raise ConflictError(f"the audit log was cut off after entry {len(rows)}")
        return entries

    def _check_key(self, key_id: str) -> None:
        with self._writing() as db:
            known = db.execute("SELECT value FROM said WHERE what = 'key'").fetchone()
            if known is None:
                mark = self._encrypted(b"", b"key") + key_id.encode()
                db.execute("INSERT INTO said VALUES ('key', ?)", (mark,))
                return
        shown = known[0][-len(key_id) :].decode(errors="replace")
        try:
            self._decrypted(known[0][: -len(key_id)], b"key")
        except InvalidTag:
            raise SettingsError(
                f"home/{VAULT_NAME} was written with the site secret {shown}; this home has {key_id}: "
                "restore the secret that belongs to it"
            ) from None

    def _hashed(self, kind: str, name: str) -> bytes:
        return hmac.digest(self._naming, f"{kind}|{name}".encode(), "sha256")

    def _sealed(self, kind: str, name: str, value: dict[str, Any] | bytes) -> tuple[bytes, bytes]:
        if kind not in KINDS:
            raise ConflictError(f"the vault holds {', '.join(KINDS)}; got another kind")
        where, called = self._hashed(kind, name), name.encode()
        body = _BYTES + value if isinstance(value, bytes) else _JSON + json.dumps(value).encode()
        plain = len(called).to_bytes(4, "big") + called + body
        return where, self._encrypted(plain, kind.encode() + b"|" + where)

    def _opened(self, kind: str, where: bytes, sealed: bytes) -> tuple[str, dict[str, Any] | bytes]:
        try:
            plain = self._decrypted(sealed, kind.encode() + b"|" + where)
        except InvalidTag:
            raise ConflictError(f"a {kind} of the vault was changed outside of unisono") from None
        start = 4 + int.from_bytes(plain[:4], "big")
        name, form, body = plain[4:start].decode(), plain[start : start + 1], plain[start + 1 :]
        return name, (body if form == _BYTES else json.loads(body))

    def _encrypted(self, plain: bytes, bound_to: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, bound_to)

    def _decrypted(self, sealed: bytes, bound_to: bytes) -> bytes:
        return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)

    def _chain(self, number: int, before: bytes, sealed: bytes) -> bytes:
        return hmac.digest(self._chaining, b"%d|" % number + before + sealed, "sha256")

    def _one(self, query: str, values: tuple[object, ...]) -> tuple[Any, ...] | None:
        with self._lock:
            row: tuple[Any, ...] | None = self._db.execute(query, values).fetchone()
        return row

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")  # waits for another process; a later upgrade would fail
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")


def _for_use(key: bytes, use: str) -> bytes:
    return hmac.digest(key, f"unisono|vault|{use}|v1".encode() + b"\1", "sha256")
