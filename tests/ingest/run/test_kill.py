"""A run that is killed anywhere leaves whole clips or nothing, and the next run finishes its work."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

N_POINTS = 200
MEMORY = Path("/dev/shm")  # noqa: S108  # inside of it, folders of our own


def test_two_hundred_points_at_which_a_run_is_killed() -> None:
    root = Path(__file__).parents[3]
    # What is killed may not wait for a disk: no power is cut here, and memory keeps files just as well.
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        program = [sys.executable, "-m", "tests.ingest.run.kill_points", folder, str(N_POINTS)]
        done = subprocess.run(program, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{N_POINTS} died"), done.stdout
