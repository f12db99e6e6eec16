"""``unisono review``: what waits for a person's look, contact sheets, and decisions with a name."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Column, Table

from unisono.annotate.run import Catalog, people
from unisono.base.errors import SettingsError, UnisonoError
from unisono.cli.common import AsJson, Home, opened, print_json
from unisono.ingest.run import looking, sheets, shown
from unisono.ingest.run import review as door

review = typer.Typer(help="Look at clips before they leave the ingest room.", no_args_is_help=True)
By = Annotated[str, typer.Option(help="Who decides: a person with the right to review.")]
Code = Annotated[str, typer.Argument(help="A clip's code, or so much of it that only one begins so.")]
Reason = Annotated[str, typer.Option(help="A few words; no name and no number of a patient.")]
SHOWN_CODE = 16
STATES = "quarantined, written, gated, approved, rejected"


def register(app: typer.Typer) -> None:
    """Add this room's verbs."""
    app.add_typer(review, name="review")


@review.command("list")
def list_(
    state: Annotated[list[str] | None, typer.Option(help=f"One of {STATES}; what waits by default.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Rows at most.")] = 50,
    offset: Annotated[int, typer.Option(min=0, help="Rows to leave out.")] = 0,
    home: Home = None,
    json_: AsJson = False,
) -> None:
    """List the clips that wait, quarantined ones first."""
    wanted = tuple(state or door.WAITING)
    unknown = sorted(set(wanted) - set(STATES.split(", ")))
    if unknown:
        raise SettingsError(f"no such state: {', '.join(unknown)}; there are: {STATES}")
    with opened(home) as catalog:
        page = looking.listed(catalog, wanted, offset=offset, limit=limit)
    if json_:
        rows = [brief(found) for found in page.clips]
        print_json({"counts": page.counts, "total": page.total, "clips": rows})
        return
    table = Table(Column("code", no_wrap=True), "state", "text gate", "frames", "mask", "held for", box=None)
    for found in page.clips:
        clip = found.clip
        gate = f"{found.verdict} ({len(found.boxes)})" if found.boxes else found.verdict
        mask = str(clip.mask.get("source", "-"))
        table.add_row(
            clip.code[:SHOWN_CODE], clip.state, gate, str(clip.n_frames), mask, found.held.partition(":")[0]
        )
    Console().print(table)
    typer.echo(f"{len(page.clips)} of {page.total} clips")


@review.command("show")
def show(code: Code, home: Home = None, json_: AsJson = False) -> None:
    """Show what is known of one clip and what was decided; no picture and no text that was read."""
    with opened(home) as catalog:
        found = door.one_waiting(catalog, looking.whole_code(catalog, code))
        decisions = looking.decisions_on(catalog, found.clip.code)
    history = [
        {"by": d.by, "decision": d.decision, "mask_version": d.mask_version, "reason": d.reason, "at": d.at}
        for d in decisions
    ]
    facts = dict(sheets.facts(found.clip))
    if json_:
        print_json(brief(found) | {"boxes": list(found.boxes), "facts": facts, "decisions": history})
        return
    typer.echo(f"{found.clip.code}  {found.clip.state}, text gate: {found.verdict}")
    for line in [found.held] * bool(found.held) + [f"{name}: {value}" for name, value in facts.items()]:
        typer.echo(f"  {line}")
    for row in history:
        typer.echo(f"  {row['decision']} by {row['by']} at {row['at']}  {row['reason']}")


@review.command("sheet")
def sheet(
    by: By,
    out: Annotated[
        Path | None,
        typer.Option(help="HTML file; inside home/quarantine by default, with pictures unmasked."),
    ] = None,
    codes: Annotated[list[str] | None, typer.Argument(help="Clips; all that wait by default.")] = None,
    offset: Annotated[int, typer.Option(min=0, help="Where on the list to begin.")] = 0,
    keep: Annotated[bool, typer.Option("--keep", help="Leave clips on it once they are decided on.")] = False,
    home: Home = None,
    json_: AsJson = False,
) -> None:
    """Write a contact sheet: each clip with its mask, what the text gate saw, and its facts."""
    with opened(home) as catalog:
        pseudonym = reviewer(catalog, by)
        whole = [looking.whole_code(catalog, code) for code in codes or ()]
        path = out or sheets.quarantine_folder(catalog.settings.home) / "sheet.html"
        made = sheets.sheet(catalog, path, pseudonym, whole, offset=offset, keep=keep)
    if json_:
        print_json({"path": made.path, "clips": made.clips, "unmasked": made.is_confidential})
    else:
        kind = "unmasked pictures: keep it there" if made.is_confidential else "masked only"
        typer.echo(f"{made.path}: {made.clips} clips, {kind}")


