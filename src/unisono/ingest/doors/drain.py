"""Empty an inbox: hand what waits to the ingest door, then delete what is in and set aside what is not.

The door is given as a function, so that this file knows no catalog. A process that is killed between the two
steps leaves files that are known at the next run and deleted then.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from unisono.base.errors import CatalogError
from unisono.ingest.doors.inbox import Inbox, quarantine
from unisono.ingest.reports.report import IngestReport, RunStoppedError, Withheld

BATCH = 32


class Door(Protocol):
    """What stands behind an inbox; see `unisono.ingest.run.doorway`."""

    def take(self, paths: Sequence[Path]) -> IngestReport:
        """Take some files in."""

    def named(self, found: IngestReport) -> tuple[Withheld, ...]:
        """Return what was withheld under names that a log may hold."""

    def tell(self, found: IngestReport, place: Callable[[str], str]) -> None:
        """Report a batch, with where each label's file lies now."""


@dataclass(frozen=True, slots=True)
class Drained:
    """What one emptying came to.

    Parameters
    ----------
    clips, frames, known : int
        Taken, and there before.
    withheld : tuple of Withheld
        What was set aside or put back, by the key of the place it came from.
    is_busy : bool
        Something still waits and will be taken next time.
    problem : str
        Why, when it is not that another process is emptying the inbox.
    lingering : int
        Files that are in and lie in the inbox still, because a batch was ended early.
    """

    clips: int = 0
    frames: int = 0
    known: int = 0
    withheld: tuple[Withheld, ...] = ()
    is_busy: bool = False
    problem: str = ""
    lingering: int = 0

    @classmethod
    def of(cls, report: IngestReport, withheld: Iterable[Withheld] | None = None) -> "Drained":
        """Return the figures of one report, with its own list of what was withheld or another."""
        held = report.withheld if withheld is None else tuple(withheld)
        return cls(len(report.codes), report.frames, report.known, held)

    def __add__(self, other: "Drained") -> "Drained":
        return Drained(
            self.clips + other.clips,
            self.frames + other.frames,
            self.known + other.known,
            self.withheld + other.withheld,
            other.is_busy,
            other.problem,
            self.lingering + other.lingering,
        )

    def __bool__(self) -> bool:
        return bool(self.clips or self.known or self.withheld)

    @property
    def is_success(self) -> bool:
        """Whether at least one clip is in."""
        return self.clips + self.known > 0

    def to_json(self) -> dict[str, object]:
        """Return the figures as the command line prints them."""
        return {
            "clips": self.clips,
            "frames": self.frames,
            "known": self.known,
            "withheld": [{"path": w.path, "reason": f"{w.code}: {w.reason}"} for w in self.withheld],
        }


def drain(inbox: Inbox, door: Door, is_ending: Callable[[], bool] = lambda: False) -> Drained:
    """Take in what waits, batch by batch, until the inbox is empty or somebody else is at work.

    A file that failed by what may be the machine's fault is put back, to be tried again after a rest.

    Parameters
    ----------
    inbox : Inbox
    door : Door
    is_ending : callable, optional
        Asked between batches: whether to leave the rest for the next time. A door that is told as well ends
        a batch early by a `RunStoppedError`.
    """
    total = Drained()
    try:
        with inbox.alone():
            while not is_ending() and (paths := inbox.delivered()[:BATCH]):
                try:
                    report = door.take(paths)
                except CatalogError as error:
                    if is_ending() and isinstance(error, RunStoppedError):
                        return total + _ended(door, error.report)
                    # Nothing is lost, and the senders have done their part: the next time tries again.
                    return total + _reported(door, only_taken(error), {}, busy=str(error))
                total += _reported(door, report, _moved(inbox, paths, report))
    except CatalogError:
        return total + Drained(is_busy=True)
    return total


def _ended(door: Door, report: IngestReport) -> Drained:
    # What this batch has in is known, and deleted, at the next start; which files these are it does not say.
    taken = replace(report, known=0, withheld=(), warnings=())
    return replace(_reported(door, taken, {}), lingering=len(report.codes) + report.known)


def only_taken(error: CatalogError) -> IngestReport:
    """Return what a run that ended early has in; all else waits where it is."""
    if isinstance(error, RunStoppedError):
        return replace(error.report, known=0, withheld=(), warnings=())
    return IngestReport((), 0, 0, ())


def _reported(door: Door, report: IngestReport, moved: dict[str, str], *, busy: str = "") -> Drained:
    problem = busy
    try:
        door.tell(report, lambda label: _place(label, moved))
    except CatalogError as error:
        problem = problem or str(error)
    figures = Drained.of(report, door.named(report) if report.withheld else ())
    return replace(figures, is_busy=bool(busy), problem=problem)


def _place(label: str, moved: dict[str, str]) -> str:
    for path, now in moved.items():
        if label == path or label.startswith(f"{path}!"):  # itself, or a member of it
            return now + label.removeprefix(path)
    return label


def _moved(inbox: Inbox, paths: Sequence[Path], report: IngestReport) -> dict[str, str]:
    """Settle a batch, and return where each of its files lies now that is neither in nor gone."""
    why = _reasons(inbox.folder, report)
    moved, rest = {}, []
    for path in paths:
        held = why.get(path.name, [])
        again = inbox.put_back(path) if held and all(w.is_passing for w in held) else None
        if again is None:
            rest.append(path)
        else:
            moved[str(path)] = str(again)
    settled = settle(inbox.home, inbox.folder, rest, report)
    return moved | {str(p): _lies(inbox.home, p, held) for p, held in settled if held}


def _lies(home: Path, path: Path, why: Sequence[Withheld]) -> str:
    if all(held.is_kept_as_clip for held in why):
        return "in quarantine, as a clip"
    return str(home / "quarantine" / path.name)


def settle(
    home: Path, base: Path, paths: Iterable[Path], report: IngestReport
) -> list[tuple[Path, list[Withheld]]]:
    """Delete the files that are in, if only as clips that wait, and move the others to the quarantine.

    Parameters
    ----------
    home : pathlib.Path
    base : pathlib.Path
        The folder under which all files lie.
    paths : iterable of pathlib.Path
    report : IngestReport
        Its labels are these paths, or members and runs of them.

    Returns
    -------
    list of tuple
        Each file with the reasons for which it was withheld; empty when it is in.
    """
    reasons = _reasons(base, report)
    settled = []
    for path in paths:
        why = reasons.get(path.relative_to(base).as_posix(), [])
        if all(held.is_kept_as_clip for held in why):
            path.unlink(missing_ok=True)
        else:
            quarantine(home, path)
        settled.append((path, why))
    return settled


def _reasons(base: Path, report: IngestReport) -> dict[str, list[Withheld]]:
    found: dict[str, list[Withheld]] = {}
    for held in report.withheld:
        for name in _names_of(held.path, base):
            found.setdefault(name, []).append(held)
    return found


def _names_of(label: str, base: Path) -> list[str]:
    inside = label.removeprefix(f"{base}/").partition("!")[0]
    first, is_run, last = inside.partition(" to ")
    if not is_run:
        return [inside]
    folder = Path(first).parent
    numbered = sorted(p.relative_to(base).as_posix() for p in (base / folder).iterdir())
    return [name for name in numbered if first <= name <= (folder / last).as_posix()]
