"""A clip that was read and masked: a draft on disk, and what the catalog, the gate and the vault get."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from unisono.base.errors import IngestError
from unisono.ingest.gate.composites import Composites
from unisono.ingest.gate.verdict import Verdict
from unisono.ingest.identity.confidential import Confidential

PACK = "pack"
NOT_RUN = Verdict("not run", (), "")


@dataclass(frozen=True, slots=True)
class DraftFrame:
    """One encoded frame: hashes, and the size of its PNG file."""

    png_sha256: str
    pixel_sha256: str
    png_bytes: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """A clip ready to be stored. But for ``private`` it holds nothing that names a patient.

    Parameters
    ----------
    code, subject : str
    facts : dict
        The fields of a catalog clip that the recording gives.
    frames : tuple of DraftFrame
    mask_png : bytes
    shown : Composites
        Of the masked frames, for the text gate.
    private : Confidential
    folder : pathlib.Path
        The draft; `drop` it in any case.
    pack_sha256 : str
    pack_bytes : int
        Of its `pack`.
    rival : str
        Code that the recording has when it is cut otherwise: only one of them may be in.
    verdict : Verdict
        Of the text gate; not run until `looked_at`.
    """

    code: str
    subject: str
    facts: dict[str, Any]
    frames: tuple[DraftFrame, ...]
    mask_png: bytes
    shown: Composites = field(repr=False)
    private: Confidential = field(repr=False)
    folder: Path
    pack_sha256: str
    pack_bytes: int
    rival: str = ""
    verdict: Verdict = NOT_RUN

    @property
    def held(self) -> IngestError | None:
        """The rule that puts this clip into quarantine, if any."""
        refused = self.facts["mask"].get("refused")
        if refused:
            return IngestError(refused["code"], refused["reason"])
        return gate_error(self.verdict.state)

    @property
    def n_parts(self) -> int:
        """How many clips its recording became."""
        part = self.facts["part"]
        return int(part["of"]) if part else 1

    def looked_at(self, verdict: Verdict) -> "Prepared":
        """Return this clip with what the gate said of it."""
        private = replace(self.private, seen=tuple(hit.text for hit in verdict.hits))
        return replace(self, verdict=verdict, private=private)

    def pngs(self) -> list[Path]:
        """Return the frames' PNG files in order; whoever stores them may take them away."""
        return [self.folder / png_name(index) for index in range(len(self.frames))]

    @property
    def pack(self) -> Path:
        """The page's pictures, in one file."""
        return self.folder / PACK

    def drop(self) -> None:
        """Delete the draft."""
        delete_draft(self.folder)


def gate_error(verdict: str) -> IngestError | None:
    """Return the refusal that goes with a verdict of the text gate."""
    if verdict == "identifier":
        return IngestError("E_PHI_RESIDUAL", "the masked frames show something that the header names")
    if verdict == "text":
        return IngestError("E_TEXT_RESIDUAL", "the masked frames show text")
    return None


def delete_draft(folder: Path) -> None:
    """Delete the files of a draft and its folder."""
    for path in folder.glob("*"):
        path.unlink(missing_ok=True)
    if folder.exists():
        folder.rmdir()


def png_name(index: int) -> str:
    """Return the name of a frame's file in a draft."""
    return f"{index:04d}.png"
