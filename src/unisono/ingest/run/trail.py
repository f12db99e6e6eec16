"""What a review leaves in the audit log: who was shown or did what, of which clip, and when.

An entry is written before the thing is shown or done. It holds a clip's code and a reviewer's pseudonym, and
nothing that names a patient: no text, no reason, no path.
"""

from typing import Literal

from unisono.catalog.evidence_tables import Act
from unisono.catalog.rows import now
from unisono.ingest.identity.vault import Vault

Shown = Literal[
    "texts",
    "before",
    "after",
    "dark-before",
    "dark-after",
    "mask",
    "frames",
    "evidence",
    "sheet",
    "masked sheet",
]
"""What of a clip was sent to a person: what the gate read, a picture, all masked frames, all of it, a sheet.

A page fetches the next clip ahead, so what was sent was not looked at for that; a ``look`` says so.
"""
Done = Act
"""What a person did to a clip; the catalog holds the one list of it."""


def put_on_record(vault: Vault, what: Shown | Done, code: str, by: str) -> None:
    """Write who looks at a clip, or decides on it, to the audit log.

    Parameters
    ----------
    vault : Vault
    what : str
        One of `Shown` or `Done`.
    code : str
        The clip's.
    by : str
        The reviewer's pseudonym.
    """
    vault.append_audit({"action": "review", "what": what, "by": by, "code": code, "at": now().isoformat()})
