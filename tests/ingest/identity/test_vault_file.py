"""The vault's file: private from its first byte, refused when others can read it, damaged or taken."""

from contextlib import closing
from pathlib import Path

import pytest

from unisono.base.errors import SettingsError
from unisono.ingest.identity import vault_file
from unisono.ingest.identity.vault_file import connected


def test_the_file_is_private_and_flushes_what_it_commits(tmp_path: Path) -> None:
    path = tmp_path / "home" / "vault.sqlite"
    with closing(connected(path)) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("PRAGMA synchronous").fetchone() == (2,)
        assert db.execute("PRAGMA secure_delete").fetchone() == (1,)
        db.execute("INSERT INTO sealed VALUES ('clip', x'00', x'00')")
        assert {p.stat().st_mode & 0o777 for p in path.parent.iterdir()} == {0o600}


def test_a_second_connection_of_this_process_keeps_the_locks_of_the_first(tmp_path: Path) -> None:
    path = tmp_path / "vault.sqlite"
    with closing(connected(path)) as first:
        first.execute("BEGIN IMMEDIATE")
        vault_file._make_private(path)
        other = vault_file.sqlite3.connect(path, timeout=0.0)
        with closing(other), pytest.raises(vault_file.sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        first.execute("COMMIT")


@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "vault.sqlite"
    connected(path).close()
    path.chmod(mode)
    with pytest.raises(SettingsError, match="chmod 600"):
        connected(path)


def test_a_file_that_is_no_vault_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vault.sqlite"
    path.write_bytes(b"not a database, but long enough to be one" * 40)
    path.chmod(0o600)
    with pytest.raises(SettingsError, match="no vault"):
        connected(path)


def test_a_busy_file_is_not_called_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "vault.sqlite"
    monkeypatch.setattr(vault_file, "BUSY_S", 0.0)
    with closing(connected(path)) as first:
        first.execute("BEGIN IMMEDIATE")
        with pytest.raises(SettingsError, match="busy"):
            connected(path)
        first.execute("COMMIT")
