"""Names that lead nowhere without the secret, and a secret that is kept as one."""

import errno
import hashlib
import hmac
import json
import os
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ingest.known_secret import SECRET
from unisono.base.errors import SettingsError
from unisono.ingest.identity.keys import (
    TOMBSTONE_NAME,
    VAULT_NAME,
    create_secret,
    derive_keys,
    destroy_secret,
    site_secret,
)


def expanded(use: str) -> bytes:
    """Return one key by the two steps of RFC 5869, without the library that the code uses."""
    drawn = hmac.new(b"\0" * 32, SECRET, hashlib.sha256).digest()
    return hmac.new(drawn, f"unisono|{use}|v1".encode() + b"\1", hashlib.sha256).digest()


def test_the_secret_is_made_once_and_only_the_owner_reads_it(tmp_path: Path) -> None:
    first = site_secret(tmp_path / "home")
    path = tmp_path / "home" / "site-secret"
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(first) == 32
    assert site_secret(tmp_path / "home") == first
    assert [p.name for p in path.parent.iterdir()] == ["site-secret"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"short",
        SECRET[:31],
        b"\0" * 32,
        b"\7" * 32,
        b"ab" * 16,
        bytes(range(200, 208)) * 4,
        b"x" * 33,
        SECRET + b"\n",
    ],
)
def test_an_unusable_secret_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "site-secret"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(SettingsError):
        site_secret(tmp_path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o610])
def test_a_secret_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "site-secret"
    path.write_bytes(SECRET)
    path.chmod(mode)
    with pytest.raises(SettingsError, match="chmod 600"):
        site_secret(tmp_path)


def test_a_code_is_the_keyed_hash_of_the_uid_under_a_key_of_rfc_5869() -> None:
    keys = derive_keys(SECRET)
    mac = hmac.new(expanded("code"), b"echo-code|v1|1.2.3", hashlib.sha256).hexdigest()
    assert keys.clip_code("02", "1.2.3") == f"02-{mac}"
    mac = hmac.new(expanded("subject"), b"ward|77", hashlib.sha256).hexdigest()
    assert keys.subject_name("ward|77") == mac[:16]
    assert keys.key_id == expanded("key-id").hex()[:8]


def test_purposes_and_sites_do_not_mix() -> None:
    keys, other = derive_keys(SECRET), derive_keys(SECRET[::-1])
    names = [
        name
        for one in (keys, other)
        for name in (
            one.clip_code("01", "1")[3:], one.source_key("1"), one.path_key("1"), one.subject_name("1"),
            one.original_name("1"), one.key_id,
        )
    ]  # fmt: skip
    assert len(set(names)) == len(names)
    assert keys.subject_name("A|1") != keys.subject_name("B|1")
    assert len({keys.code, keys.subject, keys.source, keys.path, keys.original, keys.vault}) == 6


def test_no_key_is_printed_and_workers_get_none_of_the_vault() -> None:
    keys = derive_keys(SECRET)
    assert repr(keys) == f"Keys(key_id={keys.key_id!r})"
    assert keys.for_workers().vault == b""
    assert keys.for_workers().clip_code("01", "1") == keys.clip_code("01", "1")


def test_a_path_that_is_no_utf8_has_a_key_and_a_name_of_its_own() -> None:
    keys = derive_keys(SECRET)
    names = ["inv\udcff\udcfe.dcm", "inv\udcff.dcm", "inv.dcm", "a\nb\u202e.dcm"]
    assert len({keys.path_key(name) for name in names}) == len(names)
    assert keys.file_name(names[0]) == f"file-{keys.path_key(names[0])[:12]}"


def test_a_secret_that_is_lost_beside_its_vault_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / VAULT_NAME).write_bytes(b"rows")
    with pytest.raises(SettingsError, match="backup"):
        site_secret(tmp_path)
    with pytest.raises(SettingsError, match="restore"):
        create_secret(tmp_path)


def test_after_destruction_nothing_is_left_and_only_a_purpose_makes_a_new_one(tmp_path: Path) -> None:
    old = site_secret(tmp_path)
    (tmp_path / VAULT_NAME).write_bytes(b"rows")
    (tmp_path / f"{VAULT_NAME}-wal").write_bytes(b"more")
    key_id = derive_keys(old).key_id
    destroy_secret(tmp_path, key_id, at="2026-01-01T00:00:00Z", by="lead")
    assert [p.name for p in tmp_path.iterdir()] == [TOMBSTONE_NAME]
    assert json.loads((tmp_path / TOMBSTONE_NAME).read_text())["key_id"] == key_id
    with pytest.raises(SettingsError, match="unisono vault create"):
        site_secret(tmp_path)
    fresh = create_secret(tmp_path)
    assert fresh != key_id
    assert site_secret(tmp_path) != old
    assert {p.name for p in tmp_path.iterdir()} == {f"{TOMBSTONE_NAME}-{key_id}", "site-secret"}
    with pytest.raises(SettingsError, match="another code"):
        create_secret(tmp_path)


def test_a_destruction_that_was_cut_off_takes_nothing_in_and_can_be_finished(tmp_path: Path) -> None:
    key_id = derive_keys(site_secret(tmp_path)).key_id
    (tmp_path / TOMBSTONE_NAME).write_text(json.dumps({"key_id": key_id}))
    with pytest.raises(SettingsError, match="destroyed"):
        site_secret(tmp_path)
    destroy_secret(tmp_path, key_id, at="", by="")
    assert not (tmp_path / "site-secret").exists()


def test_what_is_shredded_was_overwritten_first(tmp_path: Path) -> None:
    secret = site_secret(tmp_path)
    (tmp_path / "second-name").hardlink_to(tmp_path / "site-secret")
    destroy_secret(tmp_path, "0", at="", by="")
    left = (tmp_path / "second-name").read_bytes()
    assert len(left) == 32
    assert left != secret


@pytest.mark.parametrize(
    "typed",
    [
        b"correct horse battery staple xyz",
        b"0123456789abcdef0123456789abcde\n",
        "Geheim-Schlüssel-des-Spitals-01!".encode()[:32],
    ],
)
def test_a_secret_that_somebody_typed_is_refused(typed: bytes) -> None:
    with pytest.raises(SettingsError, match="text that somebody typed"):
        derive_keys(typed)


def counted(start: int, step: int) -> bytes:
    return bytes((start + step * i) % 256 for i in range(32))


@pytest.mark.parametrize(
    "regular",
    [
        counted(0, 1),
        counted(255, -1),
        counted(200, 7),
        counted(0, 1)[:16] * 2,
        SECRET[:16] * 2,
        counted(3, 1)[:16] + counted(3, 1)[:16][::-1],
        bytes(b for pair in zip(counted(0, 1)[:16], counted(255, -1)[:16], strict=True) for b in pair),
        b"".join(i.to_bytes(2, "big") for i in range(1000, 1016)),
    ],
)
def test_a_sequence_or_a_repetition_is_refused(regular: bytes) -> None:
    with pytest.raises(SettingsError):
        derive_keys(regular)


@given(st.integers(0, 2**64))
def test_drawn_bytes_are_taken(seed: int) -> None:
    assert derive_keys(random.Random(seed).randbytes(32)).key_id  # noqa: S311  # reproducible


@pytest.mark.parametrize("call", ["open", "write", "link"])
def test_a_secret_that_cannot_be_written_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(f"unisono.ingest.identity.keys.os.{call}", full)
        with pytest.raises(SettingsError, match="cannot be written: No space left"):
            site_secret(tmp_path)
    assert list(tmp_path.iterdir()) == []
