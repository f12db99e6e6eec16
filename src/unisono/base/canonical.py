"""One text for one value: JSON that Python and the page write alike, so that both can hash it.

Keys sorted, no spaces, numbers the JavaScript way (``1`` for 1.0, ``0.00001`` and not ``1e-05``).
Source: ECMA-262, section Number::toString; RFC 8785 uses the same rule.
"""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

PLAIN_FROM, PLAIN_BELOW = 1e-6, 1e21
"""JavaScript writes numbers of this size without an exponent."""


def canonical_json(value: Any) -> str:  # noqa: ANN401  # any JSON
    """Return the canonical text of a JSON value.

    Raises
    ------
    TypeError
        If something in it is no JSON.
    ValueError
        If a number is not finite.
    """
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, Mapping):
        rows = (f"{canonical_json(str(k))}:{canonical_json(value[k])}" for k in sorted(value))
        return "{" + ",".join(rows) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(canonical_json, value)) + "]"
    raise TypeError(f"{type(value).__name__} is no JSON")


def sha256_of(value: Any) -> str:  # noqa: ANN401  # any JSON
    """Return the SHA-256 of a JSON value's canonical text, as 64 hex digits."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def _number(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124  # NaN is not itself
        raise ValueError(f"{value} has no JSON")
    size = abs(value)
    if size == 0:
        return "0"
    if PLAIN_FROM <= size < PLAIN_BELOW:
        return format(Decimal(repr(value)), "f").removesuffix(".0")
    digits, _, exponent = repr(value).partition("e")
    power = int(exponent)
    return f"{digits.removesuffix('.0')}e{'+' if power > 0 else '-'}{abs(power)}"
