"""The command itself is killed with its decoders and its gate, at drawn moments; the next run goes on."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.ingest import makers
from tests.ingest.dimse import wait_until
from tests.ingest.run.visible import partial_in_catalog, partial_over_web
from unisono.base.settings import Settings
from unisono.catalog.db import open_catalog
from unisono.ingest.run import clips

N_FRAMES, N_KILLS, FILES_A_ROUND = 8, 8, 2
FROM_FIRST_DRAFT_S, FROM_FIRST_FRAME_S = 3.0, 0.5
"""Instants are drawn from the time that a run takes from there, about; on a slow machine more of them hit."""


def test_a_command_that_is_killed_with_its_children_leaves_whole_clips(tmp_path: Path) -> None:
    rng = random.Random("instants")  # noqa: S311  # no secrets
    home, inbox = tmp_path / "home", tmp_path / "inbox"
    inbox.mkdir()
    n_killed = 0
    for round_ in range(N_KILLS):
        add_files(inbox, round_)
        n_before = n_frames(home)
        run = start(home, inbox, rng.choice(("none", "person")))
        if round_ % 2:
            n_killed += killed(run, lambda: has_drafts(home), rng.uniform(0, FROM_FIRST_DRAFT_S))
        else:
            n_killed += killed(run, lambda n=n_before: n_frames(home) > n, rng.uniform(0, FROM_FIRST_FRAME_S))
        catalog = open_catalog(Settings(home=home))
        assert partial_in_catalog(catalog) == []
        catalog.close()
    assert n_killed > 0
    catalog = open_catalog(Settings(home=home))
    assert partial_over_web(catalog) == []
    catalog.close()
    with start(home, inbox, "person") as last:
        said = json.loads(last.communicate(timeout=300)[0])
    n_files = N_KILLS * FILES_A_ROUND
    assert (last.returncode, said["clips"] + said["known"], said["withheld"]) == (0, n_files, [])
    assert list((home / "pending").iterdir()) == []
    checked = subprocess.run(command("fsck", home), capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
    assert json.loads(checked.stdout)["swept"] == 0
    catalog = open_catalog(Settings(home=home))
    assert [clip.n_frames for clip in clips(catalog)] == [N_FRAMES] * n_files
    catalog.close()


def add_files(inbox: Path, round_: int) -> None:
    for i in range(round_ * FILES_A_ROUND, (round_ + 1) * FILES_A_ROUND):
        frames = makers.loop(N_FRAMES, seed=i)
        makers.write_dicom(inbox / f"{i}.dcm", frames, makers.RLE, SOPInstanceUID=f"1.2.826.7.{i + 1}")


def command(verb: str, home: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "unisono.cli", verb, *words, "--home", str(home), "--json"]


def start(home: Path, inbox: Path, policy: str) -> "subprocess.Popen[str]":
    """Start a run with two workers, as the leader of a group of processes."""
    words = command("ingest", home, str(inbox), "--workers", "2", "--policy", policy)
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, start_new_session=True)


def killed(run: "subprocess.Popen[str]", begins: Callable[[], bool], delay_s: float) -> bool:
    """Kill a run and all its children some time after something begins; return whether it still ran."""
    with run:
        assert wait_until(lambda: run.poll() is not None or begins(), 120), "the run did not begin"
        time.sleep(delay_s)
        is_running = run.poll() is None
        if group_lives(run.pid):
            os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
    assert wait_until(lambda: not group_lives(run.pid)), "a child of the run lives on"
    return is_running


def has_drafts(home: Path) -> bool:
    return any((home / "pending").glob("*"))


def n_frames(home: Path) -> int:
    return sum(1 for _ in home.glob("**/png-cache/*/*/*/*.png"))


def group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
