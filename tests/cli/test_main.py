import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from unisono import __version__
from unisono.cli import main


def unisono(*words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "unisono.cli", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_what_a_user_can_mend_is_one_line_without_a_traceback(tmp_path: Path) -> None:
    done = unisono("project", "show", "none", "--home", str(tmp_path))
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == "unisono: there is no project 'none'\n"


def test_a_wrong_word_is_refused(tmp_path: Path) -> None:
    assert unisono("fly").returncode == 2


def test_the_version() -> None:
    assert CliRunner().invoke(main.app, ["--version"]).output == f"unisono {__version__}\n"


@pytest.mark.parametrize("verb", ["demo", "serve", "ingest", "clips", "project", "user", "agree"])
def test_every_verb_explains_itself(verb: str) -> None:
    done = CliRunner().invoke(main.app, [verb, "--help"])
    assert done.exit_code == 0
    assert "Usage" in done.output


def test_ctrl_c_while_the_program_is_loaded_ends_it_without_a_word() -> None:
    # What is imported last says when loading has begun, and waits.
    code = (
        "import pkgutil, sys, time; before = pkgutil.iter_modules\n"
        "def slowly(*a):\n    print('loading', flush=True); time.sleep(60); return before(*a)\n"
        "pkgutil.iter_modules = slowly\n"
        "import unisono.cli.main\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "loading\n"
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=30) == ("", "")
    assert process.returncode == -signal.SIGINT
