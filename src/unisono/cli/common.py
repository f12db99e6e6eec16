"""What all verbs share: the home folder, opening the catalog, printing JSON."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from unisono.annotate.run import Catalog, open_catalog
from unisono.base.errors import CatalogError
from unisono.base.settings import Settings, read_settings

_NO_UTF8, _HIGHEST_BYTE = 0xDC00, 0xFF
"""Where Python keeps the bytes of a name that are no UTF-8, among its characters."""
Home = Annotated[
    Path | None, typer.Option("--home", help="Folder of the catalog and the frames; else UNISONO_HOME.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of words.")]


def settings_of(home: Path | None, **given: Any) -> Settings:  # noqa: ANN401  # one per setting
    """Return the settings: what the command line gave, else the environment, else the defaults."""
    return read_settings(home=home, **given)


@contextmanager
def opened(home: Path | None, **given: Any) -> Iterator[Catalog]:  # noqa: ANN401  # one per setting
    """Open the catalog for one command and close it behind.

    Raises
    ------
    CatalogError
        If the home folder cannot be made or written.
    """
    settings = settings_of(home, **given)
    try:
        catalog = open_catalog(settings)
    except OSError as error:
        raise CatalogError(f"the home folder {settings.home} cannot be used: {error.strerror}") from None
    try:
        yield catalog
    finally:
        catalog.close()


def print_json(value: Any) -> None:  # noqa: ANN401  # any JSON
    """Print a JSON document on one line."""
    typer.echo(json.dumps(value, sort_keys=True, default=str))


def shown(text: str) -> str:
    r"""Return a name as a terminal may print it: what could move its cursor or forge a line is escaped.

    Examples
    --------
    >>> print(shown("a\nb\x1b[2J\u202e\udcff.dcm"))
    a\nb\x1b[2J\u202e\xff.dcm
    """
    return "".join(char if char.isprintable() else _escaped(char) for char in text)


def say(line: str) -> None:
    """Print one line, whatever the names in it are made of."""
    typer.echo(shown(line))


def say_error(error: Exception | str) -> None:
    """Print one line on standard error."""
    typer.echo(shown(f"unisono: {error}"), err=True)


def _escaped(char: str) -> str:
    byte = ord(char) - _NO_UTF8
    if 0 <= byte <= _HIGHEST_BYTE:
        return f"\\x{byte:02x}"
    return char.encode("unicode_escape").decode("ascii")
