"""End a command in order when Ctrl-C or SIGTERM asks for it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType, TracebackType
from typing import Self

import typer

from unisono.cli.common import say_error

SIGNALS = (signal.SIGTERM, signal.SIGINT)
SHELL_BASE = 128
"""A shell's exit status of what a signal ended, less the signal's number."""


class Ending:
    """Turn the first signal into a `KeyboardInterrupt`, at once or after the step at hand; no other counts.

    Within the block no signal kills the process half-way through what must be whole. An interrupt that nobody
    caught inside ends the command with a line and its exit status.
    """

    def __init__(self) -> None:
        self._number = 0
        self._is_busy = False

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._hear) for number in SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        if kind is KeyboardInterrupt and self._number:
            say_error("it was interrupted; what is in is whole")
            raise typer.Exit(self.exit_status)

    @property
    def exit_status(self) -> int:
        """What the shell is told: 130 after Ctrl-C, 143 after SIGTERM, 0 when nobody asked."""
        return SHELL_BASE + self._number if self._number else 0

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """Put a signal off until the end of the block."""
        self._is_busy = True
        try:
            yield
        finally:
            self._is_busy = False
        if self._number:
            raise KeyboardInterrupt

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        if self._number:
            return
        self._number = number
        if not self._is_busy:
            raise KeyboardInterrupt


@contextmanager
def until_told() -> Iterator[Event]:
    """Yield an event that is set when a signal asks the command to end."""
    told = Event()
    before = {s: signal.signal(s, lambda *_: told.set()) for s in SIGNALS}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
