"""The table of what is read is the code's, the standard's and the page's at once."""

import ast
from pathlib import Path

import pytest
from pydicom.datadict import keyword_dict, tag_for_keyword

from tests.ingest import canaries
from unisono.ingest.identity import attributes
from unisono.ingest.identity.attributes import FACTS, LINKS, Read
from unisono.ingest.identity.header import ALLOWED, Allowed

ROOT = Path(__file__).parents[3]
SEARCHED = {"identifiers.py", "own_numbers.py"}
"""Read everything that names somebody; nothing of it leaves memory but for the vault."""
WRITES = {"clean_dicom.py", "clean_header.py", "receive.py"}
"""Write headers of their own, or read the network's commands."""
OPTIONS = {"113108 patient characteristics"}


def words(path: Path) -> set[str]:
    """Return the DICOM keywords that a file names."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
    return {word for word in found if word and word in keyword_dict}


def test_nothing_is_read_that_the_table_does_not_name() -> None:
    listed = attributes.read_keywords()
    for path in sorted((ROOT / "src" / "unisono" / "ingest").rglob("*.py")):
        if path.name not in SEARCHED | WRITES:
            assert words(path) <= listed, path.name


@pytest.mark.parametrize("row", ALLOWED, ids=lambda row: row.key)
def test_what_stays_has_the_standards_action_and_an_option_where_it_needs_one(row: Allowed) -> None:
    assert row.action == canaries.actions().get(tag_for_keyword(row.keyword), "K")
    assert row.action == "K" or row.option in OPTIONS


@pytest.mark.parametrize("row", [*FACTS, *LINKS], ids=lambda row: row.keywords[0])
def test_what_is_read_has_the_standards_action(row: Read) -> None:
    for keyword in row.keywords:
        tag = tag_for_keyword(keyword)
        assert tag is not None, keyword
        if tag >> 16 > 2:
            assert row.action == canaries.actions().get(tag, "K"), keyword
    assert row in LINKS or row.action == "K"


def test_the_page_shows_the_table() -> None:
    page = (ROOT / "docs" / "deidentification.md").read_text(encoding="utf-8")
    assert attributes.table() in page


def test_about_twenty_five_keys_leave() -> None:
    keys = {key for row in (*ALLOWED, *FACTS) for key in row.key.split(", ")}
    assert len(keys) <= 25
