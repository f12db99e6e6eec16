"""Kill a run at many points and look at what is left. Run as a program: it forks, so it must have no threads.

Half of the points are places where the program touches the disk, found by an audit hook; the other half are
instants, which also hit the database in the middle of a commit.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.ingest import makers
from tests.ingest.run.visible import partial_in_catalog, partial_over_web
from unisono.base.settings import Settings
from unisono.catalog.db import Catalog, open_catalog
from unisono.ingest import looks
from unisono.ingest.prepare import NOT_RUN
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
WEB_EVERY = 5
"""A look over the web takes as long as the run itself."""


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
    """Arm to die after some time; an alarm without a handler ends a process as a kill does."""
    return lambda: signal.setitimer(signal.ITIMER_REAL, after_s)


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


def main(folder: Path, n_points: int) -> None:
    """Kill at so many points, look after each, and print how many died."""
    looks.run_gate = lambda *_: NOT_RUN  # its engine starts anew in every fork
    inbox = folder / "inbox"
    inbox.mkdir()
    for i in range(N_CLIPS):
        makers.write_dicom(
            inbox / f"{i}.dcm", makers.loop(N_FRAMES, seed=i), SOPInstanceUID=f"1.2.826.7.{i + 1}"
        )
    counted: list[str] = []
    began_s = time.monotonic()
    # A whole run in a fork, that counts its touches through a file.
    tally = folder / "tally"

    def count() -> None:
        sys.addaudithook(lambda event, _: counted.append(event) if event in DISK else None)

    def run_and_tell() -> None:
        work(folder / "whole", inbox)
        n_touches = len(counted)
        tally.write_text(str(n_touches))

    killed(run_and_tell, count)
    lasts_s, n_touches = time.monotonic() - began_s, int(tally.read_text())
    half = n_points // 2
    arms = [at_touch(1 + k * n_touches // half) for k in range(half)]
    arms += [at_instant(lasts_s * (k + 1) / (n_points - half + 1)) for k in range(n_points - half)]
    n_killed = 0
    for number, arm in enumerate(arms):
        home = folder / f"home{number}"
        n_killed += killed(lambda home=home: work(home, inbox), arm)
        over_web = number % WEB_EVERY == 0
        killed(lambda home=home, over_web=over_web: look(home, inbox, over_web=over_web), lambda: None)
    sys.stdout.write(
        f"{n_killed} of {len(arms)} died, at {n_touches} touches of the disk and over {lasts_s:.1f} s\n"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
