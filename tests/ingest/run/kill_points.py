"""Kill a run at many points and look at what is left. Run as a program: it forks, so it must have no threads.

Half of the points are places where the program touches the disk, found by an audit hook; the other half are
instants, which also hit the database in the middle of a commit.
"""

import gc
import os
import shutil
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import cv2

from tests.ingest import makers
from tests.ingest.dimse import wait_until
from tests.ingest.run.visible import partial_in_catalog, partial_over_web
from unisono.base.settings import Settings
from unisono.catalog.db import Catalog, open_catalog
from unisono.ingest import looks
from unisono.ingest.prepared import NOT_RUN
from unisono.ingest.run import ingest
from unisono.ingest.run.fsck import fsck
from unisono.ingest.run.redrawing import redraw
from unisono.ingest.run.review import approve, reject, waiting

DISK = (
    "open",
    "os.rename",
    "os.link",
    "os.mkdir",
    "os.remove",
    "os.rmdir",
    "shutil.rmtree",
    "sqlite3.connect",
)
BOX = ((60.0, 60.0), (200.0, 60.0), (200.0, 160.0), (60.0, 160.0))
N_CLIPS, N_FRAMES = 3, 4
FRESH_EVERY, WEB_EVERY = 7, 10
"""Of the points: those in a home that is yet to be made, and those that are looked at over the web."""


def work(home: Path, inbox: Path) -> None:
    """Take three clips in; draw the mask of one anew, approve two, reject the third."""
    catalog = open_catalog(Settings(home=home))
    ingest(catalog, [inbox], "01", workers=1, policy="person", isolated=False)
    for number, waits in enumerate(sorted(waiting(catalog), key=lambda w: w.clip.code)):
        if number == 0:
            redraw_here(catalog, waits.clip.code)
        if number == 2:  # the third
            reject(catalog, waits.clip.code, "reviewer", "for the test")
        else:
            approve(catalog, waits.clip.code, "reviewer")
    catalog.close()


def redraw_here(catalog: Catalog, code: str) -> None:
    """Redraw without a child process: the killed one is this."""
    redraw(catalog, code, (BOX,), "reviewer", isolated=False)


def killed(job: Callable[[], None], arm: Callable[[], None]) -> bool:
    """Run a job in a fork that is armed to die; return whether it died."""
    child = os.fork()
    if child == 0:
        arm()
        job()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit(f"the run failed by itself with {os.WEXITSTATUS(status)}")
    return os.WIFSIGNALED(status)


def at_touch(number: int) -> Callable[[], None]:
    """Arm to die at the ``number``-th touch of the disk."""

    def arm() -> None:
        left = number

        def hook(event: str, _: tuple[object, ...]) -> None:
            nonlocal left
            if event in DISK:
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)

    return arm


def at_instant(after_s: float) -> Callable[[], None]:
    """Arm to die after some CPU time; an alarm without a handler ends a process as a kill does.

    By CPU time, because a run among others lasts now longer and now shorter.
    """
    return lambda: signal.setitimer(signal.ITIMER_PROF, after_s)


def look(home: Path, inbox: Path, *, over_web: bool) -> None:
    """Exit 1 unless what is left is whole before anybody swept, and the work can be finished."""
    catalog = open_catalog(Settings(home=home))
    seen = partial_in_catalog(catalog)
    if over_web:
        seen += partial_over_web(catalog)
    before = fsck(catalog)
    partial = list((home / "pending").iterdir())
    report = ingest(catalog, [inbox], "01", workers=1, policy="person", isolated=False)
    for waits in waiting(catalog):
        approve(catalog, waits.clip.code, "reviewer")
    after = fsck(catalog)
    catalog.close()
    n_in = len(report.codes) + report.known + len(report.withheld)
    is_well = before.is_clean and after.is_clean and n_in == N_CLIPS and not after.swept
    if seen or partial or not is_well:
        sys.stderr.write(f"{seen}\n{before}\n{after}\n{partial}\n{report.to_json()}\n")
        os._exit(1)


def warm_up(folder: Path, inbox: Path) -> Path:
    """Do everything once, so that no fork has to begin with it; return a home that is made and empty."""
    cv2.setNumThreads(1)
    work(folder / "warm", inbox)
    empty = folder / "empty"
    catalog = open_catalog(Settings(home=empty))
    fsck(catalog)
    catalog.close()
    # A thread that was joined may still be on its way out.
    if not wait_until(lambda: len(list(Path("/proc/self/task").iterdir())) == 1):
        raise SystemExit("a process with threads must not fork")
    gc.freeze()  # else each fork copies what its collector counts in
    return empty


def measured(home: Path, inbox: Path) -> tuple[int, float]:
    """Run to the end in a fork; return how often it touched the disk, and its CPU seconds."""
    counted: list[str] = []
    tally = home.with_suffix(".tally")

    def count() -> None:
        sys.addaudithook(lambda event, _: counted.append(event) if event in DISK else None)

    def run_and_tell() -> None:
        work(home, inbox)
        n_touches = len(counted)
        tally.write_text(str(n_touches))

    before = os.times()
    killed(run_and_tell, count)
    after = os.times()
    cpu_s = after.children_user + after.children_system - before.children_user - before.children_system
    return int(tally.read_text()), cpu_s


def main(folder: Path, n_points: int) -> None:
    """Kill at so many points, and look after each."""
    looks.run_gate = lambda *_: NOT_RUN  # its engine starts anew in every fork
    inbox = folder / "inbox"
    inbox.mkdir()
    for i in range(N_CLIPS):
        uid = f"1.2.826.7.{i + 1}"
        makers.write_dicom(inbox / f"{i}.dcm", makers.loop(N_FRAMES, seed=i), SOPInstanceUID=uid)
    empty = warm_up(folder, inbox)
    shutil.copytree(empty, folder / "whole")
    kinds = {True: measured(folder / "new", inbox), False: measured(folder / "whole", inbox)}
    for number in range(n_points):
        home, share = folder / f"home{number}", (number + 0.5) / n_points
        while not is_killed_in(home, inbox, empty, kinds, number=number, share=share):
            shutil.rmtree(home)
            share *= 0.8  # it was over before
        killed(partial(look, home, inbox, over_web=number % WEB_EVERY == 0), lambda: None)
        shutil.rmtree(home)
    sys.stdout.write(f"{n_points} died; touches of the disk and CPU seconds of a whole run: {kinds}\n")


def is_killed_in(
    home: Path, inbox: Path, empty: Path, kinds: dict[bool, tuple[int, float]], *, number: int, share: float
) -> bool:
    """Run in a home until some share of the work is done; return whether that was before its end."""
    is_fresh = number % FRESH_EVERY == 0
    n_touches, cpu_s = kinds[is_fresh]
    if not is_fresh:
        shutil.copytree(empty, home)
    arm = at_touch(1 + int(share * n_touches)) if number % 2 else at_instant(share * cpu_s)
    return killed(partial(work, home, inbox), arm)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
