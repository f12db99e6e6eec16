"""Plant a breach of each house rule in a copy of the tree: the check must go red, and name it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from checks import docstrings, mirror, sizes

ROOT = Path(__file__).parents[2]
PARAMETERS = "    Parameters\n    ----------\n"
LONG = "\n".join(["X = 1"] * 401) + "\n"

COMPUTED = "What is computed knows no server, no database and no terminal"
ROOMS = "Rooms know no server and no terminal"
SQL = "SQL is written in the catalog and in a room's run.py"


def copy_tree(folder: Path) -> Path:
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return copy_tree(tmp_path)


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree / "src")},
        capture_output=True,
        text=True,
        check=False,
    )


def plant(tree: Path, file: str, line: str) -> None:
    path = tree / "src" / "unisono" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text((path.read_text() if path.exists() else "") + f"\n{line}\n")


def test_the_tree_as_it_stands_keeps_every_contract(tree: Path) -> None:
    said = lint(tree)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "0 broken" in said.stdout


BREACHES = [
    ("agree/run.py", "unisono.ingest.run", "Rooms on a shared floor"),
    ("bench/planted.py", "unisono.agree.base", "Rooms on a shared floor"),
    ("labels/planted.py", "unisono.catalog.files", "Rooms on a shared floor"),
    ("base/planted.py", "unisono.labels.base", "Rooms on a shared floor"),
    ("web/app.py", "unisono.cli.main", "Rooms on a shared floor"),
    ("formats/planted.py", "unisono.agree.base", "Rooms on a shared floor"),
    ("web/app.py", "unisono.catalog.db", "Only a room's run.py opens the catalog, and bench never"),
    ("cli/planted.py", "unisono.catalog.db", "Only a room's run.py opens the catalog, and bench never"),
    ("agree/geometry.py", "unisono.catalog.db", "Only a room's run.py opens the catalog, and bench never"),
    ("bench/experts.py", "unisono.catalog.db", "Only a room's run.py opens the catalog, and bench never"),
    ("labels/base.py", "fastapi", COMPUTED),
    ("base/planted.py", "starlette", COMPUTED),
    ("measures/planted.py", "typer", COMPUTED),
    ("formats/planted.py", "alembic", COMPUTED),
    ("bench/planted.py", "sqlalchemy", COMPUTED),
    ("agree/geometry.py", "rich", ROOMS),
    ("annotate/run/work.py", "fastapi", ROOMS),
    ("ingest/planted.py", "uvicorn", ROOMS),
    ("release/planted.py", "typer", ROOMS),
    ("agree/geometry.py", "sqlalchemy", SQL),
    ("annotate/planted.py", "alembic", SQL),
    ("cli/planted.py", "sqlalchemy", SQL),
    ("web/app.py", "sqlalchemy", SQL),
    ("labels/types/point.py", "unisono.labels.types.curve", "Plug-ins do not know their neighbours"),
    ("formats/codecs/multix.py", "unisono.formats.codecs.unity", "Plug-ins do not know their neighbours"),
    (
        "agree/methods/majority.py",
        "unisono.agree.methods.dawid_skene",
        "Plug-ins do not know their neighbours",
    ),
]


@pytest.fixture(scope="module")
def with_all_breaches(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Plant all at once: the linter reads the whole tree each time it is asked."""
    tree = copy_tree(tmp_path_factory.mktemp("breaches"))
    for file, target, _ in BREACHES:
        plant(tree, file, f"import {target}")
    said = lint(tree)
    assert said.returncode != 0
    return said.stdout


@pytest.mark.parametrize(("file", "target", "contract"), BREACHES)
def test_a_forbidden_import_goes_red(with_all_breaches: str, file: str, target: str, contract: str) -> None:
    assert re.search(rf"^{contract} BROKEN\b", with_all_breaches, flags=re.MULTILINE)
    broken = with_all_breaches.rsplit("Broken contracts", maxsplit=1)[-1]
    (section,) = re.findall(
        rf"^{contract}\n-+\n(.*?)(?=^[A-Z][^\n]*\n--|\Z)", broken, flags=re.MULTILINE | re.DOTALL
    )
    source = "unisono." + file.removesuffix(".py").replace("/", ".")
    assert f"{source} -> {target} (l." in section


