"""Read values from JSON that nobody has checked yet: objects, numbers, whole numbers."""

import sys
from collections.abc import Mapping
from typing import Any

from unisono.base.errors import LabelError

Json = Any
"""A value that came from or goes to JSON; parsed before anything else sees it."""


def object_of(
    raw: Json, what: str, keys: set[str], *, optional: set[str] | frozenset[str] = frozenset()
) -> dict[str, Json]:
    """Return ``raw`` as an object that has the given keys and no others.

    Raises
    ------
    LabelError
        If it is no object, a key is missing or a key is unknown.
    """
    if not isinstance(raw, Mapping):
        raise LabelError(f"{what} must be an object; got {type(raw).__name__}")
    missing, unknown = keys - optional - raw.keys(), raw.keys() - keys
    if missing or unknown:
        wrong = [f"missing {k}" for k in sorted(missing)] + [f"unknown {k}" for k in sorted(unknown)]
        raise LabelError(f"{what}: {', '.join(wrong)}; legal: {', '.join(sorted(keys))}")
    return dict(raw)


def finite(raw: Json, what: str) -> float:
    """Return a number as a float.

    Raises
    ------
    LabelError
        If it is no number, or not finite.
    """
    if isinstance(raw, bool) or not isinstance(raw, (int, float)) or not abs(raw) <= sys.float_info.max:
        raise LabelError(f"{what} must be a finite number; got {raw!r}")
    return float(raw)


def whole(raw: Json, what: str, low: int, high: int) -> int:
    """Return a whole number within ``low..high``.

    Raises
    ------
    LabelError
        If it is not.
    """
    if isinstance(raw, bool) or not isinstance(raw, int) or not low <= raw <= high:
        raise LabelError(f"{what} must be a whole number from {low} to {high}; got {raw!r}")
    return raw
