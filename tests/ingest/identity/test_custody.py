"""The way back is on record before it is walked, and its end is one."""

import json
from pathlib import Path

import pytest

from tests.ingest.known_secret import SECRET
from unisono.base.errors import NotFoundError, SettingsError
from unisono.ingest.identity import custody
from unisono.ingest.identity.keys import SECRET_NAME, TOMBSTONE_NAME, VAULT_NAME, derive_keys, site_secret
from unisono.ingest.identity.vault import Vault

CODE, SUBJECT = "01-" + "ab" * 32, "0123456789abcdef"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with Vault(tmp_path, derive_keys(site_secret(tmp_path))) as vault:
        vault.put("clip", CODE, {"sop_uid": "1.2.3"})
        vault.put("subject", SUBJECT, {"patient": "ward|77", "class": "01"})
    return tmp_path


def test_a_clip_and_a_subject_are_found_and_both_requests_are_on_record(home: Path) -> None:
    assert custody.identify(home, CODE, by=" Lead ", reason="incidental finding")["sop_uid"] == "1.2.3"
    assert custody.identify(home, SUBJECT, by="Lead", reason="withdrawal")["patient"] == "ward|77"
    first, second = custody.audit(home)
    assert (first["by"], first["code"], first["reason"]) == ("Lead", CODE, "incidental finding")
    assert second["code"] == SUBJECT
    assert first["at"] <= second["at"]


def test_the_record_is_written_before_the_answer(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(_vault: Vault, _kind: str, _name: str) -> dict[str, str]:
        raise KeyboardInterrupt

    monkeypatch.setattr(Vault, "get_dict", stumble)
    with pytest.raises(KeyboardInterrupt):
        custody.identify(home, CODE, by="Lead", reason="finding")
    assert len(custody.audit(home)) == 1


def test_an_answer_that_cannot_be_recorded_is_not_given(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_vault: Vault, _entry: dict[str, str]) -> int:
        raise OSError("disk full")

    def never(_vault: Vault, _kind: str, _name: str) -> dict[str, str]:
        pytest.fail("read before it was on record")

    monkeypatch.setattr(Vault, "append_audit", full)
    monkeypatch.setattr(Vault, "get_dict", never)
    with pytest.raises(OSError, match="disk full"):
        custody.identify(home, CODE, by="Lead", reason="finding")


def test_a_request_for_nothing_is_on_record_too(home: Path) -> None:
    with pytest.raises(NotFoundError):
        custody.identify(home, "02-" + "cd" * 32, by="Lead", reason="finding")
    assert len(custody.audit(home)) == 1


@pytest.mark.parametrize(
    ("code", "by", "reason"),
    [(CODE, "", "why"), (CODE, "Lead", " "), ("01-ab", "Lead", "why"), (CODE.upper(), "Lead", "why")],
)
def test_who_and_why_are_asked(home: Path, code: str, by: str, reason: str) -> None:
    with pytest.raises(SettingsError):
        custody.identify(home, code, by=by, reason=reason)
    assert custody.audit(home) == []


def test_looking_makes_neither_a_secret_nor_a_vault(tmp_path: Path) -> None:
    for look in (custody.key_id, custody.audit, custody.open_vault):
        with pytest.raises(NotFoundError):
            look(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_destruction_wants_the_key_id(home: Path) -> None:
    with pytest.raises(SettingsError, match="nothing was destroyed"):
        custody.destroy(home, "00000000", by="Lead")
    with pytest.raises(SettingsError, match="--by"):
        custody.destroy(home, custody.key_id(home), by="")
    assert custody.identify(home, CODE, by="Lead", reason="still there")
    known = custody.key_id(home)
    custody.destroy(home, known, by="Lead")
    assert not (home / SECRET_NAME).exists()
    assert not (home / VAULT_NAME).exists()
    with pytest.raises(NotFoundError):
        custody.identify(home, CODE, by="Lead", reason="too late")
    with pytest.raises(NotFoundError):
        custody.destroy(home, known, by="Lead")


def put_files(home: Path) -> None:
    for name in ("originals/x/0", "sheet.html", "refused.dcm"):
        path = home / "quarantine" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"clear")


def test_what_lies_in_clear_goes_with_the_secret(home: Path) -> None:
    put_files(home)
    found = custody.destroy(home, custody.key_id(home), by="Lead")
    assert (found.originals, found.sheets, found.set_aside) == (1, 1, 1)
    assert [p.name for p in home.iterdir()] == [TOMBSTONE_NAME]
    assert "left_in_clear" not in json.loads((home / TOMBSTONE_NAME).read_text())


def test_what_is_left_in_clear_is_in_the_note(home: Path) -> None:
    put_files(home)
    custody.destroy(home, custody.key_id(home), by="Lead", keep_files=True)
    assert (home / "quarantine" / "originals" / "x" / "0").exists()
    assert not (home / SECRET_NAME).exists()
    assert "1 delivered originals" in json.loads((home / TOMBSTONE_NAME).read_text())["left_in_clear"]


def test_a_key_id_that_is_wrong_deletes_nothing(home: Path) -> None:
    put_files(home)
    with pytest.raises(SettingsError):
        custody.destroy(home, "00000000", by="Lead")
    assert (home / "quarantine" / "sheet.html").exists()


def test_what_cannot_be_deleted_leaves_the_secret(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path) -> None:
        raise OSError(13, "Permission denied")

    put_files(home)
    monkeypatch.setattr("unisono.ingest.identity.in_clear.shutil.rmtree", refuse)
    with pytest.raises(SettingsError, match="Permission denied"):
        custody.destroy(home, custody.key_id(home), by="Lead")
    assert (home / SECRET_NAME).exists()


def test_a_destruction_that_was_cut_off_can_be_finished(home: Path) -> None:
    (home / TOMBSTONE_NAME).write_text('{"key_id": "12345678"}')
    (home / SECRET_NAME).write_bytes(SECRET)
    custody.destroy(home, "12345678", by="Lead")
    assert not (home / SECRET_NAME).exists()
