"""``unisono release``, ``verify`` and ``import`` on the command line."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.make import Site
from unisono.agree.run import agree
from unisono.base.errors import SettingsError
from unisono.cli.main import app


def run(*words: str | Path, code: int = 0) -> Result:
    result = CliRunner().invoke(app, [str(w) for w in words])
    assert result.exit_code == code, result.output
    return result


@pytest.fixture
def home(site: Site) -> Path:
    client = site.client("Ada One")
    site.finish(client, site.item(client))
    agree(site.catalog, "lv")
    return site.home


def test_write_verify_and_read_back(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = run("release", "lv", "--version", "1.0.0", "--out", out, "--home", home).output
    assert "4 frames, 1 items, 4 answers, 1 experts" in words
    assert "verified" in run("verify", out).output
    said = json.loads(run("verify", out, "--home", home, "--json").output)
    assert (said["ok"], said["problems"]) == (True, [])
    assert said["manifest_sha256"] in words
    assert "verified" in run("verify", out, "--sha256", said["manifest_sha256"]).output
    other = CliRunner().invoke(app, ["verify", str(out), "--sha256", "0" * 64])
    assert other.exit_code == 1
    assert "manifest" in other.output
    words = run("import", "unity", out, "--project", "back", "--home", tmp_path / "new").output
    assert "back: 1 clips (0 known), 1 items, 4 answers of 1 experts" in words


def test_json_says_what_was_left_out(home: Path, tmp_path: Path) -> None:
    given = ("--format", "multix", "--out", tmp_path / "out", "--home", home, "--json")
    said = json.loads(run("release", "lv", "--version", "1.0.0", *given).output)
    assert [row["question"] for row in said["left_out"]] == ["lv-apex-endo", "mv-ant-hinge", "mv-post-hinge"]
    assert len(said["manifest_sha256"]) == 64
    said = json.loads(
        run("import", "multix", tmp_path / "out", "--project", "p", "--home", tmp_path / "n", "--json").output
    )
    assert (said["clips"], said["answers"], said["left_out"]) == (1, 4, [])


def test_every_fault_is_a_line_and_the_exit_is_not_zero(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("release", "lv", "--version", "1.0.0", "--out", out, "--home", home)
    (out / "README.md").unlink()
    (out / "extra.txt").write_text("")
    result = run("verify", out, code=1)
    assert "README.md: in the manifest but not in the folder" in result.output
    assert "extra.txt: in the folder but not in the manifest" in result.output
    shutil.rmtree(out)
    run("verify", out, code=1)


def test_the_date_comes_from_the_environment(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767312000")
    run("release", "lv", "--version", "1.0.0", "--out", tmp_path / "out", "--home", home)
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["date"] == "2026-01-02"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "today")
    result = run("release", "lv", "--version", "2.0.0", "--out", tmp_path / "two", "--home", home, code=1)
    assert isinstance(result.exception, SettingsError)
