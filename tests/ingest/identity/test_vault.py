"""The vault: unreadable without its key, bound row by row, safe with two processes; its audit log holds."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.ingest.known_secret import KEYS, SECRET
from unisono.base.errors import ConflictError, NotFoundError, SettingsError
from unisono.ingest.identity.keys import VAULT_NAME, derive_keys
from unisono.ingest.identity.vault import Vault

CANARY = "CANARY77"


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with Vault(tmp_path, KEYS) as opened:
        yield opened


def altered(home: Path, *statements: str) -> None:
    """Change the file as somebody without the key would."""
    with closing(sqlite3.connect(home / VAULT_NAME)) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()


def test_records_and_bytes_go_round(vault: Vault) -> None:
    vault.put("clip", "01-ab", {"sop_uid": "1.2.3", "n": 1})
    vault.put("evidence", "01-ab", b"\x00\xff")
    vault.put("clip", "01-aa", {})
    assert vault.get("clip", "01-ab") == {"sop_uid": "1.2.3", "n": 1}
    assert vault.get("evidence", "01-ab") == b"\x00\xff"
    assert vault.names("clip") == ["01-aa", "01-ab"]
    assert vault.names("inbox") == []
    vault.put("clip", "01-ab", {"n": 2})
    assert vault.get_dict("clip", "01-ab") == {"n": 2}
    vault.drop("clip", "01-ab")
    vault.drop("clip", "01-ab")
    assert not vault.has("clip", "01-ab")
    with pytest.raises(NotFoundError) as caught:
        vault.get("clip", "01-ab")
    assert "ab" not in str(caught.value)
    with pytest.raises(ConflictError):
        vault.get_dict("evidence", "01-ab")
    with pytest.raises(ConflictError):
        vault.put("anything", "x", {})


def test_the_file_shows_neither_names_nor_values(tmp_path: Path) -> None:
    with Vault(tmp_path, KEYS) as vault:
        vault.put("clip", CANARY, {"patient": CANARY})
        vault.put("evidence", "x", CANARY.encode())
        vault.append_audit({"by": CANARY, "reason": CANARY})
        for path in tmp_path.iterdir():
            assert CANARY.encode() not in path.read_bytes(), path.name
            assert path.stat().st_mode & 0o077 == 0, path.name
        assert repr(vault) == "Vault()"
    assert CANARY.encode() not in (tmp_path / VAULT_NAME).read_bytes()


def test_equal_values_do_not_look_equal(tmp_path: Path, vault: Vault) -> None:
    for name in ("a", "b"):
        vault.put("clip", name, {"patient": "1"})
    db = sqlite3.connect(tmp_path / VAULT_NAME)
    rows = db.execute("SELECT name, value FROM sealed").fetchall()
    db.close()
    assert rows[0][1][12:] != rows[1][1][12:]
    assert all(len(name) == 32 for name, _ in rows)


def test_several_values_are_kept_together_or_not_at_all(vault: Vault) -> None:
    vault.put_all([("clip", "a", {"n": 1}), ("evidence", "before|a", b"picture")])
    assert (vault.get("clip", "a"), vault.get_bytes("evidence", "before|a")) == ({"n": 1}, b"picture")
    with pytest.raises(ConflictError):
        vault.put_all([("clip", "b", {"n": 2}), ("anything", "b", b"")])
    assert not vault.has("clip", "b")
    with pytest.raises(ConflictError):
        vault.get_bytes("clip", "a")


def test_the_first_to_settle_wins(vault: Vault) -> None:
    assert vault.settle("subject", "ward|1", {"class": "01"}) == {"class": "01"}
    assert vault.settle("subject", "ward|1", {"class": "02"}) == {"class": "01"}


def test_another_secret_is_refused_and_named_by_its_id(tmp_path: Path) -> None:
    Vault(tmp_path, KEYS).close()
    other = derive_keys(SECRET[::-1])
    with pytest.raises(SettingsError) as caught:
        Vault(tmp_path, other)
    assert KEYS.key_id in str(caught.value)
    assert other.key_id in str(caught.value)
    Vault(tmp_path, KEYS).close()
    with pytest.raises(SettingsError, match="worker"):
        Vault(tmp_path, KEYS.for_workers())


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sealed SET value = zeroblob(60)",
        "UPDATE sealed SET value = (SELECT value FROM sealed WHERE kind = 'subject')",
        "UPDATE sealed SET kind = 'evidence' WHERE kind = 'clip'",
    ],
)
def test_a_row_that_was_changed_or_moved_does_not_open(tmp_path: Path, change: str) -> None:
    with Vault(tmp_path, KEYS) as vault:
        vault.put("clip", "a", {"n": 1})
        vault.put("subject", "b", {"n": 2})
    altered(tmp_path, change)
    with Vault(tmp_path, KEYS) as vault, pytest.raises((ConflictError, NotFoundError)):
        vault.get("clip", "a")
    if "evidence" in change:
        with Vault(tmp_path, KEYS) as vault, pytest.raises(ConflictError, match="outside"):
            vault.names("evidence")


def test_the_audit_log_is_only_added_to(tmp_path: Path, vault: Vault) -> None:
    assert vault.audit() == []
    assert [vault.append_audit({"n": i}) for i in range(3)] == [1, 2, 3]
    assert vault.audit() == [{"n": 0}, {"n": 1}, {"n": 2}]
    with pytest.raises(sqlite3.IntegrityError, match="only added"):
        altered(tmp_path, "DELETE FROM audit WHERE number = 3")
    with pytest.raises(sqlite3.IntegrityError, match="only added"):
        altered(tmp_path, "UPDATE audit SET entry = zeroblob(9)")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("DELETE FROM audit WHERE number = 3", "cut off after entry 2"),
        ("DELETE FROM audit", "cut off after entry 0"),
        ("DELETE FROM audit WHERE number = 2", "changed at entry 2"),
        ("UPDATE audit SET entry = zeroblob(60) WHERE number = 1", "changed at entry 1"),
        ("UPDATE audit SET entry = (SELECT entry FROM audit WHERE number = 3) WHERE number = 2", "entry 2"),
    ],
)
def test_a_log_that_was_tampered_with_says_where(tmp_path: Path, change: str, said: str) -> None:
    with Vault(tmp_path, KEYS) as vault:
        for i in range(3):
            vault.append_audit({"n": i})
    altered(tmp_path, "DROP TRIGGER audit_is_not_changed", "DROP TRIGGER audit_is_not_cut", change)
    with Vault(tmp_path, KEYS) as vault, pytest.raises(ConflictError, match=said):
        vault.audit()


def test_two_vaults_of_one_process_do_not_lock_each_other_out(tmp_path: Path, vault: Vault) -> None:
    with Vault(tmp_path, KEYS) as second:
        second.put("clip", "a", {"n": 1})
        assert vault.get("clip", "a") == {"n": 1}
        vault.append_audit({"n": 0})
        assert second.append_audit({"n": 1}) == 2


def test_several_processes_start_at_once_and_lose_nothing(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom pathlib import Path\nfrom unisono.ingest.identity.keys import derive_keys\n"
        "from unisono.ingest.identity.vault import Vault\n"
        f"with Vault(Path(sys.argv[1]), derive_keys({SECRET!r})) as vault:\n"
        "    for i in range(20):\n"
        "        vault.put('clip', f'{sys.argv[2]}-{i}', {'n': i})\n"
        "        vault.append_audit({'by': sys.argv[2]})\n"
        "        vault.settle('subject', 'one', {'by': sys.argv[2]})\n"
    )
    env = {k: v for k, v in os.environ.items() if not k.startswith("UNISONO_")}
    children = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path), name], env=env) for name in "abc"
    ]
    assert [child.wait(timeout=120) for child in children] == [0, 0, 0]
    with Vault(tmp_path, KEYS) as vault:
        assert len(vault.names("clip")) == 60
        assert len(vault.audit()) == 60
        assert vault.get_dict("subject", "one")["by"] in "abc"
