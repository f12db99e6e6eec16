"""``unisono agree``: settle a project and say what came out."""

from pathlib import Path
from typing import Annotated

import typer

from unisono.agree.report import Report
from unisono.agree.run import agree
from unisono.base.errors import SettingsError
from unisono.cli.common import AsJson, Home, opened, print_json


def register(app: typer.Typer) -> None:
    """Add this room's verb."""
    app.command("agree")(agree_)


def agree_(
    project: Annotated[str, typer.Argument(help="The project's name in addresses.")],
    html: Annotated[Path | None, typer.Option(help="Also write the report, one HTML file.")] = None,
    method: Annotated[
        list[str] | None, typer.Option(help="QUESTION=METHOD, to settle a question another way.")
    ] = None,
    home: Home = None,
    json_: AsJson = False,
) -> None:
    """Settle every question of a project and store the result."""
    chosen = dict(_choice(text) for text in method or ())
    with opened(home) as catalog:
        report = agree(catalog, project, methods=chosen)
        if html is not None:
            _write(html, report.html())
    if json_:
        print_json(report.to_json())
        return
    _say(report)
    if html is not None:
        typer.echo(f"report: {html}")


def _choice(text: str) -> tuple[str, str]:
    key, sign, name = text.partition("=")
    if not (key and sign and name):
        raise SettingsError(f"--method must be QUESTION=METHOD; got {text!r}")
    return key, name


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".tmp")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def _say(report: Report) -> None:
    look = len(report.to_look_at)
    typer.echo(
        f"{report.project}: {report.n_answers} answers of {len(report.simulated_experts)} experts; "
        f"{look} of {len(report.items)} items need a decision"
    )
    for key, question in report.questions.items():
        sds = [s.sd for s in question.items.values() if s.sd is not None]
        unit = question.tallies[0].unit if question.tallies else ""
        spread = f", SD between experts {sum(sds) / len(sds):.2f} {unit}" if sds else ""
        typer.echo(f"  {key}: {len(question.items)} items by {question.method.name}{spread}")
    for title in report.left_out:
        typer.echo(f"  {title}: there is no consensus method yet")
    typer.echo(f"  result {report.result_id}, inputs {report.input_sha256}")
