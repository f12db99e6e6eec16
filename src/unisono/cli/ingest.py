"""``unisono ingest`` and ``unisono clips``."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from unisono.cli.common import AsJson, Home, opened, print_json
from unisono.ingest.remote import ingest_addresses, is_url, sum_of
from unisono.ingest.report import IngestReport
from unisono.ingest.report import Progress as Tick
from unisono.ingest.run import clips, ingest
from unisono.ingest.run.reporting import write_report

SHOWN_CODE = 16


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
    report_folder: Annotated[
        Path | None, typer.Option("--report", help="Where the report goes; home/reports/TIME by default.")
    ] = None,
    home: Home = None,
    json_: AsJson = False,
) -> None:
    """Take recordings in: decode, de-identify, mask, code and store them."""
    began_s = time.monotonic()
    given = {"workers": workers, "cluster": cluster, "review": policy}
    with opened(home, **given) as catalog, _bar(shown=not json_) as tick:
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
        )
        urls = [path for path in paths if is_url(path)]
        local = [Path(path) for path in paths if not is_url(path)]
        reports = [take(local)] if local else []
        report = sum_of(reports + ingest_addresses(urls, catalog.settings.home, take))
        took_s, said = time.monotonic() - began_s, catalog.settings.review
        written = write_report(catalog, report, seconds=took_s, policy=said, folder=report_folder)
    if json_:
        print_json(report.to_json() | {"report": written})
    else:
        _say(report)
        typer.echo(f"report: {written / 'report.html'}")
    if not report.is_success:
        raise typer.Exit(1)


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


def _say(report: IngestReport) -> None:
    for held in report.withheld:
        typer.echo(f"withheld  {held.path}  {held.code}: {held.reason}")
    for warned in report.warnings:
        typer.echo(f"look at   {warned.path}  {warned.reason}")
    typer.echo(
        f"{len(report.codes)} clips with {report.frames} frames taken, {report.known} known, "
        f"{len(report.withheld)} withheld"
    )