def test_a_folder_without_its_place_goes_red(tree: Path) -> None:
    plant(tree, "planted/__init__.py", "import unisono.base")
    said = lint(tree)
    assert re.search(r"^Rooms on a shared floor BROKEN$", said.stdout, flags=re.MULTILINE), said.stdout


def test_a_file_of_400_lines_passes_and_of_401_goes_red(tree: Path) -> None:
    path = tree / "src" / "unisono" / "agree" / "planted.py"
    path.write_text(LONG.removesuffix("X = 1\n"))
    assert not any("planted" in line for line in sizes.findings(tree))
    path.write_text(LONG)
    assert "src/unisono/agree/planted.py has 401 lines; at most 400: split it" in sizes.findings(tree)


def test_a_function_of_51_lines_goes_red_and_its_docstring_is_not_counted(tree: Path) -> None:
    body = "\n".join(["    x = 1"] * 50)
    path = tree / "src" / "unisono" / "agree" / "planted.py"
    path.write_text(f"def long():\n{body}\n")
    assert [line for line in sizes.findings(tree) if "planted.py:1 long has 51 lines" in line]
    words = "\n".join(["    word"] * 30)
    path.write_text(f'def told():\n    """Say.\n\n{words}\n    """\n' + "\n".join(["    x = 1"] * 49) + "\n")
    assert not any("told" in line for line in sizes.findings(tree))


def test_generated_files_and_packages_are_not_measured(tree: Path) -> None:
    for name in ("page/src/wire.ts", "page/node_modules/x/index.ts"):
        path = tree / name
        path.parent.mkdir(parents=True)
        path.write_text(LONG)
    assert not any("page/" in line for line in sizes.findings(tree))
    (tree / "page" / "src" / "own.ts").write_text(LONG)
    assert any("page/src/own.ts" in line for line in sizes.findings(tree))


def test_a_file_without_its_test_goes_red(tree: Path) -> None:
    (tree / "src" / "unisono" / "agree" / "planted.py").write_text("X = 1\n")
    wanted = "src/unisono/agree/planted.py has no tests/agree/test_planted.py"
    assert wanted in mirror.findings(tree)
    (tree / "tests" / "agree").mkdir(parents=True)
    (tree / "tests" / "agree" / "test_planted.py").write_text("")
    assert wanted not in mirror.findings(tree)


def test_an_exception_that_is_gone_goes_red(tree: Path) -> None:
    (tree / "src" / "unisono" / "cli" / "__main__.py").unlink()
    assert "checks/mirror.py lists cli/__main__.py, which is gone" in mirror.findings(tree)


@pytest.mark.parametrize(
    ("signature", "documented", "stale"),
    [
        ("a, *, b=1", "a, b : int", False),
        ("a, **given", "a : int\n    **given : str", False),
        ("self, a", "a : int", False),
        ("a, b", "a : int", True),
        ("a", "a : int\n    gone : int", True),
    ],
)
def test_a_stale_docstring_goes_red(tree: Path, signature: str, documented: str, stale: bool) -> None:
    text = f'def planted({signature}):\n    """Say.\n\n{PARAMETERS}    {documented}\n    """\n'
    (tree / "src" / "unisono" / "agree" / "planted.py").write_text(text)
    found = [line for line in docstrings.findings(tree) if "planted" in line]
    assert bool(found) is stale


def test_a_stale_docstring_of_a_dataclass_goes_red(tree: Path) -> None:
    path = tree / "src" / "unisono" / "agree" / "planted.py"
    path.write_text(
        f'class Planted:\n    """Say.\n\n{PARAMETERS}    a : int\n    """\n\n    a: int\n    b: int\n'
    )
    (line,) = [line for line in docstrings.findings(tree) if "planted" in line]
    assert line.endswith("documents what is not there, or not all: b")
