"""Tests mirror the tree: ``agree/methods/x.py`` is tested by ``tests/agree/methods/test_x.py``."""

from pathlib import Path

ELSEWHERE = {
    "catalog/migrations/env.py": "run by every test that opens a catalog",
    "catalog/migrations/versions/0001_the_first_tables.py": "compared with tables.py in tests/catalog",
    "catalog/migrations/versions/0002_the_evidence.py": "carries a filled catalog on in tests/catalog",
    "catalog/migrations/versions/0003_reviewers.py": "carries a filled catalog on in tests/catalog",
    "catalog/migrations/versions/0004_open_leases.py": "carries a filled catalog on in tests/catalog",
    "catalog/migrations/versions/0005_parts_and_verbs.py": "carries a filled catalog on in tests/catalog",
    "catalog/migrations/versions/0006_sets.py": "carries a filled catalog on in tests/catalog",
    "catalog/evidence_tables.py": "compared with the migrations in tests/catalog",
    "cli/__main__.py": "two lines; the command-line tests start it",
}
"""Files without a test file of their own, each with the reason; the list only shrinks."""


def findings(root: Path) -> list[str]:
    """Return one line for each source file that has no test file, and each listed one that is gone."""
    source, tests = root / "src" / "unisono", root / "tests"
    missing = [
        f"src/unisono/{path.relative_to(source)} has no {_test_of(path, source, tests).relative_to(root)}"
        for path in sorted(source.rglob("*.py"))
        if path.name != "__init__.py"
        and path.relative_to(source).as_posix() not in ELSEWHERE
        and not _test_of(path, source, tests).exists()
    ]
    gone = [
        f"checks/mirror.py lists {name}, which is gone" for name in ELSEWHERE if not (source / name).exists()
    ]
    needless = [
        f"checks/mirror.py lists {name}, which has its test file by now"
        for name in ELSEWHERE
        if name.endswith(".py") and _test_of(source / name, source, tests).exists()
    ]
    return missing + gone + needless


def _test_of(path: Path, source: Path, tests: Path) -> Path:
    return tests / path.relative_to(source).with_name(f"test_{path.name}")
