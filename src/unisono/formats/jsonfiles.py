"""JSON inside label files: read with the file's name in the error, written the same way every time."""

import json
from collections.abc import ItemsView, Mapping
from typing import Any

from unisono.base.errors import FormatError


def load_object(data: bytes, where: str) -> Mapping[str, Any]:
    """Return the object that a file holds.

    Raises
    ------
    FormatError
        If it is not JSON or no object.
    """
    try:
        raw = json.loads(data)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise FormatError(f"{where}: not JSON: {error}") from None
    except (RecursionError, ValueError):  # nested without end; a number of more digits than Python reads
        raise FormatError(f"{where}: not JSON that can be read") from None
    items_of(raw, where)
    return dict(raw)


def items_of(raw: Any, where: str) -> ItemsView[str, Any]:  # noqa: ANN401  # a foreign file
    """Return names and values of an object.

    Raises
    ------
    FormatError
        If it is no object.
    """
    if not isinstance(raw, Mapping):
        raise FormatError(f"{where}: expected an object; got {type(raw).__name__}")
    return raw.items()


def text_of(data: bytes, where: str) -> str:
    """Return the text of a file in UTF-8, with or without a byte-order mark.

    Raises
    ------
    FormatError
        If it is not UTF-8.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FormatError(f"{where}: not text in UTF-8") from None


def dump_json(value: Any, indent: int | None = None) -> bytes:  # noqa: ANN401  # any JSON
    """Return JSON as UTF-8, keys sorted, a newline at the end."""
    return (json.dumps(value, indent=indent, sort_keys=True, ensure_ascii=False) + "\n").encode()
