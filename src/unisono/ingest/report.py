"""What one run of ingest came to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Progress = Callable[[int, int, str], None]
"""Called with sources done, sources in all, and the label of the last one."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """A file that was not taken: its path, the code of the rule, and why in one sentence."""

    path: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Warned:
    """A clip that was taken and needs a person's look: its path, and why in one sentence."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """Every file of a run is counted once: taken, known or withheld.

    Parameters
    ----------
    codes : tuple of str
        Clips taken by this run.
    frames : int
        Frames of those clips.
    known : int
        Recordings that were in already.
    withheld : tuple of Withheld
        In the order of their paths.
    warnings : tuple of Warned
        Among the clips taken, in the order of their paths.
    """

    codes: tuple[str, ...]
    frames: int
    known: int
    withheld: tuple[Withheld, ...]
    warnings: tuple[Warned, ...] = ()

    @property
    def is_success(self) -> bool:
        """Whether at least one clip is in: taken now or known."""
        return bool(self.codes) or self.known > 0

    def to_json(self) -> dict[str, Any]:
        """Return the report as the command line prints it."""
        return {
            "clips": len(self.codes),
            "frames": self.frames,
            "known": self.known,
            "withheld": [{"path": w.path, "reason": f"{w.code}: {w.reason}"} for w in self.withheld],
            "warnings": [{"path": w.path, "reason": w.reason} for w in self.warnings],
        }
