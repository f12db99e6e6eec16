"""A signal ends a command between two steps, never inside one, and the shell is told which it was."""

import os
import signal

import pytest
import typer

from unisono.cli.ending import Ending, until_told


def step(ending: Ending, number: signal.Signals, done: list[str]) -> None:
    with ending.undisturbed():
        os.kill(os.getpid(), number)
        done.append("the step")


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_is_heard_at_once_or_after_the_step_at_hand(number: signal.Signals, status: int) -> None:
    before = signal.getsignal(number)
    with Ending() as ending:
        assert ending.exit_status == 0
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), number)
        os.kill(os.getpid(), number)  # a second one changes nothing
        assert ending.exit_status == status
    assert signal.getsignal(number) is before
    done: list[str] = []
    with Ending() as ending, pytest.raises(KeyboardInterrupt):
        step(ending, number, done)
    assert done == ["the step"]


def test_a_step_without_a_signal_goes_on_and_its_error_is_its_own() -> None:
    with Ending() as ending:
        with ending.undisturbed():
            pass
        with pytest.raises(ValueError, match="mine"), ending.undisturbed():
            raise ValueError("mine")


def test_an_event_is_set_when_a_signal_comes() -> None:
    with until_told() as told:
        assert not told.is_set()
        os.kill(os.getpid(), signal.SIGTERM)
        assert told.wait(5)


def test_an_interrupt_that_nobody_caught_is_a_line_and_a_status(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as left, Ending():
        os.kill(os.getpid(), signal.SIGTERM)
    assert left.value.exit_code == 143
    assert capsys.readouterr().err == "unisono: it was interrupted; what is in is whole\n"
    with pytest.raises(KeyboardInterrupt), Ending():
        raise KeyboardInterrupt  # not by a signal that was heard
