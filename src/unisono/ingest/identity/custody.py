"""The ways back from a code to a patient, and the end of all of them. Each leaves a trace first."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from unisono.base.errors import NotFoundError, SettingsError
from unisono.ingest.identity.in_clear import InClear, delete_in_clear, in_clear
from unisono.ingest.identity.keys import (
    SECRET_NAME,
    TOMBSTONE_NAME,
    VAULT_NAME,
    derive_keys,
    destroy_secret,
    site_secret,
)
from unisono.ingest.identity.vault import Vault

_CLIP = re.compile(r"[0-9]{2}-[0-9a-f]{64}")
_SUBJECT = re.compile(r"[0-9a-f]{16}")
_SOURCE = re.compile(r"file-[0-9a-f]{6,64}")
_FORMS = {"clip": _CLIP, "subject": _SUBJECT, "path": _SOURCE}


def open_vault(home: Path) -> Vault:
    """Open a home's vault without making a secret or a vault.

    Raises
    ------
    NotFoundError
        If there is none.
    SettingsError
        If the secret or the vault cannot be used.
    """
    for name in (SECRET_NAME, VAULT_NAME):
        if not (home / name).exists():
            raise NotFoundError(f"there is no home/{name}: nothing was taken in here, or it was destroyed")
    return Vault(home, derive_keys(site_secret(home)))


def identify(home: Path, code: str, *, by: str, reason: str) -> dict[str, Any]:
    """Return what a clip's code or a subject's pseudonym stands for, after writing down who asked and why.

    Parameters
    ----------
    home : pathlib.Path
    code : str
        ``CC-<64 hex>`` of a clip, 16 hex digits of a subject, or ``file-<hex>`` of a source in a report.
    by, reason : str
        Who asks, and what for; neither may be empty.

    Raises
    ------
    NotFoundError
        If the vault does not hold it; that it was asked for is on record then, too.
    SettingsError
        If ``by`` or ``reason`` is empty, or the code is none.
    """
    if not by.strip() or not reason.strip():
        raise SettingsError("say who asks (--by) and why (--reason): both go to the audit log")
    kind = next((kind for kind, form in _FORMS.items() if form.fullmatch(code)), None)
    if kind is None:
        raise SettingsError(
            "a clip's code is CC-<64 hex digits>, a subject's 16 hex digits, a source's file-<hex digits>"
        )
    entry = {"action": "identify", "at": _now(), "by": by.strip(), "code": code, "reason": reason.strip()}
    with open_vault(home) as vault:
        vault.append_audit(entry)
        return vault.get_dict(kind, _source(vault, code) if kind == "path" else code)


def _source(vault: Vault, short: str) -> str:
    digits = short.removeprefix("file-")
    found = [name for name in vault.names("path") if name.startswith(digits)]
    if len(found) != 1:
        raise NotFoundError(f"the vault holds {len(found)} sources named {short}; one is needed")
    return found[0]


def audit(home: Path) -> list[dict[str, Any]]:
    """Return who asked for what, oldest first.

    Raises
    ------
    ConflictError
        If the log was changed or cut.
    NotFoundError
        If there is no vault.
    """
    with open_vault(home) as vault:
        return vault.audit()


def key_id(home: Path) -> str:
    """Return the key id of the secret that is there, without making one.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    if not (home / SECRET_NAME).exists():
        raise NotFoundError(f"there is no home/{SECRET_NAME}")
    return derive_keys(site_secret(home)).key_id


def destroy(home: Path, typed: str, *, by: str, keep_files: bool = False) -> InClear:
    """Destroy the secret, the vault and what lies in quarantine; then no code leads back to anybody.

    Parameters
    ----------
    home : pathlib.Path
    typed : str
        The key id, typed by the person who wants it.
    by : str
        Who that is; kept with the date and the key id.
    keep_files : bool, default=False
        Leave what lies unencrypted in quarantine; the note says so. Its pictures can be compared with those
        of clips.

    Returns
    -------
    InClear
        What was deleted with it, or left.

    Raises
    ------
    SettingsError
        If the key id is another one, ``by`` is empty, or the quarantine cannot be deleted.
    NotFoundError
        If there is no secret.
    """
    if not by.strip():
        raise SettingsError("say who destroys it (--by): the note that stays tells it")
    is_unfinished = (home / TOMBSTONE_NAME).exists() and (home / SECRET_NAME).exists()
    if not is_unfinished and typed.strip() != key_id(home):
        raise SettingsError("that is not the key id of this home; nothing was destroyed")
    found = in_clear(home)
    if not keep_files:
        delete_in_clear(home)  # first: what is cut off here can be begun again with the secret
    left = str(found) if keep_files and found else ""
    destroy_secret(home, typed.strip(), at=_now(), by=by.strip(), left=left)
    return found


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
