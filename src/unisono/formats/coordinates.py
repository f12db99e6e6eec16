"""Coordinates as text: numbers in one string with single spaces, x and y apart, as Unity writes them."""

import math
from collections.abc import Iterable
from typing import Any

from unisono.base.errors import FormatError


def dump_numbers(values: Iterable[float], decimals: int | None = None) -> str:
    """Return numbers with single spaces between them.

    Parameters
    ----------
    values : iterable of float
    decimals : int, optional
        Round to so many; all digits by default.

    Examples
    --------
    >>> dump_numbers([355.1234, -0.0001, 402], 3), dump_numbers([0.1 + 0.2])
    ('355.123 0.0 402.0', '0.30000000000000004')
    """
    kept = [float(v) if decimals is None else round(float(v), decimals) for v in values]
    return " ".join(str(v + 0.0) for v in kept)  # + 0.0 turns -0.0 into 0.0


def parse_numbers(raw: Any, where: str) -> list[float]:  # noqa: ANN401  # a field of a foreign file
    """Return the numbers of a string or list; nothing, or spaces alone, are no numbers.

    Raises
    ------
    FormatError
        If something in it is no finite number.
    """
    parts = raw.split() if isinstance(raw, str) else raw
    if not isinstance(parts, list | tuple):
        raise FormatError(f"{where}: expected numbers in a string or list; got {type(raw).__name__}")
    if not isinstance(raw, str) and any(isinstance(p, bool) or not isinstance(p, int | float) for p in raw):
        raise FormatError(f"{where}: expected numbers; got {_short(raw)}")
    try:
        values = [float(p) for p in parts]
    except (ValueError, OverflowError):
        raise FormatError(f"{where}: expected numbers; got {_short(raw)}") from None
    if not all(math.isfinite(v) for v in values):
        raise FormatError(f"{where}: expected finite numbers; got {_short(raw)}")
    return values


def parse_pairs(x: Any, y: Any, where: str) -> list[tuple[float, float]]:  # noqa: ANN401  # fields of a foreign file
    """Return points from x and y.

    Raises
    ------
    FormatError
        If one holds more numbers than the other; says how many each.
    """
    xs, ys = parse_numbers(x, f"{where}: x"), parse_numbers(y, f"{where}: y")
    if len(xs) != len(ys):
        raise FormatError(f"{where}: {len(xs)} x and {len(ys)} y; there must be as many")
    return list(zip(xs, ys, strict=True))


def _short(raw: object) -> str:
    text = repr(raw)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004  # a line of an error
