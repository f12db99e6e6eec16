"""How a protocol shows several recordings at once, to be put in order: the size of a set and how often."""

from dataclasses import dataclass

from unisono.base.errors import LabelError
from unisono.labels.parsing import Json, finite, object_of, whole

SMALLEST, LARGEST = 2, 8
MOST_TIMES = 100
MOST_REPEATS = 0.5
KINDS = ("clip", "frame")
_KEYS = {"of", "size", "times", "repeats", "scheduler"}


@dataclass(frozen=True, slots=True)
class SetPlan:
    """How sets are made.

    Parameters
    ----------
    of : str
        What a set holds: ``clip`` or ``frame``.
    size : int
        How many are shown at once, 2 to 8; 2 are shown side by side.
    times : int
        In how many sets each clip or frame stands.
    repeats : float
        Which share of the sets is asked a second time, mirrored, 0 to 0.5.
    scheduler : str
        Who says what stands together.
    """

    of: str = "clip"
    size: int = 6
    times: int = 3
    repeats: float = 0.05
    scheduler: str = "balanced"

    def __post_init__(self) -> None:
        if self.of not in KINDS:
            raise LabelError(f"a set is of {' or '.join(KINDS)}; got {self.of!r}")
        whole(self.size, "size of a set", SMALLEST, LARGEST)
        whole(self.times, "times", 1, MOST_TIMES)
        if not 0 <= finite(self.repeats, "repeats") <= MOST_REPEATS:
            raise LabelError(f"repeats must be a share from 0 to {MOST_REPEATS}; got {self.repeats!r}")


def parse_plan(raw: Json) -> SetPlan:
    """Read a protocol's ``set``; what it does not say has its default.

    Raises
    ------
    LabelError
        If a key is unknown or a value out of range; says which are legal.
    """
    return SetPlan(**object_of(raw, "set", _KEYS, optional=_KEYS))