@review.command("approve")
def approve(
    by: By,
    codes: Annotated[list[str] | None, typer.Argument(help="Clips to approve.")] = None,
    reason: Reason = "",
    all_passed: Annotated[
        bool,
        typer.Option("--all-passed", help="All whose text gate passed and that this person looked at."),
    ] = False,
    sheet: Annotated[
        Path | None,
        typer.Option(help="The contact sheet on which this person says to have looked at them."),
    ] = None,
    home: Home = None,
    json_: AsJson = False,
) -> None:
    """Let clips that this person looked at leave the ingest room; an approved clip can be rejected."""
    if bool(codes) == all_passed:
        raise SettingsError("name the clips, or say --all-passed")
    with opened(home) as catalog:
        pseudonym = reviewer(catalog, by)
        seen = sheets.read_sheet(sheet) if sheet else None
        if all_passed:
            done = shown.approve_passed(catalog, pseudonym, reason, sheet=seen)
        else:
            whole = _each(codes or [], lambda code: looking.whole_code(catalog, code))
            done = shown.approve_shown(catalog, whole.done, pseudonym, reason, sheet=seen)
            done = shown.Swept(done.done, done.left + whole.left)
    _tell(done, "approved", as_json=json_)


@review.command("reject")
def reject(
    codes: Annotated[list[str], typer.Argument(help="Clips to reject.")],
    by: By,
    reason: Reason,
    home: Home = None,
    json_: AsJson = False,
) -> None:
    """Keep clips out for good, or take approved ones back: their pixels are deleted."""
    with opened(home) as catalog:
        pseudonym = reviewer(catalog, by)
        done = _each(codes, lambda code: _reject(catalog, code, pseudonym, reason))
    _tell(done, "rejected", as_json=json_)


def reviewer(catalog: Catalog, name: str) -> str:
    """Return the pseudonym of somebody who may review.

    Raises
    ------
    NotFoundError
        If nobody is called so.
    AccessError
        If that person may not review.
    """
    with catalog.read() as connection:
        return people.reviewer(connection, name).pseudonym


def _reject(catalog: Catalog, code: str, by: str, reason: str) -> str:
    whole = looking.whole_code(catalog, code)
    door.reject(catalog, whole, by, reason)
    return whole


def _each(codes: list[str], act: Callable[[str], str]) -> shown.Swept:
    done, left = [], []
    for code in codes:
        try:
            done.append(act(code))
        except UnisonoError as error:
            left.append((code, str(error)))
    return shown.Swept(tuple(done), tuple(left))


def _tell(done: shown.Swept, verb: str, *, as_json: bool) -> None:
    if as_json:
        print_json({verb: list(done.done), "left": [{"code": c, "reason": why} for c, why in done.left]})
    else:
        for code in done.done:
            typer.echo(f"{verb}  {code}")
        for code, why in done.left:
            typer.echo(f"left      {code[:SHOWN_CODE]}  {why}")
        typer.echo(f"{len(done.done)} clips {verb}, {len(done.left)} left")
    if done.left:
        raise typer.Exit(1)


def brief(found: door.Waiting) -> dict[str, Any]:
    """Return a clip's line of the list as JSON."""
    clip = found.clip
    return {
        "code": clip.code,
        "state": clip.state,
        "verdict": found.verdict,
        "boxes": len(found.boxes),
        "held": found.held,
        "frames": clip.n_frames,
        "mask": clip.mask.get("source", ""),
        "mask_version": clip.mask_version,
    }
