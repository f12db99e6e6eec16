"""``unisono export dicom``: a clip as a clean DICOM file."""

from pathlib import Path
from typing import Annotated

import typer

from unisono.cli.common import AsJson, Home, opened, print_json
from unisono.ingest.run.exporting import export_dicom


def register(app: typer.Typer) -> None:
    """Add this verb."""
    verbs = typer.Typer(help="Hand single clips out in other forms.", no_args_is_help=True)
    verbs.command("dicom")(dicom)
    app.add_typer(verbs, name="export")


def dicom(
    code: Annotated[str, typer.Argument(help="Code of an approved clip.")],
    out: Annotated[Path, typer.Option(help="The file to write.")],
    home: Home = None,
    json_: AsJson = False,
) -> None:
    """Write a clip as one de-identified DICOM file: fresh UIDs, allowed values, masked pixels."""
    with opened(home) as catalog:
        size = export_dicom(catalog, code, out)
    if json_:
        print_json({"code": code, "path": str(out), "bytes": size})
    else:
        typer.echo(f"{out}  {size / 1e6:.1f} MB")
