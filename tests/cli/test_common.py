from pathlib import Path

import pytest

from unisono.base.errors import CatalogError
from unisono.cli.common import opened, print_json, settings_of


def test_the_command_line_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNISONO_HOME", "/from-environment")
    assert settings_of(None).home == Path("/from-environment")
    assert settings_of(Path("/given"), port=9).home == Path("/given")


def test_the_catalog_is_closed_behind_a_command_even_when_it_fails(tmp_path: Path) -> None:
    with pytest.raises(KeyError), opened(tmp_path) as catalog:
        raise KeyError("mine")
    with pytest.raises(CatalogError, match="closed"):
        catalog.write(lambda _: None)


def test_json_is_one_line_with_sorted_keys(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"b": Path("/x"), "a": [1]})
    assert capsys.readouterr().out == '{"a": [1], "b": "/x"}\n'
