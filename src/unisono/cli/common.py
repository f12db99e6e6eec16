"""What all verbs share: the home folder, opening the catalog, printing JSON."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from unisono.annotate.run import Catalog, open_catalog
from unisono.base.settings import Settings, read_settings

Home = Annotated[
    Path | None, typer.Option("--home", help="Folder of the catalog and the frames; else UNISONO_HOME.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of words.")]


def settings_of(home: Path | None, **given: Any) -> Settings:  # noqa: ANN401  # one per setting
    """Return the settings: what the command line gave, else the environment, else the defaults."""
    return read_settings(home=home, **given)


@contextmanager
def opened(home: Path | None, **given: Any) -> Iterator[Catalog]:  # noqa: ANN401  # one per setting
    """Open the catalog for one command and close it behind."""
    catalog = open_catalog(settings_of(home, **given))
    try:
        yield catalog
    finally:
        catalog.close()


def print_json(value: Any) -> None:  # noqa: ANN401  # any JSON
    """Print a JSON document on one line."""
    typer.echo(json.dumps(value, sort_keys=True, default=str))
