import json
import stat
from pathlib import Path

import pytest

from unisono.base.errors import ConflictError, NotFoundError, SettingsError
from unisono.ingest.doors.tokens import device_of, devices, issue, revoke


def test_a_token_lets_its_device_in_until_it_is_dropped(tmp_path: Path) -> None:
    tokens = {name: issue(tmp_path, name, kind) for name, kind in (("pacs", "01"), ("echo lab", "02"))}
    found = device_of(tmp_path, tokens["echo lab"])
    assert found is not None
    assert (found.name, found.dataset_class) == ("echo lab", "02")
    assert device_of(tmp_path, tokens["pacs"] + "x") is None
    revoke(tmp_path, "pacs")
    assert device_of(tmp_path, tokens["pacs"]) is None
    assert [d.name for d in devices(tmp_path)] == ["echo lab"]


def test_the_file_holds_no_token_and_is_closed(tmp_path: Path) -> None:
    token = issue(tmp_path, "pacs", "01")
    path = tmp_path / "stow-tokens.json"
    assert token not in path.read_text()
    assert json.loads(path.read_text())[0]["name"] == "pacs"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_is_not_legal_is_said(tmp_path: Path) -> None:
    issue(tmp_path, "pacs", "01")
    with pytest.raises(ConflictError, match="already"):
        issue(tmp_path, "pacs", "01")
    with pytest.raises(SettingsError, match="two digits"):
        issue(tmp_path, "x", "1")
    with pytest.raises(SettingsError, match="name"):
        issue(tmp_path, "a/b", "01")
    with pytest.raises(NotFoundError, match="no token"):
        revoke(tmp_path, "nobody")
    assert device_of(tmp_path / "nowhere", "x") is None
