"""Moments of a clip, as the label types of time write them down: a frame, and when it starts."""

from unisono.base.errors import LabelError
from unisono.labels.parsing import Json, finite

MAX_FRAME = 10**7


def moment(raw: Json, what: str) -> float | None:
    """Return a time in s, 0 or later, or None for none.

    Raises
    ------
    LabelError
        If it is no finite number, or negative.
    """
    if raw is None:
        return None
    value = finite(raw, what)
    if value < 0:
        raise LabelError(f"{what} must be 0 s or later; got {value:g}")
    return value
