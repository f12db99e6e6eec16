"""What one run of ingest came to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from unisono.base.errors import CatalogError

PASSING = frozenset({"E_DECODER_DIED", "E_LIMIT_TIME", "E_LIMIT_MEM", "E_STORE_IO"})
"""Refusals that may lie with the machine rather than with the file: the next run takes such files again."""
KEPT_AS_CLIPS = frozenset({
    "E_TEXT_RESIDUAL", "E_PHI_RESIDUAL", "E_NO_MASK", "E_MASK_IMPLAUSIBLE", "E_REJECTED",
})  # fmt: skip
"""Recordings that are in, as clips that wait for a person or that one rejected: no second copy is kept."""
NOT_OURS = frozenset({"E_NOT_RECORDING", "E_MODALITY"})
"""What lies beside recordings in any folder: no ultrasound, and nothing is wrong with it."""
Progress = Callable[[int, int, str], None]
"""Called with sources done, sources in all, and the label of the last one."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """A file that was not taken: its path, the code of the rule, and why in one sentence."""

    path: str
    code: str
    reason: str

    @property
    def is_passing(self) -> bool:
        """Whether the next run may well take it."""
        return self.code in PASSING

    @property
    def is_kept_as_clip(self) -> bool:
        """Whether the recording is in, out of sight."""
        return self.code in KEPT_AS_CLIPS


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
    stopped : str
        Why the run ended early, or empty.
    left : int
        Recordings that it did not come to.
    """

    codes: tuple[str, ...]
    frames: int
    known: int
    withheld: tuple[Withheld, ...]
    warnings: tuple[Warned, ...] = ()
    stopped: str = ""
    left: int = 0

    @property
    def is_success(self) -> bool:
        """Whether the run came to its end with at least one clip in: taken now or known."""
        return not self.stopped and (bool(self.codes) or self.known > 0)

    @property
    def n_passing(self) -> int:
        """How many files were withheld for what may lie with the machine."""
        return sum(held.is_passing for held in self.withheld)

    @property
    def n_refused(self) -> int:
        """How many recordings were refused: neither in, nor waiting as clips, nor something else."""
        return sum(held.code not in NOT_OURS | KEPT_AS_CLIPS for held in self.withheld)

    def to_json(self) -> dict[str, Any]:
        """Return the report as the command line prints it."""
        early = {"stopped": self.stopped, "left": self.left} if self.stopped else {}
        return {
            **early,
            "clips": len(self.codes),
            "frames": self.frames,
            "known": self.known,
            "withheld": [{"path": w.path, "reason": f"{w.code}: {w.reason}"} for w in self.withheld],
            "warnings": [{"path": w.path, "reason": w.reason} for w in self.warnings],
        }


class RunStoppedError(CatalogError):
    """A run ended early; what is in is whole, and the next run goes on.

    Parameters
    ----------
    message : str
        Why, without a path.
    report : IngestReport
        What it came to until then.
    """

    def __init__(self, message: str, report: IngestReport) -> None:
        super().__init__(message)
        self.report = report

    def __reduce__(self) -> tuple[type["RunStoppedError"], tuple[str, IngestReport]]:
        """Cross a process border whole."""
        return (type(self), (str(self), self.report))
