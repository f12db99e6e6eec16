"""What a question says of the axes that its places lie on: options that points and curves share."""

from collections.abc import Mapping

from unisono.base.errors import LabelError
from unisono.labels.parsing import Json

AXES = ("velocity",)
"""``velocity``: the place lies on a spectral strip and is read out in cm/s and ms."""


def axis_of(given: Mapping[str, Json]) -> str | None:
    """Return the option ``axis``; None where a question has none.

    Raises
    ------
    LabelError
        If it is not one of `AXES`.
    """
    axis = given.get("axis")
    if axis is not None and axis not in AXES:
        raise LabelError(f"axis {axis!r} is not one of: {', '.join(AXES)}")
    return None if axis is None else str(axis)


def flag_of(given: Mapping[str, Json], name: str) -> bool:
    """Return an option that is true or false, by default false.

    Raises
    ------
    LabelError
        If it is neither.
    """
    value = given.get(name, False)
    if not isinstance(value, bool):
        raise LabelError(f"{name} must be true or false; got {value!r}")
    return value
