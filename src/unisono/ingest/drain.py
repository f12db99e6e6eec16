"""Empty an inbox: hand what waits to the ingest door, then delete what is in and set aside what is not.

The door is given as a function, so that this file knows no catalog. A process that is killed between the two
steps leaves files that are known at the next run and deleted then.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from unisono.base.errors import CatalogError
from unisono.ingest.inbox import Inbox, quarantine
from unisono.ingest.report import IngestReport, Withheld

Take = Callable[[Sequence[Path]], IngestReport]
BATCH = 32


@dataclass(frozen=True, slots=True)
class Drained:
    """What one emptying came to.

    Parameters
    ----------
    clips, frames, known : int
        Taken, and there before.
    withheld : tuple of Withheld
        What was set aside, by its name in the quarantine folder.
    is_busy : bool
        Something still waits and will be taken next time.
    problem : str
        Why, when it is not that another process is emptying the inbox.
    """

    clips: int = 0
    frames: int = 0
    known: int = 0
    withheld: tuple[Withheld, ...] = ()
    is_busy: bool = False
    problem: str = ""

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


def drain(inbox: Inbox, take: Take, is_ending: Callable[[], bool] = lambda: False) -> Drained:
    """Take in what waits, batch by batch, until the inbox is empty or somebody else is at work.

    Parameters
    ----------
    inbox : Inbox
    take : callable
        The ingest door: paths in, report out.
    is_ending : callable, optional
        Asked between batches: whether to leave the rest for the next time.
    """
    total = Drained()
    try:
        with inbox.alone():
            while not is_ending() and (paths := inbox.delivered()[:BATCH]):
                try:
                    report = take(paths)
                except CatalogError as error:
                    # Nothing is lost, and the senders have done their part: the next time tries again.
                    return total + Drained(is_busy=True, problem=str(error))
                settled = settle(inbox.home, inbox.folder, paths, report)
                held = [Withheld(p.name, w.code, w.reason) for p, reasons in settled for w in reasons]
                total += Drained.of(report, held)
    except CatalogError:
        return total + Drained(is_busy=True)
    return total


def settle(
    home: Path, base: Path, paths: Iterable[Path], report: IngestReport
) -> list[tuple[Path, list[Withheld]]]:
    """Delete the files that are in, move the others to the quarantine.

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
    reasons: dict[str, list[Withheld]] = {}
    for held in report.withheld:
        for name in _names_of(held.path, base):
            reasons.setdefault(name, []).append(held)
    settled = []
    for path in paths:
        why = reasons.get(path.relative_to(base).as_posix(), [])
        if why:
            quarantine(home, path)
        else:
            path.unlink(missing_ok=True)
        settled.append((path, why))
    return settled


def _names_of(label: str, base: Path) -> list[str]:
    inside = label.removeprefix(f"{base}/").partition("!")[0]
    first, is_run, last = inside.partition(" to ")
    if not is_run:
        return [inside]
    folder = Path(first).parent
    numbered = sorted(p.relative_to(base).as_posix() for p in (base / folder).iterdir())
    return [name for name in numbered if first <= name <= (folder / last).as_posix()]
