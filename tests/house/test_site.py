"""The documentation builds as `make check` builds it, and a dead link breaks it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def build(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the very command of the Makefile: with --quiet, --strict would count no warnings."""
    (command,) = re.findall(
        r"^check-site:\n\t@\$\(BIN\)/(.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE
    )
    words = command.replace(".make/site", str(folder / "site")).split()
    return subprocess.run(
        [Path(sys.executable).with_name(words[0]), *words[1:]],
        cwd=folder,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    return tmp_path


def test_it_builds_without_a_warning_and_asks_nobody_else_for_anything(tree: Path) -> None:
    said = build(tree)
    assert said.returncode == 0, said.stderr
    page = (tree / "site" / "index.html").read_text()
    fetched = re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="(https?://[^"]+)"', page)
    assert [url for url in fetched if not url.startswith("https://unisono.readthedocs.io/")] == []


def test_a_dead_link_breaks_it(tree: Path) -> None:
    page = tree / "docs" / "index.md"
    page.write_text(page.read_text() + "\n[nowhere](nowhere.md)\n")
    assert build(tree).returncode != 0


def test_a_page_that_is_gone_breaks_it(tree: Path) -> None:
    (tree / "docs" / "settings.md").unlink()
    assert build(tree).returncode != 0
