"""Which images of a folder are the numbered frames of one loop.

Same name but for a trailing number of equal length that runs from 0 or 1 without a gap, and one size. Files
are looked at by their first bytes; what they hold is read when the clip is.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from unisono.ingest.files.image_sizes import size_of_image
from unisono.ingest.files.kinds import HEAD_BYTES, kind_of, opened_file

_NUMBERED = re.compile(r"(.*?)(\d{2,})\.[A-Za-z]+", re.DOTALL)


def loops_in(files: Sequence[Path]) -> list[list[Path]]:
    """Return the loops among the files of one folder, each in the order of its numbers."""
    groups: dict[tuple[str, int, str], list[tuple[int, Path]]] = defaultdict(list)
    for path in files:
        match = _NUMBERED.fullmatch(path.name)
        if match and match[1][-1:] in ("-", "_", ""):
            groups[match[1], len(match[2]), path.suffix].append((int(match[2]), path))
    loops = []
    for numbered in groups.values():
        numbers = [n for n, _ in sorted(numbered)]
        runs_on = numbers[0] in (0, 1) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        paths = [p for _, p in sorted(numbered)]
        if len(numbers) > 1 and runs_on and _of_one_size(paths):
            loops.append(paths)
    return loops


def _of_one_size(paths: Sequence[Path]) -> bool:
    first = _size(paths[0])
    return first is not None and all(_size(path) == first for path in paths[1:])


def _size(path: Path) -> tuple[int, int] | None:
    try:
        with opened_file(path) as file:
            return size_of_image(file) if kind_of(file.read(HEAD_BYTES)) == "images" else None
    except OSError:
        return None
