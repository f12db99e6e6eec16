import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.make import Site
from unisono.base.errors import NotFoundError, SettingsError
from unisono.cli.main import app

run = CliRunner()


@pytest.fixture
def home(site: Site) -> str:
    for name in ("Ada One", "Ben Two"):
        client = site.client(name)
        site.finish(client, site.item(client), shift=0.5 if name == "Ada One" else 0.0)
    return str(site.home)


def test_json_has_method_parameters_and_hash(home: str) -> None:
    done = run.invoke(app, ["agree", "lv", "--home", home, "--json"])
    assert done.exit_code == 0, done.output
    result = json.loads(done.output)
    assert len(result["input_sha256"]) == 64
    assert result["questions"]["curve-lv-endo"]["method"] == "curve-normals"
    assert result["questions"]["curve-lv-endo"]["parameters"]["n_positions"] == 101


def test_words_and_a_report(home: str, tmp_path: Path) -> None:
    page = tmp_path / "deep" / "report.html"
    done = run.invoke(app, ["agree", "lv", "--home", home, "--html", str(page)])
    assert done.exit_code == 0, done.output
    assert "curve-lv-endo" in done.output
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert [p.name for p in page.parent.iterdir()] == ["report.html"]


def test_another_method_by_name(home: str) -> None:
    done = run.invoke(
        app, ["agree", "lv", "--home", home, "--method", "curve-lv-endo=curve-landmark-mean", "--json"]
    )
    assert json.loads(done.output)["questions"]["curve-lv-endo"]["method"] == "curve-landmark-mean"


def test_a_method_without_a_question_is_refused(home: str) -> None:
    done = run.invoke(app, ["agree", "lv", "--home", home, "--method", "majority"])
    assert done.exit_code != 0
    assert isinstance(done.exception, SettingsError)


def test_an_unknown_project_fails(home: str) -> None:
    done = run.invoke(app, ["agree", "nothing", "--home", home])
    assert done.exit_code != 0
    assert isinstance(done.exception, NotFoundError)
