"""Run every check, print each finding on a line, exit 1 if there is one."""

import sys
import warnings
from pathlib import Path

from checks import docstrings, documents, mirror, readme, sizes, wire

ROOT = Path(__file__).parents[1]
CHECKS = {
    "sizes": sizes.findings,
    "docstrings": docstrings.findings,
    "tests mirror the tree": mirror.findings,
    "documents": documents.findings,
    "README": readme.findings,
    "the page's types": wire.findings,
}


def main() -> int:
    """Return the exit status."""
    warnings.simplefilter("ignore", DeprecationWarning)
    wrong = [(name, line) for name, check in CHECKS.items() for line in check(ROOT)]
    for name, line in wrong:
        sys.stdout.write(f"{name}: {line}\n")
    sys.stdout.write(f"{len(CHECKS)} house checks, {len(wrong)} findings\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
