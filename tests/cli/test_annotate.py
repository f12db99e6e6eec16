import json
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.make import make_clip
from unisono.annotate.run import open_catalog, people
from unisono.base.errors import (
    ConflictError,
    LabelError,
    NotFoundError,
    ProtocolError,
    SettingsError,
    UnisonoError,
)
from unisono.base.settings import Settings
from unisono.cli.main import app


@pytest.fixture
def home(tmp_path: Path) -> Path:
    catalog = open_catalog(Settings(home=tmp_path / "home"))
    for seed in (1, 2):
        make_clip(catalog, seed=seed)
    catalog.close()
    return tmp_path / "home"


def run(home: Path, *words: str) -> str:
    done = CliRunner().invoke(app, [*words, "--home", str(home)])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


def test_a_project_is_made_listed_and_shown(home: Path) -> None:
    words = ("project", "create", "lv", "--protocol", "a4c-lv-border", "--frames-per-clip", "2", "--json")
    assert json.loads(run(home, *words)) == {"slug": "lv", "title": "A4C: LV border", "items": 4}
    assert run(home, "project", "list") == "lv: A4C: LV border, 4 items\n"
    shown = json.loads(run(home, "project", "show", "lv", "--json"))
    assert (shown["protocol"], shown["version"], len(shown["items"])) == ("a4c-lv-border", 1, 4)
    assert "Where the anterior mitral leaflet" in run(home, "project", "show", "lv")


def test_a_protocol_may_be_a_file_of_ones_own(home: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(
        "protocol: mine\nversion: 3\ntitle: Mine\nitem: clip\n"
        "questions: [{key: q, title: Q, label: choice, options: {categories: [yes, no]}}]\n"
    )
    assert "mine: Mine, 2 items" in run(home, "project", "create", "mine", "--protocol", str(mine))


def test_sets_are_made_as_the_command_says(home: Path) -> None:
    catalog = open_catalog(Settings(home=home))
    for seed in (3, 4, 5):
        make_clip(catalog, seed=seed)
    catalog.close()
    words = ("project", "create", "mv", "--protocol", "rank-plax-mitral-visibility", "--set-size", "2")
    more = ("--sets-per-clip", "4", "--repeats", "0.2", "--json")
    assert json.loads(run(home, *words, *more))["items"] == 10 + 2
    with pytest.raises(LabelError, match="size of a set must be a whole number from 2 to 8; got 9"):
        run(home, *words[:-1], "9")
    with pytest.raises(ProtocolError, match="not about sets to put in order"):
        run(home, "project", "create", "v", "--protocol", "view", "--set-size", "2")


def test_an_expert_gets_a_link_that_signs_in_and_a_role(home: Path) -> None:
    run(home, "project", "create", "v", "--protocol", "view")
    link = json.loads(run(home, "user", "add", "Ada", "--json"))["link"]
    run(home, "user", "role", "Ada", "v", "lead")
    token = link.rpartition("/")[2]
    catalog = open_catalog(Settings(home=home))
    session = catalog.write(partial(people.sign_in_by_link, token=token, settings=catalog.settings))
    with catalog.read() as connection:
        person = people.who_is(connection, session, catalog.settings)
    catalog.close()
    assert person is not None
    assert person.leads == ("v",)
    assert run(home, "user", "invite", "Ada").startswith(
        "Ada signs in once, within 24 hours, at http://127.0.0.1"
    )


@pytest.mark.parametrize(
    ("words", "kind", "says"),
    [
        (("project", "create", "p", "--protocol", "none"), ProtocolError, "no file and no shipped protocol"),
        (("project", "create", "P", "--protocol", "view"), ProtocolError, "small letters"),
        (("project", "create", "p", "--protocol", "view", "--clip", "x"), NotFoundError, "no clip 'x'"),
        (("project", "show", "none"), NotFoundError, "no project 'none'"),
        (("user", "role", "Nobody", "p", "lead"), NotFoundError, "no project 'p'"),
        (("user", "invite", "Nobody"), NotFoundError, "no expert 'Nobody'"),
    ],
)
def test_bad_input_is_one_clear_error(
    home: Path, words: tuple[str, ...], kind: type[UnisonoError], says: str
) -> None:
    with pytest.raises(kind, match=says):
        run(home, *words)


def test_a_name_is_given_once(home: Path) -> None:
    run(home, "user", "add", "Ada")
    with pytest.raises(ConflictError, match="'Ada'"):
        run(home, "user", "add", "Ada")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"protocol: \xff", r"bad\.yaml: byte 10 is not UTF-8"),
        (b"a: [", r"bad\.yaml: not YAML: .* in line 1, column 5"),
        (
            b"protocol: p\nversion: 1\ntitle: P\nitem: clip\nquestions: [{key: q, title: Q, label: blob}]",
            r"bad\.yaml: questions\[0\]: unknown label type 'blob'",
        ),
    ],
)
def test_a_wrong_protocol_file_is_named(home: Path, tmp_path: Path, content: bytes, says: str) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_bytes(content)
    with pytest.raises(ProtocolError, match=says):
        run(home, "project", "create", "p", "--protocol", str(bad))


def test_the_shipped_protocols_are_listed(home: Path) -> None:
    done = CliRunner().invoke(app, ["project", "protocols"])
    assert "a4c-lv-border: A4C: LV border" in done.output.splitlines()


def test_a_wrong_role_is_refused(home: Path) -> None:
    run(home, "user", "add", "Ada")
    run(home, "project", "create", "v", "--protocol", "view")
    with pytest.raises(SettingsError, match="'boss' is not one of: expert, lead"):
        run(home, "user", "role", "Ada", "v", "boss")
