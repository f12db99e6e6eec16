"""What names a patient goes into the vault and shows itself nowhere else."""

from pathlib import Path

import numpy as np
import pytest

from unisono.ingest.confidential import Brightest, Confidential, forget_evidence, source_of
from unisono.ingest.identifiers import Identifiers
from unisono.ingest.identity import derive_keys
from unisono.ingest.sources import Source
from unisono.ingest.vault import Vault

SECRET = Confidential(
    path="/ward/CANARY.dcm",
    source_sha256="CANARY",
    source=Source("/ward/CANARY.dcm", "dicom", ("/ward/CANARY.dcm",), "in/zip"),
    uid="1.2.CANARY",
    patient="CANARY|7",
    identifiers=Identifiers(names=frozenset({"canary"})),
    before_png=b"CANARY before",
    after_png=b"CANARY after",
    seen=("CANARY",),
)


def test_it_prints_nothing_of_itself() -> None:
    assert "CANARY" not in repr(SECRET).upper()


def test_the_vault_keeps_it_and_the_file_shows_nothing(tmp_path: Path) -> None:
    with Vault(tmp_path, derive_keys(bytes(range(32)))) as vault:
        SECRET.keep(vault, "01-c", is_settled=False)
        facts = vault.get_dict("clip", "01-c")
        assert (facts["uid"], facts["patient"]) == ("1.2.CANARY", "CANARY|7")
        assert Identifiers.from_json(facts["identifiers"]) == SECRET.identifiers
        assert source_of(facts) == SECRET.source
        assert vault.get_bytes("evidence", "before|01-c") == b"CANARY before"
        assert vault.get_dict("evidence", "seen|01-c") == {"texts": ["CANARY"]}
        forget_evidence(vault, "01-c")
        assert vault.names("evidence") == []
    for path in tmp_path.iterdir():
        assert b"canary" not in path.read_bytes().lower()


def test_pictures_are_kept_only_while_somebody_must_look(tmp_path: Path) -> None:
    with Vault(tmp_path, derive_keys(bytes(range(32)))) as vault:
        SECRET.keep(vault, "01-c", is_settled=True)
        assert vault.names("evidence") == []


def test_the_brightest_of_some_frames(rng: np.random.Generator) -> None:
    frames = [rng.integers(0, 256, (7, 9, 3), dtype=np.uint8) for _ in range(4)]
    before = [f.copy() for f in frames]
    brightest = Brightest()
    with pytest.raises(ValueError, match="without frames"):
        brightest.image()
    for frame in frames:
        brightest.add(frame)
    assert np.array_equal(brightest.image(), np.max(frames, axis=0))
    assert all(np.array_equal(a, b) for a, b in zip(frames, before, strict=True))
