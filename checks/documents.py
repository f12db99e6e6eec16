"""Documents are fresh: printed pages equal what the code prints, and every plug-in has its line."""

import re
import tomllib
from pathlib import Path

from checks import facts
from checks.print_docs import PAGES

ROOT = Path(__file__).parents[1]
LINES = {
    "docs/formats.md": ("unisono.formats.codecs", "CODEC"),
    "docs/methods.md": ("unisono.agree.methods", "METHOD"),
}
ROOMS = ("ingest", "annotate", "catalog", "agree", "release")


def findings(root: Path) -> list[str]:
    """Return one line for each page that is stale or lacks a line."""
    return [
        *_printed(root),
        *_plugins(root),
        *_rooms(root),
        *_dependencies(root),
        *_navigation(root),
        *_sources(root),
    ]


def _printed(root: Path) -> list[str]:
    return [
        f"{name} is stale: run python -m checks.print_docs"
        for name, page in PAGES.items()
        if _text(root / name) != page()
    ]


def _plugins(root: Path) -> list[str]:
    return [
        f"{name} has no line for `{plugin}` of {package}"
        for name, (package, constant) in LINES.items()
        for plugin in facts.named(package, constant)
        if f"`{plugin}`" not in _text(root / name)
    ]


def _rooms(root: Path) -> list[str]:
    pages = (f"docs/rooms/{room}.md" for room in ROOMS)
    return [f"{page} is missing" for page in pages if not (root / page).exists()]


def _dependencies(root: Path) -> list[str]:
    page = _text(root / "docs" / "dependencies.md")
    return [
        f"docs/dependencies.md has no line for {package}"
        for package in [*_python_packages(root), *_npm_packages(root)]
        if f"| {package} |" not in page
    ]


def _python_packages(root: Path) -> list[str]:
    project = tomllib.loads(_text(root / "pyproject.toml"))["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    names = (re.split(r"[\[<>=;! ]", line)[0] for line in [*project["dependencies"], *extras])
    return sorted(set(names))


def _npm_packages(root: Path) -> list[str]:
    listed = re.findall(r'"((?:@[\w-]+/)?[\w-]+)": "[\^~]', _text(root / "page" / "package.json"))
    return sorted(set(listed))


def _navigation(root: Path) -> list[str]:
    """Find pages that mkdocs would build but no reader could reach."""
    said = _text(root / "mkdocs.yml")
    pages = (p.relative_to(root / "docs").as_posix() for p in sorted((root / "docs").rglob("*.md")))
    return [f"mkdocs.yml does not lead to {page}" for page in pages if page not in said]


def _sources(root: Path) -> list[str]:
    """Find files that the table of sources names and that are not there."""
    named = re.findall(r"\| `([\w/]+\.py)` \|", _text(root / "docs" / "sources.md"))
    gone = (name for name in named if not (ROOT / "src" / "unisono" / name).exists())
    return [f"docs/sources.md names {name}, which is not there" for name in gone]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
