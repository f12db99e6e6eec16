"""The file under the vault: private, safe with several processes, tables that hold sealed bytes alone.

Source: SQLite documentation, "Write-Ahead Logging" and "How To Corrupt" section 2.2 (POSIX locks).
"""

import os
import sqlite3
import stat
import time
from contextlib import suppress
from pathlib import Path

from unisono.base.errors import SettingsError
from unisono.ingest.identity.keys import VAULT_NAME

BUSY_S = 60.0
WAL_TRIES, WAL_PAUSE_S = 200, 0.05
_SCHEMA = """
CREATE TABLE IF NOT EXISTS said (what TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sealed (
  kind TEXT NOT NULL, name BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY (kind, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS audit (number INTEGER PRIMARY KEY, entry BLOB NOT NULL, chained BLOB NOT NULL);
CREATE TRIGGER IF NOT EXISTS audit_is_not_changed BEFORE UPDATE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER IF NOT EXISTS audit_is_not_cut BEFORE DELETE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
"""


def connected(path: Path) -> sqlite3.Connection:
    """Return a connection without transactions of its own, over a file that its owner alone reads.

    Parameters
    ----------
    path : pathlib.Path
        Made at the first use, mode 600.

    Raises
    ------
    SettingsError
        If the file can be read by others, cannot be opened, or is no vault.
    """
    _make_private(path)
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=BUSY_S)
    try:
        db.execute("PRAGMA secure_delete = ON")
        _use_wal(db)
        db.execute("PRAGMA synchronous = FULL")
        db.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
    except sqlite3.DatabaseError as error:
        db.close()
        if isinstance(error, sqlite3.OperationalError):
            raise SettingsError(
                f"home/{VAULT_NAME} cannot be opened now; is its disk full or busy?"
            ) from None
        raise SettingsError(f"home/{VAULT_NAME} is damaged or no vault; restore it from its backup") from None
    return db


def _make_private(path: Path) -> None:
    # An existing file is not opened here: closing it would drop the locks of SQLite in this process.
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):  # SQLite gives its -wal and -shm files the mode of the file itself
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SettingsError(f"home/{VAULT_NAME} can be read by others; run: chmod 600 on it")


def _use_wal(db: sqlite3.Connection) -> None:
    # Of two processes at a new file one is told "locked" at once, without waiting.
    for _ in range(WAL_TRIES - 1):
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            time.sleep(WAL_PAUSE_S)
        else:
            return
    db.execute("PRAGMA journal_mode = WAL")
