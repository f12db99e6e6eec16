"""The build files do what they say, without building anything."""

import os
import re
import stat
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
TARGETS = ("demo", "test", "check", "page", "bench", "docs", "clean")


def test_help_names_every_target() -> None:
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert re.findall(r"^make (\w+)", said, flags=re.MULTILINE) == ["help", *TARGETS]


@pytest.mark.parametrize("name", ["run", "npm", "install", "system"])
def test_scripts_may_be_run_and_are_sound_bash(name: str) -> None:
    path = ROOT / ".ci" / name
    assert path.stat().st_mode & stat.S_IXUSR
    subprocess.run(["bash", "-n", path], check=True)


def test_ci_is_make_test_from_anywhere(tmp_path: Path) -> None:
    """A stand-in for make says where and with what it was called."""
    fake = tmp_path / "make"
    fake.write_text('#!/bin/sh\necho "$PWD $*"\n')
    fake.chmod(0o755)
    said = subprocess.run(
        [ROOT / ".ci" / "run"],
        cwd="/",
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert said == f"{ROOT} test\n"


def test_every_dependency_is_pinned() -> None:
    pinned = {
        line.split("==")[0] for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line
    }
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    wanted = {re.split(r"[\[<>=;! ]", line)[0].lower() for group in groups for line in group}
    assert wanted - pinned == set()
    assert "torch" in pinned


def test_no_constraint_breaks_a_range() -> None:
    pins = dict(
        line.split(" ")[0].split("==")
        for line in (ROOT / "constraints.txt").read_text().splitlines()
        if "==" in line and not line.startswith("#")
    )
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    for line in (line for group in groups for line in group):
        wanted = Requirement(line)
        assert wanted.specifier.contains(pins[wanted.name.lower()]), line


def test_licence_is_apache_2_in_full() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
