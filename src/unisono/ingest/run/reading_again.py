"""What reading a clip again takes: its original, the pools that read and look, the evidence that is kept."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from unisono.base.errors import IngestError, NotFoundError
from unisono.catalog.clips import Clip
from unisono.catalog.db import Catalog
from unisono.ingest.files.sources import Source
from unisono.ingest.identity.codes import derive_keys, site_secret
from unisono.ingest.identity.confidential import UNMASKED, source_of
from unisono.ingest.identity.identifiers import NOBODY, Identifiers
from unisono.ingest.identity.vault import Vault
from unisono.ingest.looks import read_and_look
from unisono.ingest.masks.mask import MaskPlan
from unisono.ingest.parts import part_of
from unisono.ingest.prepare import Job
from unisono.ingest.prepared import Prepared
from unisono.ingest.readers.reading import fingerprint
from unisono.ingest.workers import Workers


class Readers:
    """Who reads a clip again: two pools, open while this is entered.

    Parameters
    ----------
    catalog : Catalog
    vault : Vault
    clip : Clip
    drafts : pathlib.Path
    isolated : bool
        In limited child processes.
    """

    def __init__(self, catalog: Catalog, vault: Vault, clip: Clip, drafts: Path, *, isolated: bool) -> None:
        self._clip, self._drafts, self._stack = clip, drafts, ExitStack()
        self._keys = derive_keys(site_secret(catalog.settings.home)).for_workers()
        self._known = _identifiers(vault, clip.code)
        self._readers, self._gates = (Workers(1, "", isolated=isolated) for _ in range(2))

    def __enter__(self) -> Self:
        for pool in (self._readers, self._gates):
            self._stack.enter_context(pool)
        return self

    def __exit__(self, *ended: object) -> None:
        self._stack.close()

    def read(self, source: Source, plan: MaskPlan | None, *, is_original: bool) -> Prepared:
        """Return the clip as it is read, and looked at; drop it in any case.

        Raises
        ------
        IngestError
            If it is refused.
        """
        # Frames that are left of a part are only that part.
        part = part_of(self._clip.part) if is_original else None
        dataset_class = self._clip.dataset_class
        job = Job(source, dataset_class, self._keys, self._drafts, plan, is_split=part is not None, part=part)
        ((_, prepared),) = read_and_look(self._readers, self._gates, [job], self._known)
        if isinstance(prepared, IngestError):
            raise prepared
        return prepared


def _identifiers(vault: Vault, code: str) -> Identifiers:
    """Return whom the original's header names: frames that are left of it have none."""
    try:
        return Identifiers.from_json(vault.get_dict("clip", code)["identifiers"])
    except NotFoundError:
        return NOBODY


def original_of(vault: Vault, code: str) -> Source | None:
    """Return a clip's original where it still is what it was, else None."""
    try:
        facts = vault.get_dict("clip", code)
        original = source_of(facts)
        return original if fingerprint(original) == facts["source_sha256"] else None
    except (IngestError, NotFoundError):
        return None


def keep_evidence(
    vault: Vault, code: str, prepared: Prepared, *, is_original: bool, mask_version: int
) -> None:
    """Keep the pictures and texts for a reviewer under the version of the mask that they show.

    Written before the row of that mask, so that whoever finds the row finds them. Pictures from before the
    mask are kept only where they are that.
    """
    private = prepared.private
    rows: list[tuple[str, str, dict[str, Any] | bytes]] = [
        ("evidence", f"{what}|{code}|{mask_version}", png)
        for what, png in private.pictures().items()
        if is_original or what not in UNMASKED
    ]
    vault.put_all([*rows, ("evidence", f"seen|{code}|{mask_version}", {"texts": list(private.seen)})])
