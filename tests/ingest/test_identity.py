"""Names that lead nowhere without the secret, and a secret that is kept as one."""

import hashlib
import hmac
from pathlib import Path

import pytest

from unisono.base.errors import SettingsError
from unisono.ingest.identity import derive_keys, sha256_of_parts, site_secret

SECRET = bytes(range(32))


def test_the_secret_is_made_once_and_only_the_owner_reads_it(tmp_path: Path) -> None:
    first = site_secret(tmp_path / "home")
    path = tmp_path / "home" / "site-secret"
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(first) == 32
    assert site_secret(tmp_path / "home") == first
    assert [p.name for p in path.parent.iterdir()] == ["site-secret"]


@pytest.mark.parametrize("content", [b"", b"short", b"\0" * 32, b"\7" * 32, b"x" * 33])
def test_an_unusable_secret_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "site-secret"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(SettingsError):
        site_secret(tmp_path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_secret_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "site-secret"
    path.write_bytes(SECRET)
    path.chmod(mode)
    with pytest.raises(SettingsError, match="chmod 600"):
        site_secret(tmp_path)


def test_a_code_is_the_keyed_hash_of_the_uid() -> None:
    keys = derive_keys(SECRET)
    key = hmac.new(SECRET, b"unisono|code|v1", hashlib.sha256).digest()
    expected = hmac.new(key, b"clip|v1|1.2.3", hashlib.sha256).hexdigest()
    assert keys.clip_code("02", "1.2.3") == f"02-{expected}"


def test_purposes_and_sites_do_not_mix() -> None:
    keys, other = derive_keys(SECRET), derive_keys(SECRET[::-1])
    names = [
        keys.clip_code("01", "1")[3:],
        keys.source_key("1"),
        other.clip_code("01", "1")[3:],
        other.source_key("1"),
    ]
    assert len(set(names)) == 4
    assert len(keys.subject_name("|1")) == 16
    assert keys.subject_name("A|1") != keys.subject_name("B|1")


def test_one_file_keeps_its_digest_and_order_counts() -> None:
    assert sha256_of_parts(["ab"]) == "ab"
    assert sha256_of_parts(["ab", "cd"]) != sha256_of_parts(["cd", "ab"])
