"""A PostgreSQL server for the tests: the machine's own binaries, a folder of ours, a free loopback port."""

import os
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg


def find_postgres() -> Path | None:
    """Return the folder of the newest server binaries, None when there are none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


@dataclass
class Server:
    """A running server; `fresh_database` hands out empty databases."""

    binaries: Path
    folder: Path
    port: int
    numbers: "count[int]" = field(default_factory=count)

    def fresh_database(self) -> str:
        """Make an empty database and return its URL."""
        name = f"unisono_{next(self.numbers)}"
        with psycopg.connect(f"{self._base}/postgres", autocommit=True) as connection:
            connection.execute(f"create database {name}")
        return f"{self._base}/{name}"

    def stop(self) -> None:
        """Stop the server and wait for it."""
        run_as_postgres(
            [self.binaries / "pg_ctl", "-D", self.folder / "data", "-m", "immediate", "-w", "stop"]
        )

    @property
    def _base(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}"


def run_as_postgres(command: list[object]) -> None:
    """Run a server command; the server refuses root, so root becomes the user postgres."""
    words = [str(word) for word in command]
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*prefix, *words], check=True, stdout=subprocess.DEVNULL, cwd="/")


def start() -> Server:
    """Start a server in a folder of its own; nothing of it survives the tests, so it need not flush.

    The folder lies directly in the machine's temporary one: pytest's are closed to the user postgres.
    """
    binaries = find_postgres()
    if binaries is None:
        raise FileNotFoundError("no PostgreSQL server binaries")
    folder = Path(tempfile.mkdtemp(prefix="unisono-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"
    run_as_postgres([binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync"])
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    log = folder / "log"
    run_as_postgres([binaries / "pg_ctl", "-D", data, "-w", "-l", log, "-o", options, "start"])
    return Server(binaries, folder, port)
