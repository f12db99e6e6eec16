"""Take turns: programs that are compared run one after another, round by round, so that noise falls on all.

Each is a process of its own, started once and warmed up before the first round. A round is asked for with a
line on its input; it answers with its CPU-seconds, those of its children among them, and its peak memory.
"""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

Turn = Callable[[], None]


@dataclass(frozen=True)
class Took:
    """What one round took: CPU-seconds, and the process's peak memory so far, MB."""

    cpu_s: float
    peak_mb: float


@dataclass(frozen=True)
class Spread:
    """Median, least and most of some rounds."""

    median: float
    least: float
    most: float

    def text(self, decimals: int = 1, unit: str = "") -> str:
        """Return it in words."""
        return f"{self.median:.{decimals}f}{unit} ({self.least:.{decimals}f} to {self.most:.{decimals}f})"


class Competitor:
    """A process that takes a turn whenever it is asked to.

    Parameters
    ----------
    script : str
        The benchmark, which calls `answer` when it is started with these arguments.
    *arguments : str
    python : str, optional
        The interpreter of another environment.
    """

    def __init__(self, script: str, *arguments: str, python: str = sys.executable) -> None:
        self._process = subprocess.Popen(
            [python, script, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.rounds: list[Took] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def ready(self) -> Self:
        """Wait until it is warm."""
        self._heard()
        return self

    def turn(self) -> Took:
        """Let it take its turn."""
        if self._process.stdin is None or self._process.poll() is not None:
            raise SystemExit("a program that is measured has ended")
        print(file=self._process.stdin, flush=True)
        self.rounds.append(Took(*(float(word) for word in self._heard().split())))
        return self.rounds[-1]

    def _heard(self) -> str:
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise SystemExit("a program that is measured has failed; see above")
        return line


def answer(turn: Turn, warm_up: Turn) -> None:
    """Take a turn for every line of the input; what a competitor does."""
    said, sys.stdout = sys.stdout, sys.stderr  # whatever a library prints is no answer
    warm_up()
    print("ready", file=said, flush=True)
    for _ in sys.stdin:
        before_s = _cpu_s()
        turn()
        print(_cpu_s() - before_s, peak_mb(), file=said, flush=True)


def peak_mb(process: str = "self") -> float:
    """Return a process's peak memory; ``ru_maxrss`` would be the parent's, which it inherits."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6


def busy_s() -> float:
    """Return the seconds that all cores were busy since the machine started, for whomever.

    Source: proc_stat(5); time that the host of a virtual machine took away is counted, too.
    """
    user, nice, system, _, _, *rest = (
        Path("/proc/stat").read_text(encoding="ascii").split("\n")[0].split()[1:]
    )
    # After these come irq, softirq and steal; a guest's time is in user already.
    ticks = sum(int(word) for word in (user, nice, system, *rest[:3]))
    return ticks / os.sysconf("SC_CLK_TCK")


def spread(figures: Sequence[float]) -> Spread:
    """Return the median, the least and the most."""
    return Spread(statistics.median(figures), min(figures), max(figures))


def say(text: str = "") -> None:
    """Print at once: a benchmark may take a minute, and whoever waits wants to see it work."""
    print(text, flush=True)


def goal(what: str, figure: str, wanted: str, *, is_met: bool) -> None:
    """Print a goal, its figure and whether it is met."""
    say(f"  {what:40} {figure:26} goal {wanted:10} {'met' if is_met else 'NOT MET'}")


def machine() -> str:
    """Return on what this ran: cores, their load, date."""
    load = os.getloadavg()[0]
    return f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, load {load:.1f} at the start"


def _cpu_s() -> float:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)
