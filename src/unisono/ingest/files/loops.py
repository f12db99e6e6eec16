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

_NUMBERED = re.compile(r"(.*?)(\d{2,})(\.[A-Za-z]+)", re.DOTALL)


Series = tuple[str, int, str]
"""What the names of a loop's images share: what stands before the number, its digits, the ending."""


def series_of(name: str) -> tuple[Series, int] | None:
    """Return the series that a file's name belongs to, and its number there; None when it is not numbered.

    Examples
    --------
    >>> series_of("loop-007.png"), series_of("v2.png")
    ((('loop-', 3, '.png'), 7), None)
    """
    match = _NUMBERED.fullmatch(name)
    if match is None or match[1][-1:] not in ("-", "_", ""):
        return None
    return (match[1], len(match[2]), match[3]), int(match[2])


def loops_in(files: Sequence[Path]) -> list[list[Path]]:
    """Return the loops among the files of one folder, each in the order of its numbers."""
    groups: dict[Series, list[tuple[int, Path]]] = defaultdict(list)
    for path in files:
        found = series_of(path.name)
        if found is not None:
            groups[found[0]].append((found[1], path))
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
