"""What names a patient, on its way from the worker to the vault; never logged, printed or catalogued."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2

from unisono.ingest.identifiers import NOBODY, Identifiers
from unisono.ingest.recording import Pixels
from unisono.ingest.sources import Source
from unisono.ingest.vault import Vault


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
    seen : tuple of str
        What the gate read, in the order of its boxes.
    """

    path: str = field(repr=False)
    source_sha256: str = field(repr=False)
    source: Source = field(repr=False)
    uid: str = field(repr=False, default="")
    patient: str = field(repr=False, default="")
    identifiers: Identifiers = field(repr=False, default=NOBODY)
    before_png: bytes = field(repr=False, default=b"")
    after_png: bytes = field(repr=False, default=b"")
    seen: tuple[str, ...] = field(repr=False, default=())

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
        }
        rows: list[tuple[str, str, dict[str, Any] | bytes]] = [("clip", code, facts)]
        if not is_settled:
            rows += [
                ("evidence", f"before|{code}", self.before_png),
                ("evidence", f"after|{code}", self.after_png),
                ("evidence", f"seen|{code}", {"texts": list(self.seen)}),
            ]
        vault.put_all(rows)


def forget_evidence(vault: Vault, code: str) -> None:
    """Drop the pictures and texts that a reviewer needed."""
    for what in ("before", "after", "seen"):
        vault.drop("evidence", f"{what}|{code}")


class Brightest:
    """The brightest value of each pixel and channel over all frames so far."""

    def __init__(self) -> None:
        self._image: Pixels | None = None

    def add(self, frame: Pixels) -> None:
        """Take the next frame."""
        if self._image is None:
            self._image = frame.copy()
        else:
            cv2.max(self._image, frame, dst=self._image)

    def image(self) -> Pixels:
        """Return it.

        Raises
        ------
        ValueError
            If no frame was taken.
        """
        if self._image is None:
            raise ValueError("a clip without frames has no brightest picture")
        return self._image


def source_of(facts: dict[str, object]) -> Source:
    """Return the source that a vault row of a clip names."""
    files = facts["files"]
    names = tuple(str(name) for name in files) if isinstance(files, list) else ()
    return Source(str(facts["path"]), str(facts["kind"]), names, str(facts["member"]))
