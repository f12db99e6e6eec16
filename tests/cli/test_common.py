import errno
import os
from pathlib import Path

import pytest

from unisono.base.errors import CatalogError
from unisono.cli.common import opened, print_json, say, say_error, settings_of, shown


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


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Müller 張三.dcm", "Müller 張三.dcm"),
        ("a\nwithheld  fake", "a\\nwithheld  fake"),
        ("\x1b[2J\rover", "\\x1b[2J\\rover"),
        ("rtl\u202egpj.dcm", "rtl\\u202egpj.dcm"),
        ("inv\udcff\udcfe.dcm", "inv\\xff\\xfe.dcm"),
        ("\ud800\x9b", "\\ud800\\x9b"),
    ],
)
def test_no_name_moves_the_cursor_or_forges_a_line(
    name: str, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shown(name) == line
    say(name)
    say_error(CatalogError(name))
    assert capsys.readouterr() == (f"{line}\n", f"unisono: {line}\n")


def test_a_home_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(CatalogError, match="cannot be used: Read-only file system"), opened(tmp_path / "new"):
        pass
