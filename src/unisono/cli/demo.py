"""``unisono demo``: the sample study, then serve it."""

from typing import Annotated

import typer

from unisono.cli.annotate import link_of
from unisono.cli.common import AsJson, Home, opened, print_json


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(demo)


def demo(
    home: Home = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    serve: Annotated[bool, typer.Option(help="Serve when the study is ready.")] = True,
    json_: AsJson = False,
) -> None:
    """Make a sample study with simulated experts, print sign-in links, then serve it."""
    from unisono.cli.sample_study import LEAD, prepare, sign_in_tokens  # noqa: PLC0415  # slow to import
    from unisono.web.serve import serve as run  # noqa: PLC0415

    with opened(home, host=host, port=port) as catalog:
        prepare(catalog, say=(lambda _: None) if json_ else typer.echo)
        settings = catalog.settings
        links = {name: link_of(token, settings) for name, token in sign_in_tokens(catalog).items()}
        if json_:
            print_json({"address": f"http://{settings.host}:{settings.port}", "links": links})
        else:
            typer.echo(f"\nunisono is at http://{settings.host}:{settings.port} with a sample study.")
            for name, link in links.items():
                sees = "labels and sees everyone's work" if name == LEAD else "labels, blind to the others"
                typer.echo(f"\n  {name} ({sees}), signs in once at\n  {link}")
            typer.echo("\nThe phantoms and the eleven experts are simulated and are marked so. Ctrl+C stops.")
        if serve:
            run(catalog)
