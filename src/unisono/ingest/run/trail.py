"""What a review leaves in the audit log: who was shown or did what, of which clip, and when.

An entry is written before the thing is shown or done. It holds a clip's code and a reviewer's pseudonym, and
nothing that names a patient: no text, no reason, no path.
"""

from typing import Literal, get_args

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
"""What of a clip a person was shown: what the gate read, a picture, all masked frames, all of it, a sheet."""
Done = Act
"""What a person did to a clip; the catalog holds the one list of it."""
AS_IT_LEAVES: frozenset[str] = frozenset(get_args(Shown)) - {
    "texts", "before", "dark-before", "dark-after", "mask",
}  # fmt: skip
"""Looks that show a clip as it would leave."""


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


def last_looks(vault: Vault, by: str) -> dict[str, str]:
    """Return when a person was last shown each clip as it would leave: ISO 8601 by code."""
    return {
        entry["code"]: entry["at"]
        for entry in vault.audit()
        # Entries of older versions do not say what was shown: it was the evidence.
        if entry["action"] == "review" and entry["by"] == by and entry.get("what", "evidence") in AS_IT_LEAVES
    }
