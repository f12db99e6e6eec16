"""Hold our cleaning of headers beside dicognito, dicom-anonymizer and deid: what survives, and what it takes.

Five ultrasound files, one a character set, carry a distinct canary in every attribute that DICOM PS3.15
Table E.1-1 (2026c) wants removed, emptied or replaced: at top level, nested once and deeper, in private
elements, in the file meta. Each tool cleans them in an environment of its own, made in ``.make/peers`` and
kept there. Time is of reading, cleaning and writing an ordinary clip (30 frames of 320 x 240, 225 kB, out of
pydicom's wheel), tools taking turns.

No peer claims the whole table: dicognito keeps what it finds harmless, deid removes what its recipe lists.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from pydicom.data import get_testdata_file

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.parts.cleaners import ORDINARY, TURNS
from benchmarks.parts.planted import FREE_TEXT, PLACES, Planted, canaries, planted_in, survivors, word_stays
from benchmarks.parts.rounds import Competitor, Spread, goal, machine, say, spread

PEERS = Path(__file__).parents[1] / ".make" / "peers"
PROGRAM = str(Path(__file__).parent / "parts" / "cleaners.py")
ROUNDS, HEADER_MS = 5, 5.0
TOOLS = {
    "unisono": ("unisono, to the catalog", "", "Apache-2.0"),
    "unisono_dicom": ("unisono, clean DICOM out", "", "Apache-2.0"),
    "dicognito": ("dicognito 0.19.0", "dicognito==0.19.0", "MIT"),
    "anonymizer_2023": ("dicom-anonymizer 2.1.0, default", "dicom-anonymizer==2.1.0", "BSD-3-Clause"),
    "anonymizer_2026c": ("dicom-anonymizer 2.1.0, 2026c", "dicom-anonymizer==2.1.0", "BSD-3-Clause"),
    "deid": ("deid 0.4.13, ultrasound recipe", "deid==0.4.13", "MIT"),
    "deid_private": ("deid, private elements removed", "deid==0.4.13", "MIT"),
}
"""Each tool's name in the table, what it is installed from, and its licence."""


def write_load(folder: Path) -> dict[str, list[Planted]]:
    """Write the files that are cleaned, and return the canaries of each character set's."""
    ordinary = get_testdata_file("examples_ybr_color.dcm", download=False)
    if ordinary is None:
        raise SystemExit("pydicom's wheel holds no examples_ybr_color.dcm any more")
    shutil.copy(str(ordinary), folder / ORDINARY)
    planted = {}
    for charset in canaries.CHARSETS:
        path = folder / f"{charset}.dcm"
        path.write_bytes(canaries.as_bytes(canaries.recording(canaries.Planter(charset))))
        planted[charset] = list(planted_in(path))
    return planted


def counted(planted: Iterable[Planted]) -> str:
    """Return a table row: how many canaries lie in each place, and how many are free text."""
    canaries_found = list(planted)
    places = Counter(one.place for one in canaries_found)
    texts = sum(one.kind == FREE_TEXT for one in canaries_found)
    return "".join(f"{places[place]:>10}" for place in PLACES) + f"{texts:>10}"


def row(name: str, folder: Path, planted: dict[str, list[Planted]], took_ms: Spread) -> int:
    """Print what survived one tool, and return how many canaries did."""
    left: list[Planted] = []
    words = failed = 0
    for charset, known in planted.items():
        cleaned = folder / f"{charset}.dcm"
        if cleaned.exists():
            left += survivors(known, cleaned)
            words += word_stays(charset, cleaned)
        else:
            failed += 1
    note = f"  failed on {failed} files" if failed else ""
    label, _, licence = TOOLS[name]
    say(f"{label:32}{licence:14}{counted(left)}{words:>7}/5  {took_ms.text(1)}{note}")
    return len(left) + words + failed


def install(package: str) -> str:
    """Return the interpreter of a package's environment, made when there is none; OSError if it cannot be."""
    if not package:
        return sys.executable
    home = PEERS / package
    python = home / "bin" / "python"
    if (home / "whole").exists():
        return str(python)
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if uv is None:
        raise OSError("uv is not installed")
    shutil.rmtree(home, ignore_errors=True)
    for command in (
        ["venv", "--python", sys.executable, str(home)],
        ["pip", "install", "--python", str(python), package],
    ):
        done = subprocess.run([uv, *command], capture_output=True, text=True, timeout=120, check=False)
        if done.returncode:
            raise OSError(f"uv {command[0]} failed: {done.stderr.strip().splitlines()[-1][:80]}")
    (home / "whole").touch()
    return str(python)


def main() -> None:
    """Print the table."""
    began = time.perf_counter()
    say(machine())
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        source = Path(name, "in")
        source.mkdir()
        planted = write_load(source)
        tools = {}
        for tool, (label, package, _) in TOOLS.items():
            try:
                python = install(package)
            except (OSError, subprocess.TimeoutExpired) as error:
                say(f"{label}: not measured, {error}")
                continue
            target = Path(name, tool)
            target.mkdir()
            started = Competitor(PROGRAM, tool, str(source), str(target), python=python)
            tools[tool] = stack.enter_context(started).ready()
        for _ in range(ROUNDS):
            for competitor in tools.values():
                competitor.turn()
        say(
            "canaries that survive, of five files"
            + " " * 10
            + "".join(f"{p:>10}" for p in PLACES)
            + " free text"
        )
        say(f"{'planted':46}{counted(one for known in planted.values() for one in known)}{5:>9}/5  CPU-ms")
        left, took = {}, {}
        for tool, competitor in tools.items():
            took[tool] = spread([1000 * one.cpu_s / TURNS for one in competitor.rounds])
            left[tool] = row(tool, Path(name, tool), planted, took[tool])
    for tool in ("unisono", "unisono_dicom"):
        goal(f"canaries left by {TOOLS[tool][0]}", str(left[tool]), "0", is_met=left[tool] == 0)
    header = took["unisono"]
    goal("header read, cleaned, written", header.text(1, " ms"), "<= 5 ms", is_met=header.median <= HEADER_MS)
    say(f"took {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
