"""``unisono receive``, ``unisono watch`` and ``unisono token``."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from unisono.base.errors import CatalogError, NotFoundError
from unisono.cli.common import AsJson, Home, opened, print_json, say, say_error, settings_of
from unisono.cli.ending import until_told
from unisono.ingest.doors import tokens
from unisono.ingest.doors.drain import Drained, drain
from unisono.ingest.doors.inbox import Inbox
from unisono.ingest.doors.watch import Watched
from unisono.ingest.reports.report import RunStoppedError
from unisono.ingest.run.doorway import Doorway

LOOK_EVERY_S = 1.0
BATCH = 64
token = typer.Typer(help="Let devices send by STOW-RS.", no_args_is_help=True)
Class = Annotated[str, typer.Option("--class", help="Two digits: 01 development, 02 external validation.")]
Origin = Annotated[str, typer.Option(help="Where the recordings come from.")]
Licence = Annotated[str, typer.Option(help="Their terms.")]
Processes = Annotated[int | None, typer.Option("--workers", min=0, help="Processes; 0 for one a core.")]


def register(app: typer.Typer) -> None:
    """Add the doors' verbs."""
    app.command()(receive)
    app.command()(watch)
    app.add_typer(token, name="token")


def receive(  # noqa: PLR0917  # typer: one a option
    allow: Annotated[list[str], typer.Option("--allow", help="A sender's AE title; once for each.")],
    ae_title: Annotated[
        str, typer.Option("--ae-title", "--aet", help="Our own AE title; who calls another is rejected.")
    ] = "UNISONO",
    any_called: Annotated[bool, typer.Option("--any-called", help="Let senders call any title.")] = False,
    host: Annotated[str, typer.Option(help="Address to listen on; loopback by default.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 11112,
    dataset_class: Class = "01",
    origin: Origin = "",
    licence: Licence = "",
    cert: Annotated[Path | None, typer.Option(help="Our TLS certificate, PEM.")] = None,
    key: Annotated[Path | None, typer.Option(help="Its key, PEM.")] = None,
    ca: Annotated[Path | None, typer.Option(help="Who must have signed the senders' certificates.")] = None,
    associations: Annotated[int, typer.Option(min=1, max=64, help="Senders at the same time.")] = 8,
    idle_s: Annotated[float, typer.Option(min=1, help="Silence that ends a connection, s.")] = 60.0,
    request_s: Annotated[float, typer.Option(min=1, help="Time to ask for an association, s.")] = 10.0,
    workers: Processes = None,
    home: Home = None,
    json_: AsJson = False,
) -> None:
    """Receive recordings over the DICOM network (C-STORE, C-ECHO) and take them in, until stopped."""
    from unisono.ingest.doors.listen import listening  # noqa: PLC0415  # other verbs need no DICOM network
    from unisono.ingest.doors.receive import Terms  # noqa: PLC0415

    limits = (associations, idle_s, cert, key, ca, request_s, any_called)
    terms = Terms(tuple(allow), ae_title, host, port, *limits)
    settings = settings_of(home)
    total = Drained()
    with opened(home, workers=workers) as catalog, until_told() as told:
        inbox = Inbox(settings.home, dataset_class)
        inbox.wake()
        door = Doorway(catalog, "receive", dataset_class, origin, licence, told.is_set)
        with listening(settings.home, dataset_class, terms) as listener:
            if not json_:
                typer.echo(f"{ae_title} listens on {host}:{listener.port} for {', '.join(allow)}")
            while not told.wait(LOOK_EVERY_S):
                if not listener.is_up:
                    raise CatalogError("the listening process died; nothing more is received")
                total = _told(total, drain(inbox, door, told.is_set), quiet=json_)
        left = inbox.n_waiting() - total.lingering
    if json_:
        print_json(total.to_json() | {"left": left})
    elif left:
        typer.echo(f"{left} recordings wait in the inbox for the next start")


def watch(  # noqa: PLR0917  # typer: one a option
    folder: Annotated[Path, typer.Argument(help="Looked at with all folders inside.")],
    dataset_class: Class = "01",
    quiet_s: Annotated[float, typer.Option(min=0, help="Rest after which a file counts as whole, s.")] = 10.0,
    every_s: Annotated[float, typer.Option(min=0.1, help="Between two looks, s.")] = 5.0,
    once: Annotated[bool, typer.Option("--once", help="Take what rests now, and end.")] = False,
    origin: Origin = "",
    licence: Licence = "",
    workers: Processes = None,
    home: Home = None,
    json_: AsJson = False,
) -> None:
    """Take in what is put into a folder, until stopped; the folder is only read."""
    if not folder.is_dir():
        raise NotFoundError(f"no such folder: {folder}")
    seen = Watched(folder, quiet_s)
    total = Drained()
    with opened(home, workers=workers) as catalog, until_told() as told:
        door = Doorway(catalog, "watch", dataset_class, origin, licence, told.is_set)
        seen.look(time.monotonic())
        while not told.wait(quiet_s if once else every_s):
            total = _told(total, _take_resting(seen, door, told.is_set), quiet=json_)
            if once:
                break
    if json_:
        print_json(total.to_json())
    if once and not total.is_success:
        raise typer.Exit(1)


@token.command("add")
def token_add(
    name: Annotated[str, typer.Argument(help="The device's name, for your own list.")],
    dataset_class: Class = "01",
    home: Home = None,
    json_: AsJson = False,
) -> None:
    """Make a token with which a device may send, and print it: it is shown only now."""
    made = tokens.issue(settings_of(home).home, name, dataset_class)
    if json_:
        print_json({"name": name, "class": dataset_class, "token": made})
    else:
        typer.echo(f"{name} sends with the header  Authorization: Bearer {made}")


@token.command("list")
def token_list(home: Home = None, json_: AsJson = False) -> None:
    """List the devices that may send."""
    found = tokens.devices(settings_of(home).home)
    if json_:
        print_json([{"name": d.name, "class": d.dataset_class} for d in found])
        return
    for device in found:
        typer.echo(f"{device.name}  class {device.dataset_class}")
    typer.echo(f"{len(found)} devices")


@token.command("drop")
def token_drop(name: str, home: Home = None, json_: AsJson = False) -> None:
    """Take a device's token back."""
    tokens.revoke(settings_of(home).home, name)
    if json_:
        print_json({"name": name})
    else:
        typer.echo(f"{name} may not send any more")


def _take_resting(seen: Watched, door: Doorway, is_ending: Callable[[], bool]) -> Drained:
    total = Drained()
    resting = seen.look(time.monotonic())
    for start in range(0, len(resting), BATCH):
        if is_ending():
            break
        paths = resting[start : start + BATCH]
        try:
            report = door.take(paths)
            seen.settle(paths, report.withheld, time.monotonic())
            total += Drained.of(report, door.named(report))
            door.tell(report)
        except CatalogError as error:
            if is_ending() and isinstance(error, RunStoppedError):
                taken = replace(error.report, known=0, withheld=(), warnings=())
                door.tell(taken)
                return total + Drained.of(taken)
            return total + Drained(is_busy=True, problem=str(error))  # they rest at the next look, too
    return total


def _told(before: Drained, drained: Drained, *, quiet: bool) -> Drained:
    if drained.problem and drained.problem != before.problem:
        say_error(f"{drained.problem}; it is tried again")
    if not quiet and drained:
        for held in drained.withheld:
            say(f"withheld  {held.path}  {held.code}: {held.reason}")
        say(
            f"{drained.clips} clips with {drained.frames} frames taken, {drained.known} known, "
            f"{len(drained.withheld)} withheld"
        )
    return before + drained
