"""The command ``unisono``: one verb a door; every verb has ``--json`` and exits 0 only on success."""

import importlib
import pkgutil
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from unisono import __version__, cli
from unisono.base.errors import UnisonoError

NOT_VERBS = {
    "__main__", "common", "ending", "main",
    "sample_choices", "sample_moments", "sample_rankings", "sample_spatial", "sample_study",
}  # fmt: skip

app = typer.Typer(
    name="unisono",
    help="Turn ultrasound recordings into datasets that many experts labelled independently.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _print_version(value: bool) -> None:
    if value:
        typer.echo(f"unisono {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", callback=_print_version, is_eager=True, help="Print the version and leave."
    ),
) -> None:
    """Turn ultrasound recordings into datasets that many experts labelled independently."""


@contextmanager
def _ended_by_ctrl_c() -> Iterator[None]:
    """Let Ctrl-C end the process without a word; a thread that is not the main one hears of no signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _register_rooms() -> None:
    for entry in sorted(pkgutil.iter_modules(cli.__path__), key=lambda e: e.name):
        if entry.name not in NOT_VERBS:
            importlib.import_module(f"unisono.cli.{entry.name}").register(app)


def run() -> None:
    """Run the command line; what a user can mend is one line on standard error, without a traceback."""
    try:
        app()
    except UnisonoError as error:
        importlib.import_module("unisono.cli.common").say_error(error)
        sys.exit(1)


with _ended_by_ctrl_c():  # seconds on a slow disk, and a traceback of imports helps nobody
    _register_rooms()
