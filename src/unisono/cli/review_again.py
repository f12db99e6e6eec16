"""``unisono review`` of clips that are read again: with a mask drawn, a mask found, or for text alone."""

from collections.abc import Callable, Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from unisono.annotate.run import Catalog
from unisono.base.errors import SettingsError, UnisonoError
from unisono.cli.common import AsJson, Home, opened, print_json
from unisono.cli.review import SHOWN_CODE, By, Code, brief, review, reviewer
from unisono.ingest.masks.outline import checked_polygons, parse_polygon
from unisono.ingest.run import looking, rechecking, redrawing
from unisono.ingest.run.review import Waiting, one_waiting

Again = Callable[[Catalog, str, str], Waiting]
Codes = Annotated[list[str] | None, typer.Argument(help="Clips that wait or are approved.")]


def register(app: typer.Typer) -> None:  # noqa: ARG001  # they belong to a verb that is there
    """Add these verbs to those of the review."""
    for name, verb in (("redraw", redraw), ("remask", remask), ("recheck", recheck)):
        review.command(name)(verb)


def redraw(
    code: Code,
    polygon: Annotated[
        list[str], typer.Option(help='Corners of what is kept, px: "x,y x,y x,y"; repeatable.')
    ],
    by: By,
    home: Home = None,
    json_: AsJson = False,
) -> None:
    """Read a clip again under a mask that you give, and look for text again; approving it comes after."""
    with opened(home) as catalog:
        pseudonym = reviewer(catalog, by)
        clip = one_waiting(catalog, looking.whole_code(catalog, code)).clip
        polygons = checked_polygons([parse_polygon(text) for text in polygon], clip.rows, clip.columns)
        found = redrawing.redraw(catalog, clip.code, polygons, pseudonym, mask_version=clip.mask_version)
    if json_:
        print_json(brief(found))
    else:
        typer.echo(_line(found))


def remask(
    codes: Annotated[list[str], typer.Argument(help="Clips that wait.")],
    by: By,
    home: Home = None,
    json_: AsJson = False,
) -> None:
    """Find masks anew by the rules in force, on the originals, and look for text again."""
    with opened(home) as catalog:
        done = _each(catalog, codes, reviewer(catalog, by), redrawing.remask)
    _tell(*done, "remasked", as_json=json_)


def recheck(
    by: By,
    codes: Codes = None,
    all_unchecked: Annotated[
        bool, typer.Option("--all-unchecked", help="All that wait and that no text check has seen.")
    ] = False,
    all_approved: Annotated[
        bool, typer.Option("--all-approved", help="All that are approved; those that show text go back.")
    ] = False,
    home: Home = None,
    json_: AsJson = False,
) -> None:
    """Let the text check look at clips again under the masks that they have; it needs the extra deid."""
    if [bool(codes), all_unchecked, all_approved].count(True) != 1:
        raise SettingsError("name the clips, or say --all-unchecked or --all-approved")
    with opened(home) as catalog:
        pseudonym = reviewer(catalog, by)
        wanted = codes or (looking.unchecked(catalog) if all_unchecked else looking.approved(catalog))
        done = _each(catalog, wanted, pseudonym, rechecking.recheck)
    _tell(*done, "checked", as_json=json_)


def _each(
    catalog: Catalog, codes: Sequence[str], by: str, again: Again
) -> tuple[list[Waiting], list[tuple[str, str]]]:
    done, left = [], []
    with Progress(console=Console(stderr=True), transient=True) as bar:
        for code in bar.track(codes, description="clips"):
            try:
                done.append(again(catalog, looking.whole_code(catalog, code), by))
            except UnisonoError as error:
                left.append((code, str(error)))
    return done, left


def _tell(done: list[Waiting], left: list[tuple[str, str]], verb: str, *, as_json: bool) -> None:
    if as_json:
        rows = [{"code": code, "reason": why} for code, why in left]
        print_json({verb: [brief(found) for found in done], "left": rows})
    else:
        for found in done:
            typer.echo(_line(found))
        for code, why in left:
            typer.echo(f"left      {code[:SHOWN_CODE]}  {why}")
        typer.echo(f"{len(done)} clips {verb}, {len(left)} left")
    if left:
        raise typer.Exit(1)


def _line(found: Waiting) -> str:
    return f"{found.clip.code}  {found.clip.state}, text gate: {found.verdict}"
