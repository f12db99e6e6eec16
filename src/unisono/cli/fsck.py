"""``unisono fsck``: hold the frames on disk against the catalog."""

import typer

from unisono.base.errors import CatalogError
from unisono.cli.common import AsJson, Home, opened, print_json
from unisono.ingest.run.fsck import Checked, fsck
from unisono.ingest.run.storing import STORE_ERRORS, why_unstorable

MOST_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add this verb."""
    app.command("fsck")(fsck_)


def fsck_(home: Home = None, json_: AsJson = False) -> None:
    """Check that every frame is there and whole, and that nothing else lies beside; exit 1 if not."""
    with opened(home) as catalog:
        try:
            checked = fsck(catalog)
        except STORE_ERRORS as error:
            raise CatalogError(f"the check cannot be made: {why_unstorable(error)}") from None
    if json_:
        faults = [{"what": f.what, "path": f.path} for f in checked.faults]
        print_json(
            {
                "clips": checked.clips,
                "frames": checked.frames,
                "bytes": checked.bytes,
                "swept": checked.swept,
                "faults": faults,
            }
        )
    else:
        _say(checked)
    if not checked.is_clean:
        raise typer.Exit(1)


def _say(checked: Checked) -> None:
    for fault in checked.faults[:MOST_SHOWN]:
        typer.echo(f"{fault.what:8}  {fault.path}")
    if len(checked.faults) > MOST_SHOWN:
        typer.echo(f"... and {len(checked.faults) - MOST_SHOWN} more; --json names all")
    if checked.swept:
        typer.echo(f"{checked.swept} leftovers of interrupted work were swept")
    state = "clean" if checked.is_clean else f"{len(checked.faults)} faults"
    typer.echo(f"{checked.clips} clips, {checked.frames} frames, {checked.bytes / 1e6:.0f} MB: {state}")
