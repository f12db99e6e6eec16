"""The documents say what the program does; a stale one goes red."""

import json
import re
import shutil
from pathlib import Path

import pytest

from checks import documents, facts, print_docs, readme, wire
from unisono.labels.protocol import parse_protocol

ROOT = Path(__file__).parents[2]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    for name in ("README.md", "Makefile", "mkdocs.yml", "pyproject.toml", "CONTRIBUTING.md", "SECURITY.md"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("CHANGELOG.md", "LICENSE", "CITATION.cff"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "page").mkdir()
    shutil.copy(ROOT / "page" / "package.json", tmp_path / "page")
    return tmp_path


def test_documents_and_readme_hold_as_they_stand() -> None:
    assert documents.findings(ROOT) == []
    assert readme.findings(ROOT) == []


@pytest.mark.parametrize("name", sorted(print_docs.PAGES))
def test_an_edited_printed_page_is_stale(tree: Path, name: str) -> None:
    page = tree / name
    page.write_text(page.read_text() + "one more line\n")
    assert f"{name} is stale: run python -m checks.print_docs" in documents.findings(tree)


@pytest.mark.parametrize(
    ("name", "line", "finding"),
    [
        (
            "docs/methods.md",
            "`majority`",
            "docs/methods.md has no line for `majority` of unisono.agree.methods",
        ),
        ("docs/formats.md", "`multix`", "docs/formats.md has no line for `multix` of unisono.formats.codecs"),
        ("docs/dependencies.md", "| pydicom |", "docs/dependencies.md has no line for pydicom"),
        ("docs/dependencies.md", "| svelte |", "docs/dependencies.md has no line for svelte"),
        ("mkdocs.yml", "settings.md", "mkdocs.yml does not lead to settings.md"),
    ],
)
def test_a_missing_line_goes_red(tree: Path, name: str, line: str, finding: str) -> None:
    page = tree / name
    page.write_text(page.read_text().replace(line, "nothing"))
    assert finding in documents.findings(tree)


def test_a_missing_room_goes_red(tree: Path) -> None:
    (tree / "docs" / "rooms" / "catalog.md").unlink()
    assert "docs/rooms/catalog.md is missing" in documents.findings(tree)


@pytest.mark.parametrize(
    ("claim", "finding"),
    [
        ("$ unisono fly\n", "no such verb: unisono fly"),
        ("$ unisono project list --wings\n", "unisono project list has no option --wings"),
        ("make fly\n", "no such target: make fly"),
        ("[wings](docs/wings.md)\n", "link to docs/wings.md, which is not there"),
    ],
)
def test_a_false_claim_in_the_readme_goes_red(tree: Path, claim: str, finding: str) -> None:
    page = tree / "README.md"
    page.write_text(page.read_text() + "\n" + claim)
    assert finding in readme.findings(tree)


def test_every_verb_explains_itself() -> None:
    assert [name for name, verb in facts.verbs() if not (verb.help or "").strip()] == []


def test_every_route_explains_itself() -> None:
    assert [row for row in facts.routes() if not row[2].endswith((".", "?"))] == []


def test_stale_openapi_and_types_go_red(tmp_path: Path) -> None:
    page = tmp_path / "page"
    (page / "src").mkdir(parents=True)
    (page / "package.json").write_text("{}")
    (page / "openapi.json").write_text("{}")
    found = wire.findings(tmp_path)
    assert "page/openapi.json is stale: run python -m checks.wire" in found
    (page / "openapi.json").write_text(wire.described())
    assert "page/openapi.json is stale: run python -m checks.wire" not in wire.findings(tmp_path)
    assert json.loads(wire.described())["info"]["title"] == "unisono"


def test_the_protocols_printed_in_the_annotate_room_are_legal() -> None:
    text = (ROOT / "docs" / "rooms" / "annotate.md").read_text()
    whole, *parts = re.findall(r"```yaml\n(.*?)```", text, flags=re.DOTALL)
    assert [q.key for q in parse_protocol(whole).questions] == ["lv-pw-top", "lv-pw-bottom"]
    assert parts
    for part in parts:
        head = "protocol: part\nversion: 1\ntitle: Part\nitem: clip\n"
        questions = "" if "questions:" in part else "questions:\n"
        assert parse_protocol(head + questions + part).questions


@pytest.mark.parametrize("name", ["start.md", "rooms/annotate.md", "rooms/catalog.md"])
def test_commands_in_the_documents_exist(name: str) -> None:
    text = (ROOT / "docs" / name).read_text()
    commands = "".join(f"$ {line}\n" for line in re.findall(r"^(unisono [^#\n]*)", text, flags=re.MULTILINE))
    assert readme.claimed_verbs(commands) == []
