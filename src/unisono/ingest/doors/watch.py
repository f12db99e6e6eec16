"""Which files of a watched folder are whole: those that did not change for some seconds.

Nothing but the standard library: a look at every file's size and time, remembered until the next look. That
works on network disks, too, where notifications do not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from unisono.ingest.files.walk import Left, walk
from unisono.ingest.reports.report import Withheld

MOST_TRIES, RETRY_S = 3, 600.0
"""How often a file is tried that may have failed by the machine's fault, and the rest in between."""
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
    failed : dict of pathlib.Path to tuple
        The stamp of what failed and may not be to blame, how often, and when it is tried again, s.
    """

    folder: Path
    quiet_s: float
    seen: dict[Path, tuple[Stamp, float]] = field(default_factory=dict)
    taken: dict[Path, Stamp] = field(default_factory=dict)
    failed: dict[Path, tuple[Stamp, int, float]] = field(default_factory=dict)

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
        self.failed = {path: how for path, how in self.failed.items() if stamps.get(path) == how[0]}
        return sorted(
            path
            for path, (_, since_s) in self.seen.items()
            if now_s - since_s >= self.quiet_s and now_s >= self._again_s(path)
        )

    def settle(self, paths: Sequence[Path], withheld: Iterable[Withheld], now_s: float) -> None:
        """Remember that these were taken; what failed and may not be to blame is offered again later."""
        passing = [held.path for held in withheld if held.is_passing]
        done = []
        for path in paths:
            tries = self.failed.get(path, ((0, 0), 0, 0.0))[1] + 1
            is_passing = any(label == str(path) or label.startswith(f"{path}!") for label in passing)
            if is_passing and tries < MOST_TRIES:
                self.failed[path] = (self.seen[path][0], tries, now_s + RETRY_S)
            else:
                done.append(path)
        self.done(done)

    def done(self, paths: list[Path]) -> None:
        """Remember that these were taken as they were at the last look."""
        for path in paths:
            stamp, _ = self.seen.pop(path)
            self.taken[path] = stamp

    def _again_s(self, path: Path) -> float:
        return self.failed[path][2] if path in self.failed else 0.0

    def _since(self, path: Path, stamp: Stamp, now_s: float) -> float:
        before = self.seen.get(path)
        return before[1] if before and before[0] == stamp else now_s


def _stamps(folder: Path) -> list[tuple[Path, Stamp]]:
    found = []
    for entries in walk([folder], lambda _: False):
        for entry in entries:
            path = _to_be_told(entry) if isinstance(entry, Left) else entry
            if path is None or path.name.startswith("."):
                continue
            try:
                stat = path.lstat() if isinstance(entry, Left) else path.stat()
            except OSError:
                continue  # renamed or deleted between the listing and the look: the next look tells
            found.append((path, (stat.st_size, stat.st_mtime_ns)))
    return found


def _to_be_told(left: Left) -> Path | None:
    # Empty folders fill, and links to folders are walked or lead to what is: neither is worth a word here.
    return None if left.is_folder and left.code == "E_NOT_RECORDING" else left.path
