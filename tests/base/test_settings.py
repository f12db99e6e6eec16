from pathlib import Path

import pytest

from unisono.base.errors import SettingsError
from unisono.base.settings import TABLE, Settings, read_settings


def test_the_environment_is_read_and_typed() -> None:
    settings = read_settings({"UNISONO_HOME": "/x", "UNISONO_PORT": "81", "UNISONO_SESSION_IDLE_H": "0.5"})
    assert (settings.home, settings.port, settings.session_idle_h) == (Path("/x"), 81, 0.5)


def test_what_the_command_line_gives_wins_and_none_counts_as_not_given() -> None:
    settings = read_settings({"UNISONO_PORT": "81", "UNISONO_HOST": "::1"}, port=82, host=None)
    assert (settings.port, settings.host) == (82, "::1")


def test_loopback_is_the_default() -> None:
    assert read_settings({}).host == "127.0.0.1"


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"UNISONO_PORT": "many"}, "port must be of type int; got 'many'"),
        ({"UNISONO_PORT": "70000"}, "between 0 and 65535; got 70000"),
        ({"UNISONO_PROT": "1"}, "unknown setting UNISONO_PROT; there are: UNISONO_CLUSTER"),
        ({"UNISONO_SESSION_IDLE_H": "0"}, "session_idle_h must be between"),
    ],
)
def test_a_wrong_setting_says_what_came_and_what_is_legal(environment: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        read_settings(environment)


def test_the_database_lies_in_the_home_unless_named() -> None:
    assert Settings(home=Path("/h")).database_url == "sqlite:////h/catalog.sqlite"
    assert Settings(database="postgresql://x/y").database_url == "postgresql://x/y"


def test_every_setting_has_its_row() -> None:
    assert len({knob.env for knob in TABLE}) == len(TABLE) == len(Settings.__dataclass_fields__)
    assert all(knob.help for knob in TABLE)
