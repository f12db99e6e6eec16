"""The storage provider in a process of its own: it can write to the inbox and do nothing else.

What faces the network holds no catalog, no site secret and no decoder. The process that starts it hands it
its terms on standard input and keeps that pipe open: when the pipe closes, for whatever reason, it ends.
"""

import json
import logging
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from unisono.base.errors import SettingsError, UnisonoError
from unisono.ingest.doors.inbox import Inbox
from unisono.ingest.doors.receive import Receiver, Terms

END_WITHIN_S = 20.0


@dataclass(frozen=True, slots=True)
class Listening:
    """A storage provider that runs beside this process.

    Parameters
    ----------
    process : subprocess.Popen
    port : int
    """

    process: "subprocess.Popen[str]"
    port: int

    @property
    def is_up(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None


@contextmanager
def listening(home: Path, dataset_class: str, terms: Terms) -> Iterator[Listening]:
    """Run a storage provider for as long as the block runs.

    Raises
    ------
    SettingsError
        If it cannot listen there.
    """
    command = [sys.executable, "-m", "unisono.ingest.doors.listen"]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)  # noqa: S603  # ourselves
    if process.stdin is None or process.stdout is None:
        raise SettingsError("the listening process has no pipes")
    try:
        told = {"home": str(home), "dataset_class": dataset_class, "terms": asdict(terms)}
        process.stdin.write(json.dumps(told, default=str) + "\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline() or '{"error": "the listening process died"}')
        if "error" in answer:
            raise SettingsError(answer["error"])
        yield Listening(process, int(answer["port"]))
    finally:
        process.stdin.close()
        try:
            process.wait(END_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def terms_of(told: dict[str, object]) -> Terms:
    """Return the terms that came as JSON.

    Raises
    ------
    SettingsError
        If they are not legal.
    """
    values: dict[str, object] = dict(told)
    values["allow"] = tuple(map(str, told["allow"])) if isinstance(told["allow"], list) else ()
    values |= {n: Path(str(told[n])) for n in ("cert", "key", "ca") if told.get(n)}
    return Terms(**values)  # type: ignore[arg-type]  # written by asdict of the same class


def main() -> None:
    """Listen until standard input ends or SIGTERM comes; say the port, or why not, on standard output."""
    done = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: done.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the starting process, which closes the pipe
    # What a broken message held is not for the terminal: no warning, no traceback of a connection's thread.
    warnings.simplefilter("ignore")
    logging.disable()
    threading.excepthook = lambda _: None
    told = json.loads(sys.stdin.readline())
    try:
        inbox = Inbox(Path(told["home"]), told["dataset_class"])
        receiver = Receiver(inbox, terms_of(told["terms"]))
    except UnisonoError as error:
        sys.stdout.write(json.dumps({"error": str(error)}) + "\n")
        return
    sys.stdout.write(json.dumps({"port": receiver.port}) + "\n")
    sys.stdout.flush()
    threading.Thread(target=_watch_pipe, args=(done,), daemon=True).start()
    done.wait()
    receiver.close()


def _watch_pipe(done: threading.Event) -> None:
    sys.stdin.read()
    done.set()


if __name__ == "__main__":
    main()
