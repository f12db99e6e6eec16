"""``unisono project``, ``unisono user`` and ``unisono serve``."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from unisono.annotate.run import people, projects
from unisono.base.errors import ProtocolError
from unisono.base.settings import Settings
from unisono.cli.common import AsJson, Home, opened, print_json, settings_of
from unisono.labels.protocol import parse_protocol

project = typer.Typer(help="Make projects and look at them.", no_args_is_help=True)
user = typer.Typer(help="Add experts and let them in.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add this room's verbs."""
    app.add_typer(project, name="project")
    app.add_typer(user, name="user")
    app.command()(serve)


@project.command("create")
def create(  # noqa: PLR0917  # one option each
    slug: Annotated[str, typer.Argument(help="Its name in addresses: small letters, digits, dashes.")],
    protocol: Annotated[str, typer.Option(help="A shipped protocol's name, or a YAML file.")],
    clips: Annotated[list[str] | None, typer.Option("--clip", help="A clip's code; all by default.")] = None,
    frames_per_clip: Annotated[int, typer.Option(min=1, help="Frames of each clip, evenly spread.")] = 1,
    set_size: Annotated[
        int | None, typer.Option(help="To put in order: how many at once, 2 to 8; 2 stand side by side.")
    ] = None,
    sets_per_clip: Annotated[
        int | None, typer.Option(help="To put in order: in how many sets each clip or frame stands.")
    ] = None,
    repeats: Annotated[
        float | None, typer.Option(help="To put in order: share of the sets that is asked again, mirrored.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="The protocol's title by default.")] = None,
    home: Home = None,
    json_: AsJson = False,
) -> None:
    """Make a project: a protocol asked about clips, their frames, or sets of them."""
    text = protocol_text(protocol)
    plan = _plan(text, size=set_size, times=sets_per_clip, repeats=repeats)
    with opened(home) as catalog:
        with catalog.read() as connection:
            targets = projects.targets_of(connection, text, clips or (), frames_per_clip=frames_per_clip)
        job = partial(
            projects.create_project, slug=slug, protocol_text=text, targets=targets, title=title, plan=plan
        )
        made = catalog.write(job)
        with catalog.read() as connection:
            n_items = len(projects.items(connection, slug))
    if json_:
        print_json({"slug": made.slug, "title": made.title, "items": n_items})
    else:
        typer.echo(f"{made.slug}: {made.title}, {n_items} items")


def _plan(text: str, **changes: float | None) -> projects.SetPlan | None:
    given: dict[str, Any] = {key: value for key, value in changes.items() if value is not None}
    plan = projects.protocol_from(text).sets
    if plan is None and given:
        raise ProtocolError("this protocol asks about single clips or frames, not about sets to put in order")
    return replace(plan, **given) if plan else None


@project.command("list")
def list_(home: Home = None, json_: AsJson = False) -> None:
    """List the projects."""
    with opened(home) as catalog, catalog.read() as connection:
        rows = [
            {"slug": p.slug, "title": p.title, "items": len(projects.items(connection, p.slug))}
            for p in projects.all_projects(connection)
        ]
    if json_:
        print_json(rows)
        return
    for row in rows:
        typer.echo(f"{row['slug']}: {row['title']}, {row['items']} items")


@project.command("show")
def show(slug: str, home: Home = None, json_: AsJson = False) -> None:
    """Show one project and its protocol."""
    with opened(home) as catalog, catalog.read() as connection:
        found = projects.project(connection, slug)
        items = projects.items(connection, slug)
    if json_:
        print_json(
            {
                "slug": found.slug,
                "title": found.title,
                "protocol": found.protocol_name,
                "version": found.protocol_version,
                "simulated": found.simulated,
                "items": [{"item": i.id, "clip": i.clip, "frame": i.frame} for i in items],
            }
        )
        return
    typer.echo(f"{found.slug}: {found.title}, {len(items)} items\n\n{found.protocol}")


@project.command("protocols")
def protocols(json_: AsJson = False) -> None:
    """List the protocols that come with the package."""
    found = {name: projects.protocol_from(text).title for name, text in projects.shipped_protocols().items()}
    if json_:
        print_json(found)
        return
    for name, title in found.items():
        typer.echo(f"{name}: {title}")


@user.command("add")
def add(name: str, home: Home = None, json_: AsJson = False) -> None:
    """Add an expert and print a one-time sign-in link."""
    with opened(home) as catalog:
        catalog.write(partial(people.add_expert, name=name))
        _print_link(name, catalog.write(partial(people.invite, name=name)), catalog.settings, as_json=json_)


@user.command("invite")
def invite(name: str, home: Home = None, json_: AsJson = False) -> None:
    """Print a fresh one-time sign-in link, good for 24 hours."""
    with opened(home) as catalog:
        _print_link(name, catalog.write(partial(people.invite, name=name)), catalog.settings, as_json=json_)


@user.command("role")
def role(
    name: str,
    project_slug: Annotated[str, typer.Argument(metavar="PROJECT")],
    role_name: Annotated[str, typer.Argument(metavar="ROLE", help="expert or lead")],
    home: Home = None,
    json_: AsJson = False,
) -> None:
    """Let a person work in a project, as expert or as lead."""
    with opened(home) as catalog:
        catalog.write(partial(people.set_role, project=project_slug, name=name, role=role_name))
    if json_:
        print_json({"name": name, "project": project_slug, "role": role_name})
    else:
        typer.echo(f"{name} now works in {project_slug} as {role_name}")


@user.command("reviewer")
def reviewer(
    name: str,
    take_back: Annotated[bool, typer.Option("--take-back", help="End the right instead.")] = False,
    home: Home = None,
    json_: AsJson = False,
) -> None:
    """Let a person see clips before they are approved, and decide on them, anywhere on this site."""
    with opened(home) as catalog:
        catalog.write(partial(people.set_reviewer, name=name, may=not take_back))
    if json_:
        print_json({"name": name, "reviewer": not take_back})
    else:
        typer.echo(f"{name} {'may not review clips any more' if take_back else 'now reviews clips'}")


def serve(
    home: Home = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
) -> None:
    """Serve the page and the API until stopped."""
    from unisono.web.serve import serve as run  # noqa: PLC0415  # other verbs need no web server

    settings = settings_of(home, host=host, port=port)
    with opened(home, host=host, port=port) as catalog:
        typer.echo(f"unisono listens on http://{settings.host}:{settings.port}")
        run(catalog)


def protocol_text(name: str) -> str:
    """Return a shipped protocol's text, or that of a file.

    Raises
    ------
    ProtocolError
        If it is neither, no UTF-8, or no protocol.
    """
    shipped = projects.shipped_protocols()
    if name in shipped:
        return shipped[name]
    path = Path(name)
    if not path.is_file():
        raise ProtocolError(f"{name!r} is no file and no shipped protocol; those are: {', '.join(shipped)}")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ProtocolError(f"{name}: byte {error.start} is not UTF-8; a protocol is UTF-8 text") from None
    parse_protocol(text, name)  # here the file's name is known, and an error can say it
    return text


def link_of(token: str, settings: Settings) -> str:
    """Return the address that signs its bearer in once."""
    return f"http://{settings.host}:{settings.port}/#/link/{token}"


def _print_link(name: str, token: str, settings: Settings, *, as_json: bool) -> None:
    link = link_of(token, settings)
    if as_json:
        print_json({"name": name, "link": link})
    else:
        typer.echo(f"{name} signs in once, within 24 hours, at {link}")
