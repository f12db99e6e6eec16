"""Files of at most 400 lines, functions of at most 50 without their docstring."""

import ast
from collections.abc import Iterator
from pathlib import Path

MOST_LINES = 400
MOST_FUNCTION_LINES = 50
FOLDERS = {
    "src": (".py",),
    "checks": (".py",),
    "tests": (".py",),
    "benchmarks": (".py",),
    "page": (".ts", ".svelte"),
}
MADE_BY_PROGRAMS = {"page/src/wire.ts"}
SKIPPED = {"node_modules", "static"}
LISTINGS = "migrations/versions/"
"""A migration lists a schema from top to bottom; cut in pieces it would be harder to read."""


def findings(root: Path) -> list[str]:
    """Return one line for each file or function that is too long."""
    return [line for path in files(root) for line in (*_file(path, root), *_functions(path, root))]


def files(root: Path) -> Iterator[Path]:
    """Yield the source files written by hand."""
    for folder, endings in FOLDERS.items():
        for path in sorted((root / folder).rglob("*")):
            inside = path.relative_to(root)
            written = inside.as_posix() not in MADE_BY_PROGRAMS and not SKIPPED & set(inside.parts)
            if written and path.suffix in endings and path.is_file():
                yield path


def _file(path: Path, root: Path) -> list[str]:
    n_lines = len(path.read_text(encoding="utf-8").splitlines())
    if n_lines <= MOST_LINES:
        return []
    return [f"{path.relative_to(root)} has {n_lines} lines; at most {MOST_LINES}: split it"]


def _functions(path: Path, root: Path) -> list[str]:
    if path.suffix != ".py" or LISTINGS in path.as_posix():
        return []
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    return [
        f"{path.relative_to(root)}:{node.lineno} {node.name} has {length} lines; "
        f"at most {MOST_FUNCTION_LINES}"
        for node in found
        if (length := _length(node)) > MOST_FUNCTION_LINES
    ]


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    total = (node.end_lineno or node.lineno) - node.lineno + 1
    if ast.get_docstring(node) is None:
        return total
    said = node.body[0]
    return total - ((said.end_lineno or said.lineno) - said.lineno + 1)
