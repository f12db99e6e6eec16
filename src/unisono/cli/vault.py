"""``unisono vault``: from a code back to a patient, with a trace; and the end of that way."""

from dataclasses import asdict
from typing import Annotated

import typer

from unisono.cli.common import AsJson, Home, print_json, say, settings_of
from unisono.ingest.identity import custody
from unisono.ingest.identity.in_clear import in_clear
from unisono.ingest.identity.keys import create_secret

vault = typer.Typer(help="Lead codes back to patients, on record, or never again.", no_args_is_help=True)
By = Annotated[str, typer.Option(help="Who you are; goes on record.")]


def register(app: typer.Typer) -> None:
    """Add this room's verbs."""
    app.add_typer(vault, name="vault")


@vault.command("identify")
def identify(
    code: Annotated[str, typer.Argument(help="A clip's code or a subject's pseudonym, whole.")],
    reason: Annotated[str, typer.Option(help="Why; goes on record.")],
    by: By,
    home: Home = None,
    json_: AsJson = False,
) -> None:
    """Say what a code stands for. The request is written to the audit log first."""
    found = custody.identify(settings_of(home).home, code, by=by, reason=reason)
    if json_:
        print_json(found)
        return
    for name, value in sorted(found.items()):
        say(f"{name}: {value}")


@vault.command("audit")
def audit(home: Home = None, json_: AsJson = False) -> None:
    """List who asked for what and why; fails when the log was changed or cut."""
    entries = custody.audit(settings_of(home).home)
    if json_:
        print_json(entries)
        return
    for entry in entries:
        typer.echo(
            "  ".join(str(entry.get(name, "")) for name in ("at", "by", "action", "what", "code", "reason"))
        )
    typer.echo(f"{len(entries)} entries, the chain is whole")


@vault.command("key")
def key(home: Home = None, json_: AsJson = False) -> None:
    """Print the key id of the site secret: it tells secrets apart and leads to none."""
    known = custody.key_id(settings_of(home).home)
    if json_:
        print_json({"key_id": known})
    else:
        typer.echo(known)


@vault.command("destroy")
def destroy(
    by: By,
    keep_files: Annotated[
        bool, typer.Option("--keep-files", help="Leave what lies unencrypted in home/quarantine.")
    ] = False,
    home: Home = None,
    json_: AsJson = False,
) -> None:
    """Destroy the site secret, the vault and home/quarantine: no code leads back to anybody from then on."""
    folder = settings_of(home).home
    typer.echo(
        "Codes that are in use stay as they are and can never be led back; nothing more can be taken in "
        "under them. Copies and backups of the secret are yours to destroy.",
        err=True,
    )
    found = in_clear(folder)
    if found and keep_files:
        typer.echo(f"Left in clear, where it can be compared with clips: {found}.", err=True)
    elif found:
        typer.echo(f"In clear, and deleted with it: {found}. --keep-files leaves them.", err=True)
    what = "the secret and these files" if found and not keep_files else "the secret"
    typed = typer.prompt(f"To destroy {what}, type its key id (unisono vault key)", err=True)
    found = custody.destroy(folder, typed, by=by, keep_files=keep_files)
    if json_:
        print_json({"destroyed": typed.strip(), "left" if keep_files else "deleted": asdict(found)})
    else:
        end = f"; {'left' if keep_files else 'deleted'}: {found}" if found else ""
        typer.echo(f"destroyed the site secret {typed.strip()} and its vault{end}")


@vault.command("create")
def create(home: Home = None, json_: AsJson = False) -> None:
    """Make a new site secret after the old one was destroyed; recordings get other codes under it."""
    made = create_secret(settings_of(home).home)
    if json_:
        print_json({"key_id": made})
    else:
        typer.echo(f"made a site secret, key id {made}: back it up")
