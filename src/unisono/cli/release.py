"""``unisono release``, ``unisono verify`` and ``unisono import``."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from unisono.base.errors import SettingsError
from unisono.cli.common import AsJson, Home, opened, print_json
from unisono.release.run import import_labels, manifest_sha256
from unisono.release.run import release as write_release
from unisono.release.run import verify as verify_release

SOURCE_DATE = "SOURCE_DATE_EPOCH"
Project = Annotated[str, typer.Option("--project", help="Name of the project to make.")]


def register(app: typer.Typer) -> None:
    """Add this room's verbs."""
    app.command("release")(release)
    app.command("verify")(verify)
    app.command("import")(import_)


def release(  # noqa: PLR0917  # one option each
    project: Annotated[str, typer.Argument(help="Name of the project.")],
    version: Annotated[str, typer.Option(help="MAJOR.MINOR.PATCH.")],
    out: Annotated[Path, typer.Option(help="The folder to make; it must not exist.")],
    format_: Annotated[str, typer.Option("--format", help="unity or multix.")] = "unity",
    labels: Annotated[
        str, typer.Option(help="consensus, or last: the last answer in time wins.")
    ] = "consensus",
    date: Annotated[str | None, typer.Option(help="YYYY-MM-DD; else SOURCE_DATE_EPOCH, else today.")] = None,
    split_seed: Annotated[str | None, typer.Option(help="Another seed divides the subjects anew.")] = None,
    home: Home = None,
    json_: AsJson = False,
) -> None:
    """Write a versioned, checksummed package of a project's frames and labels."""
    with opened(home) as catalog, Progress(console=Console(stderr=True), transient=True) as bar:
        frames = bar.add_task("frames", total=None, visible=bar.console.is_terminal)
        report = write_release(
            catalog,
            project,
            version,
            format_,
            out,
            policy=labels,
            date=date or _source_date(),
            split_seed=split_seed,
            progress=lambda done, total: bar.update(frames, completed=done, total=total),
        )
    if json_:
        rows = [{"question": q, "reason": reason} for q, reason in report.left_out]
        print_json(
            {
                "out": str(out),
                "manifest_sha256": report.manifest_sha256,
                "counts": report.counts,
                "left_out": rows,
                "withheld": [{"clip": clip, "reason": reason} for clip, reason in report.withheld],
            }
        )
        return
    n = report.counts
    typer.echo(
        f"{out}: {n['frames']} frames, {n['items']} items, {n['answers']} answers, {n['experts']} experts"
    )
    typer.echo(f"SHA-256 of its manifest, to state beside it: {report.manifest_sha256}")
    for _, reason in report.left_out:
        typer.echo(f"left out: {reason}")
    for clip, reason in report.withheld:
        typer.echo(f"withheld: {clip}: {reason}", err=True)


def verify(
    folder: Annotated[Path, typer.Argument(help="A release.")],
    home: Annotated[
        Path | None, typer.Option("--home", help="Also look for the names and the secret of this site.")
    ] = None,
    sha256: Annotated[
        str | None, typer.Option(help="What the manifest's SHA-256 must be, as its publisher states it.")
    ] = None,
    json_: AsJson = False,
) -> None:
    """Check hashes, counts, labels, frames, splits, and what must not be in a release."""
    if home is None:
        problems = verify_release(folder, sha256=sha256)
    else:
        with opened(home) as catalog:
            problems = verify_release(folder, catalog, sha256=sha256)
    stated = manifest_sha256(folder)
    if json_:
        print_json({"ok": not problems, "problems": problems, "manifest_sha256": stated})
    else:
        for line in problems:
            typer.echo(line, err=True)
        if not problems:
            typer.echo(f"{folder}: verified, manifest {stated}")
    if problems:
        raise typer.Exit(1)


def import_(
    format_: Annotated[str, typer.Argument(metavar="FORMAT", help="unity or multix.")],
    path: Annotated[Path, typer.Argument(help="A release, or label files with a png-cache beside them.")],
    project: Project,
    class_: Annotated[str, typer.Option("--class", help="Two digits, for images named without.")] = "",
    origin: Annotated[str, typer.Option(help="Where foreign clips come from.")] = "",
    licence: Annotated[str, typer.Option(help="Under which terms foreign clips are.")] = "",
    home: Home = None,
    json_: AsJson = False,
) -> None:
    """Read a release, or another system's labels, into a new project."""
    with opened(home) as catalog:
        report = import_labels(
            catalog, format_, path, project, dataset_class=class_, origin=origin, licence=licence
        )
    if json_:
        rows = [{"image": image, "reason": reason} for image, reason in report.left_out]
        counts = {k: getattr(report, k) for k in ("clips", "known", "frames", "experts", "items", "answers")}
        print_json({"project": project, **counts, "left_out": rows})
        return
    typer.echo(
        f"{project}: {report.clips} clips ({report.known} known), {report.items} items, "
        f"{report.answers} answers of {report.experts} experts"
    )
    for image, reason in report.left_out:
        typer.echo(f"left out: {image}: {reason}")


def _source_date() -> str | None:
    """Return the date that reproducible builds set, https://reproducible-builds.org/specs/source-date-epoch/."""
    text = os.environ.get(SOURCE_DATE)
    if not text:
        return None
    try:
        return datetime.fromtimestamp(int(text), UTC).date().isoformat()
    except (ValueError, OverflowError):
        raise SettingsError(f"{SOURCE_DATE} must be whole seconds since 1970; got {text!r}") from None
