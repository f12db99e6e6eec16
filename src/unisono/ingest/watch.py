"""Which files of a watched folder are whole: those that did not change for some seconds.

Nothing but the standard library: a look at every file's size and time, remembered until the next look. That
works on network disks, too, where notifications do not.
"""

from dataclasses import dataclass, field
from pathlib import Path

Stamp = tuple[int, int]
"""Size in bytes, and time of the last change in ns."""


@dataclass
class Watched:
    """What was seen of a folder so far.

    Parameters
    ----------
    folder : pathlib.Path
    quiet_s : float, s
        How long a file must rest before it counts as whole.
    seen : dict of pathlib.Path to tuple
        Each file's stamp, and when it was seen first with it, s.
    taken : dict of pathlib.Path to tuple
        The stamp with which a file was taken.
    """

    folder: Path
    quiet_s: float
    seen: dict[Path, tuple[Stamp, float]] = field(default_factory=dict)
    taken: dict[Path, Stamp] = field(default_factory=dict)

    def look(self, now_s: float) -> list[Path]:
        """Return the files that rest and were not taken yet, in the order of their paths.

        Parameters
        ----------
        now_s : float, s
            On a clock that never goes back.
        """
        stamps = dict(_stamps(self.folder))
        self.seen = {
            path: (stamp, self._since(path, stamp, now_s))
            for path, stamp in stamps.items()
            if self.taken.get(path) != stamp
        }
        self.taken = {path: stamp for path, stamp in self.taken.items() if path in stamps}
        return sorted(path for path, (_, since_s) in self.seen.items() if now_s - since_s >= self.quiet_s)

    def done(self, paths: list[Path]) -> None:
        """Remember that these were taken as they were at the last look."""
        for path in paths:
            stamp, _ = self.seen.pop(path)
            self.taken[path] = stamp

    def _since(self, path: Path, stamp: Stamp, now_s: float) -> float:
        before = self.seen.get(path)
        return before[1] if before and before[0] == stamp else now_s


def _stamps(folder: Path) -> list[tuple[Path, Stamp]]:
    found = []
    for path in folder.rglob("*"):
        try:
            stat = path.stat()
            if path.is_file() and not path.name.startswith("."):
                found.append((path, (stat.st_size, stat.st_mtime_ns)))
        except OSError:
            continue  # renamed or deleted between the listing and the look: the next look tells
    return found
