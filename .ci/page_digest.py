"""Build the page and write beside it what it was built from.

``python .ci/page_digest.py COMMAND...`` runs the command in ``page/``. Both make and the build's hook
(``hatch_build.py``) build through `build`, so that a wheel takes a page that stands only while its sources
are the ones that it was built from.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

STATIC = Path("src", "unisono", "web", "static")
DIGEST = STATIC / "source.sha256"


def source_digest(root: Path) -> str:
    """Return the SHA-256 of every file in ``page/``, installed packages aside: paths and bytes, in order."""
    page = root / "page"
    files: dict[str, Path] = {}
    for folder, folders, names in os.walk(page):
        folders[:] = [name for name in folders if name != "node_modules"]
        paths = [Path(folder, name) for name in names]
        files |= {path.relative_to(page).as_posix(): path for path in paths}
    total = hashlib.sha256()
    for name, path in sorted(files.items()):
        total.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def is_current(root: Path) -> bool:
    """Return whether a page stands that was built from ``page/`` as it is now."""
    if not (root / STATIC / "index.html").is_file() or not (root / DIGEST).is_file():
        return False
    return (root / DIGEST).read_text(encoding="ascii").strip() == source_digest(root)


def build(root: Path, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
    """Run ``command`` in ``page/``, then write the digest.

    Raises
    ------
    subprocess.CalledProcessError
        If the command fails; no digest is written then.
    """
    digest = source_digest(root)  # before: an edit made meanwhile is not in the page
    (root / DIGEST).unlink(missing_ok=True)
    subprocess.run(command, check=True, cwd=root / "page", env=environment)  # noqa: S603  # npm, given by make
    (root / STATIC).mkdir(parents=True, exist_ok=True)
    (root / DIGEST).write_text(f"{digest}\n", encoding="ascii")


if __name__ == "__main__":
    try:
        build(Path(__file__).parents[1], sys.argv[1:])
    except subprocess.CalledProcessError as failed:
        sys.exit(failed.returncode)
