"""A real server process for tests and benchmarks: started on a free loopback port, ended by its pid."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

START_WITHIN_S = 60.0


@dataclass
class Running:
    """A server process."""

    process: "subprocess.Popen[bytes]"
    port: int

    @property
    def address(self) -> str:
        """Return the server's address."""
        return f"http://127.0.0.1:{self.port}"

    def cpu_s(self) -> float:
        """Return the CPU seconds that the process has used, user and system."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """Kill the process as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Ask the process to end, and make sure."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()


def free_port() -> int:
    """Return a loopback port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def serve(home: Path, port: int | None = None) -> Running:
    """Start ``unisono serve`` on a home folder and wait until it answers."""
    chosen = port or free_port()
    command = [sys.executable, "-m", "unisono.cli", "serve", "--home", str(home), "--port", str(chosen)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}
    running = Running(subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL), chosen)
    until = time.monotonic() + START_WITHIN_S
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{running.address}/healthz", timeout=1) as answer:  # noqa: S310  # ours
                if json.load(answer)["status"] == "ok":
                    return running
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            if running.process.poll() is not None:
                break
            time.sleep(0.05)
    running.kill()
    raise TimeoutError(f"the server did not answer on port {chosen}")
