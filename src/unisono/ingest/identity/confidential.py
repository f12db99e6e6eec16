"""What names a patient, on its way from the worker to the vault; never logged, printed or catalogued."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from unisono.ingest.files.sources import Source
from unisono.ingest.identity.identifiers import NOBODY, Identifiers
from unisono.ingest.identity.vault import Vault

PICTURES = ("before", "after", "dark-before", "dark-after")
"""What the vault calls the pictures for a reviewer: brightest and darkest, not masked and masked."""
UNMASKED = frozenset({"before", "dark-before"})


@dataclass(frozen=True, slots=True)
class Confidential:
    """What must not leave the vault.

    Parameters
    ----------
    path : str
        The label of the source.
    source_sha256 : str
    source : Source
        Where the recording lies; a mask that a person draws is applied to it again.
    uid, patient : str
    identifiers : Identifiers
    before_png, after_png : bytes
        The brightest of all frames, not masked and masked.
    dark_before_png, dark_after_png : bytes
        The darkest of all frames, not masked and masked; empty for a still, whose only frame is both.
    seen : tuple of str
        What the gate read, in the order of its boxes.
    extremes_sha256 : str
        Of the brightest and darkest pixels before the mask: two recordings that differ outside of it only, or
        of which nothing is kept, are told apart by this.
    """

    path: str = field(repr=False)
    source_sha256: str = field(repr=False)
    source: Source = field(repr=False)
    uid: str = field(repr=False, default="")
    patient: str = field(repr=False, default="")
    identifiers: Identifiers = field(repr=False, default=NOBODY)
    before_png: bytes = field(repr=False, default=b"")
    after_png: bytes = field(repr=False, default=b"")
    dark_before_png: bytes = field(repr=False, default=b"")
    dark_after_png: bytes = field(repr=False, default=b"")
    seen: tuple[str, ...] = field(repr=False, default=())
    extremes_sha256: str = field(repr=False, default="")

    def pictures(self) -> dict[str, bytes]:
        """Return the pictures for a reviewer, PNG, by what the vault calls them."""
        pngs = (self.before_png, self.after_png, self.dark_before_png, self.dark_after_png)
        return dict(zip(PICTURES, pngs, strict=True))

    def keep(self, vault: Vault, code: str, *, is_settled: bool) -> None:
        """Put it into the vault under a clip's code; pictures and texts only while somebody must look."""
        facts = {
            "path": self.path,
            "kind": self.source.kind,
            "files": [str(Path(name).resolve()) for name in self.source.files],
            "member": self.source.member,
            "source_sha256": self.source_sha256,
            "uid": self.uid,
            "patient": self.patient,
            "identifiers": self.identifiers.to_json(),
            "extremes_sha256": self.extremes_sha256,
        }
        rows: list[tuple[str, str, dict[str, Any] | bytes]] = [("clip", code, facts)]
        if not is_settled:
            rows += [
                *(("evidence", f"{what}|{code}", png) for what, png in self.pictures().items()),
                ("evidence", f"seen|{code}", {"texts": list(self.seen)}),
            ]
        vault.put_all(rows)


def evidence_name(vault: Vault, what: str, code: str, mask_version: int) -> str:
    """Return where the vault has a picture or the texts of a clip under one of its masks.

    What is from before any mask, or was not made anew, stands under the name of the first.
    """
    name = f"{what}|{code}|{mask_version}"
    return name if vault.has("evidence", name) else f"{what}|{code}"


def forget_evidence(vault: Vault, code: str, mask_version: int = 1) -> None:
    """Drop what a reviewer needed to see, of every mask up to one and of the next, if it was begun."""
    for what in (*PICTURES, "seen"):
        vault.drop("evidence", f"{what}|{code}")
        for version in range(1, mask_version + 2):
            vault.drop("evidence", f"{what}|{code}|{version}")


def source_of(facts: dict[str, object]) -> Source:
    """Return the source that a vault row of a clip names."""
    files = facts["files"]
    names = tuple(str(name) for name in files) if isinstance(files, list) else ()
    return Source(str(facts["path"]), str(facts["kind"]), names, str(facts["member"]))
