"""The walk through adding a label type is true: the file printed in CONTRIBUTING.md works as it stands."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from unisono.base.errors import LabelError
from unisono.labels.base import Form, Label, LabelType, Visibility, dump_label, parse_label

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PROTOCOL = """
protocol: severity
version: 1
title: How severe is it?
item: clip
questions:
  - {key: severity, title: Severity, label: grade, options: {most: 4}}
"""
SERVE = """
import sys
from unisono.labels.protocol import parse_protocol
from unisono.web import views

protocol = parse_protocol(sys.stdin.read())
protocol.questions[0].parse({"visibility": "seen", "instances": [{"key": "4"}]})
print(views.protocol(protocol).model_dump_json())
"""


@pytest.fixture(scope="module")
def source() -> str:
    blocks = re.findall(r"```python\n(.*?)```", TEXT, flags=re.DOTALL)
    assert len(blocks) == 1
    return str(blocks[0])


@pytest.fixture(scope="module")
def grade(source: str) -> LabelType[object, object]:
    space: dict[str, LabelType[object, object]] = {"__name__": "grade"}
    exec(compile(source, "grade.py", "exec"), space)  # noqa: S102  # our own document
    return space["LABEL"]


def test_its_examples_go_there_and_back(grade: LabelType[object, object]) -> None:
    for raw_options, raw in grade.examples():
        options = grade.parse_options(raw_options)
        label = parse_label(grade, options, {"visibility": "seen", "instances": [raw]})
        assert dump_label(grade, label) == {"visibility": "seen", "instances": [raw]}
        assert isinstance(label, Label)
        assert label.visibility is Visibility.SEEN


def test_it_offers_the_form_it_says(grade: LabelType[object, object]) -> None:
    options = grade.parse_options({"most": 4})
    assert grade.forms == {Form.CATEGORY}
    assert grade.categories(options) == ("0", "1", "2", "3", "4")
    assert [
        grade.category(grade.parse_instance({"key": str(g)}, options), options) for g in range(5)
    ] == list(np.arange(5))


@pytest.mark.parametrize("key", ["9", "-1", "x", 2.5, None])
def test_it_refuses_what_is_no_grade(grade: LabelType[object, object], key: object) -> None:
    with pytest.raises(LabelError):
        grade.parse_instance({"key": key}, grade.parse_options({}))


def test_it_passes_the_linter(source: str, tmp_path: Path) -> None:
    place = tmp_path / "src" / "unisono" / "labels" / "types"
    place.mkdir(parents=True)
    (place / "__init__.py").touch()
    (place / "grade.py").write_text(source)
    for command in (["check"], ["format", "--check"]):
        subprocess.run(
            [
                Path(sys.executable).with_name("ruff"),
                *command,
                "--config",
                ROOT / "pyproject.toml",
                place / "grade.py",
            ],
            check=True,
            capture_output=True,
        )


def test_the_page_is_given_what_to_offer(source: str, tmp_path: Path) -> None:
    """Put the file where the walk says, in a copy of the tree, and ask what the server sends."""
    tree = tmp_path / "src"
    shutil.copytree(ROOT / "src", tree, ignore=shutil.ignore_patterns("__pycache__", "static"))
    (tree / "unisono" / "labels" / "types" / "grade.py").write_text(source, encoding="utf-8")
    said = subprocess.run(
        [sys.executable, "-c", SERVE],
        input=PROTOCOL,
        env={**os.environ, "PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    (question,) = json.loads(said.stdout)["questions"]
    assert (question["label"], question["tool"]) == ("grade", "choose")
    assert [c["key"] for c in question["categories"]] == ["0", "1", "2", "3", "4"]
    assert all(c["title"] for c in question["categories"])


def test_every_file_it_names_is_there() -> None:
    named = set(re.findall(r"`((?:src|tests|docs|benchmarks|page)/[\w./-]+?)`", TEXT))
    coming = {"src/unisono/labels/types/grade.py", "tests/labels/types/test_grade.py"}
    assert {name for name in named - coming if not (ROOT / name).exists()} == set()
