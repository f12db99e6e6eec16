"""``unisono ingest`` and ``unisono clips``."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from unisono.annotate.run import Catalog
from unisono.base.errors import CatalogError
from unisono.cli.common import AsJson, Home, opened, print_json, say, say_error
from unisono.cli.ending import Ending
from unisono.ingest.doors.remembered import Remembered
from unisono.ingest.doors.remote import ingest_addresses, is_url, sum_of
from unisono.ingest.reports.report import IngestReport, RunStoppedError
from unisono.ingest.reports.report import Progress as Tick
from unisono.ingest.run import clips, ingest
from unisono.ingest.run.presence import which_are_in
from unisono.ingest.run.reporting import write_report

SHOWN_CODE = 16
REFUSED_STATUS = 3


def register(app: typer.Typer) -> None:
    """Add this room's verbs."""
    app.command("ingest")(ingest_)
    app.command("clips")(clips_)


def ingest_(  # noqa: PLR0917  # typer: one a option
    paths: Annotated[list[str], typer.Argument(help="Files, folders, archives and s3:// addresses.")],
    dataset_class: Annotated[
        str, typer.Option("--class", help="Two digits: 01 development, 02 external validation.")
    ] = "01",
    origin: Annotated[str, typer.Option(help="Where the recordings come from.")] = "",
    licence: Annotated[str, typer.Option(help="Their terms.")] = "",
    simulated: Annotated[bool, typer.Option("--simulated", help="They show no patient.")] = False,
    workers: Annotated[int | None, typer.Option(min=0, help="Processes; 0 for one a core.")] = None,
    cluster: Annotated[str | None, typer.Option(help="A Dask scheduler, tcp://host:port.")] = None,
    policy: Annotated[
        str | None,
        typer.Option(help="Who must look at a clip before it may be used: person, gate or none."),
    ] = None,
    split: Annotated[
        bool,
        typer.Option("--split", help="Cut recordings of more than 10000 frames into parts that are clips."),
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 3 when a recording was refused, though others are in.")
    ] = False,
    report_folder: Annotated[
        Path | None, typer.Option("--report", help="Where the report goes; home/reports/TIME by default.")
    ] = None,
    home: Home = None,
    json_: AsJson = False,
) -> None:
    """Take recordings in: decode, de-identify, mask, code and store them."""
    began_s = time.monotonic()
    given = {"workers": workers, "cluster": cluster, "review": policy, "split": 1 if split else None}
    with Ending() as ending, opened(home, **given) as catalog:
        with _bar(shown=not json_) as tick:
            take = partial(
                ingest,
                catalog,
                dataset_class=dataset_class,
                workers=catalog.settings.workers,
                cluster=catalog.settings.cluster,
                origin=origin,
                licence=licence,
                simulated=simulated,
                progress=tick,
                undisturbed=ending.undisturbed,
            )
            report = _taken(take, paths, catalog.settings.home, partial(which_are_in, catalog, dataset_class))
        written = _written(catalog, report, time.monotonic() - began_s, report_folder)
    _tell(report, written, is_json=json_)
    if report.stopped or not report.is_success:
        raise typer.Exit(ending.exit_status or 1)
    if strict and report.n_refused:
        raise typer.Exit(REFUSED_STATUS)


def _taken(
    take: Callable[[Sequence[Path]], IngestReport],
    paths: list[str],
    home: Path,
    which: Callable[[Sequence[str]], set[str]],
) -> IngestReport:
    reports = []
    local, urls = ([path for path in paths if is_url(path) is remote] for remote in (False, True))
    try:
        if local:
            reports.append(take([Path(path) for path in local]))
        if urls:
            with Remembered(home, which) as remembered:
                for report in ingest_addresses(urls, home, take, remembered):
                    reports.append(report)  # noqa: PERF402  # one at a time: what is done stays when it ends early
    except RunStoppedError as stopped:
        reports.append(stopped.report)
    except KeyboardInterrupt:
        reports.append(IngestReport((), 0, 0, (), stopped="it was interrupted"))
    return sum_of(reports)


def _written(catalog: Catalog, report: IngestReport, took_s: float, folder: Path | None) -> Path | None:
    try:
        return write_report(catalog, report, seconds=took_s, policy=catalog.settings.review, folder=folder)
    except CatalogError as error:
        say_error(error)
        return None


def clips_(home: Home = None, json_: AsJson = False) -> None:
    """List the clips that are in."""
    with opened(home) as catalog:
        found = clips(catalog)
    if json_:
        print_json(
            [
                {
                    "code": clip.code,
                    "subject": clip.subject,
                    "kind": clip.kind,
                    "frames": clip.n_frames,
                    "rows": clip.rows,
                    "columns": clip.columns,
                    "spacing_mm": clip.spacing_mm,
                    "timing": clip.timing,
                    "mask": clip.mask,
                    "decoder": clip.decoder,
                    "simulated": clip.simulated,
                }
                for clip in found
            ]
        )
        return
    for clip in found:
        size = f"{clip.columns} x {clip.rows}"
        typer.echo(
            f"{clip.code[:SHOWN_CODE]}  {clip.kind:6}  {clip.n_frames:5} frames  {size:11}  {clip.timing}"
        )
    typer.echo(f"{len(found)} clips")


@contextmanager
def _bar(*, shown: bool) -> Iterator[Tick | None]:
    console = Console(stderr=True)
    if not (shown and console.is_terminal):
        yield None
        return
    columns = (TextColumn("ingest"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("ingest", total=None)
        yield lambda done, total, _label: bar.update(task, completed=done, total=total)


def _tell(report: IngestReport, written: Path | None, *, is_json: bool) -> None:
    if is_json:
        print_json(report.to_json() | {"report": written})
    else:
        _say(report, written)


def _say(report: IngestReport, written: Path | None) -> None:
    for held in report.withheld:
        say(f"withheld  {held.path}  {held.code}: {held.reason}")
    for warned in report.warnings:
        say(f"look at   {warned.path}  {warned.reason}")
    if report.stopped:
        say_error(f"the run ended early: {report.stopped}")
    say(
        f"{len(report.codes)} clips with {report.frames} frames taken, {report.known} known, "
        f"{len(report.withheld)} withheld"
    )
    if report.n_passing:
        say(f"{report.n_passing} of them may be this machine's fault: the next run tries them again")
    if report.stopped:
        say(f"what is in is whole; {report.left} recordings are left, and the same command goes on with them")
    if written:
        say(f"report: {written / 'report.html'}")
