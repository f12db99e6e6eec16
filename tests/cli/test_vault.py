"""``unisono vault`` as a user types it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from unisono.base.errors import NotFoundError, SettingsError
from unisono.cli.main import app
from unisono.ingest.identity.keys import derive_keys, site_secret
from unisono.ingest.identity.vault import Vault

CODE = "01-" + "ab" * 32


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with Vault(tmp_path, derive_keys(site_secret(tmp_path))) as vault:
        vault.put("clip", CODE, {"sop_uid": "1.2.3"})
    return tmp_path


def run(home: Path, *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, ["vault", *words, "--home", str(home)], input=typed)


def test_identify_then_audit(home: Path) -> None:
    asked = ("identify", CODE, "--reason", "incidental finding", "--by", "lead")
    assert run(home, *asked).stdout == "sop_uid: 1.2.3\n"
    assert json.loads(run(home, *asked, "--json").stdout) == {"sop_uid": "1.2.3"}
    entries = json.loads(run(home, "audit", "--json").stdout)
    assert [(e["action"], e["by"], e["code"]) for e in entries] == [("identify", "lead", CODE)] * 2
    said = run(home, "audit").stdout
    assert "incidental finding" in said
    assert said.endswith("2 entries, the chain is whole\n")


@pytest.mark.parametrize("missing", ["--reason", "--by"])
def test_identify_without_who_or_why_is_refused(home: Path, missing: str) -> None:
    words = {"--reason": "why", "--by": "lead"}
    del words[missing]
    done = run(home, "identify", CODE, *(w for pair in words.items() for w in pair))
    assert done.exit_code == 2
    assert "1.2.3" not in done.output


def test_destroy_names_what_lies_in_clear_and_deletes_it_unless_told(home: Path) -> None:
    original = home / "quarantine" / "originals" / "x" / "0"
    original.parent.mkdir(parents=True)
    original.write_bytes(b"clear")
    known = run(home, "key").stdout.strip()
    wrong = run(home, "destroy", "--by", "lead", typed="no\n")
    assert "1 delivered originals in home/quarantine/originals" in wrong.stderr
    assert "the secret and these files" in wrong.stderr
    assert original.exists()
    done = run(home, "destroy", "--by", "lead", "--json", typed=known + "\n")
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "destroyed": known,
        "deleted": {"originals": 1, "sheets": 0, "set_aside": 0},
    }
    assert not (home / "quarantine").exists()


def test_destroy_leaves_files_when_told_and_says_so(home: Path) -> None:
    sheet = home / "quarantine" / "sheet.html"
    sheet.parent.mkdir()
    sheet.write_text("clear")
    known = run(home, "key").stdout.strip()
    done = run(home, "destroy", "--by", "lead", "--keep-files", typed=known + "\n")
    assert "Left in clear" in done.stderr
    assert "left: 0 delivered originals" in done.stdout
    assert sheet.exists()


def test_destroy_asks_for_the_key_id(home: Path) -> None:
    known = run(home, "key").stdout.strip()
    assert json.loads(run(home, "key", "--json").stdout) == {"key_id": known}
    wrong = run(home, "destroy", "--by", "lead", typed="yes\n")
    assert isinstance(wrong.exception, SettingsError)
    assert run(home, "key").stdout.strip() == known
    done = run(home, "destroy", "--by", "lead", typed=known + "\n")
    assert done.exit_code == 0
    assert known in done.stdout
    assert isinstance(run(home, "identify", CODE, "--reason", "x", "--by", "y").exception, NotFoundError)
    refused = CliRunner().invoke(app, ["ingest", str(home), "--home", str(home)])
    assert "unisono vault create" in str(refused.exception)
    assert CliRunner().invoke(app, ["clips", "--home", str(home)]).exit_code == 0  # reading needs no secret
    made = json.loads(run(home, "create", "--json").stdout)["key_id"]
    assert made != known
    assert run(home, "key").stdout.strip() == made
    assert isinstance(run(home, "create").exception, SettingsError)
