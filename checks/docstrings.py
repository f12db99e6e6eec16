"""Docstrings that list parameters list exactly those that are there; so they cannot go stale."""

import ast
import inspect
import warnings
from collections.abc import Iterator
from pathlib import Path

from numpydoc.docscrape import NumpyDocString  # type: ignore[import-untyped]

IMPLIED = {"self", "cls"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def findings(root: Path) -> list[str]:
    """Return one line for each docstring whose parameters are not those of the code."""
    return [
        f"{path.relative_to(root)}:{node.lineno} {node.name} documents what is not there, or not all: "
        f"{', '.join(sorted(set(said) ^ set(real)))}"
        for path in sorted((root / "src" / "unisono").rglob("*.py"))
        for node, said, real in _listed(ast.parse(path.read_text(encoding="utf-8")))
        if set(said) != set(real)
    ]


def _listed(tree: ast.Module) -> Iterator[tuple[Function | ast.ClassDef, list[str], list[str]]]:
    for node in ast.walk(tree):
        if isinstance(node, Function | ast.ClassDef) and (text := ast.get_docstring(node)):
            said = _said(text)
            if said:
                yield node, said, _fields(node) if isinstance(node, ast.ClassDef) else _arguments(node)


def _said(text: str) -> list[str]:
    """Return the names of a Parameters section; ``rows, columns : int`` names two."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parsed = NumpyDocString(inspect.cleandoc(text))
    return [name.strip().lstrip("*") for row in parsed["Parameters"] for name in row.name.split(",")]


def _arguments(node: Function) -> list[str]:
    given = [
        *node.args.posonlyargs,
        *node.args.args,
        node.args.vararg,
        *node.args.kwonlyargs,
        node.args.kwarg,
    ]
    return [a.arg for a in given if a is not None and a.arg not in IMPLIED]


def _fields(node: ast.ClassDef) -> list[str]:
    """Return what makes an instance: the arguments of ``__init__``, or a dataclass's fields."""
    for inner in node.body:
        if isinstance(inner, ast.FunctionDef) and inner.name == "__init__":
            return _arguments(inner)
    annotated = (s for s in node.body if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name))
    return [s.target.id for s in annotated if isinstance(s.target, ast.Name)]
