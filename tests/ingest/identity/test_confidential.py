"""What names a patient goes into the vault and shows itself nowhere else."""

from pathlib import Path

from tests.ingest.known_secret import KEYS
from unisono.ingest.files.sources import Source
from unisono.ingest.identity.confidential import PICTURES, Confidential, forget_evidence, source_of
from unisono.ingest.identity.identifiers import Identifiers
from unisono.ingest.identity.vault import Vault

SECRET = Confidential(
    path="/ward/CANARY.dcm",
    source_sha256="CANARY",
    source=Source("/ward/CANARY.dcm", "dicom", ("/ward/CANARY.dcm",), "in/zip"),
    uid="1.2.CANARY",
    patient="CANARY|7",
    identifiers=Identifiers(names=frozenset({"canary"})),
    before_png=b"CANARY before",
    after_png=b"CANARY after",
    dark_before_png=b"CANARY dark before",
    dark_after_png=b"CANARY dark after",
    seen=("CANARY",),
)


def test_it_prints_nothing_of_itself() -> None:
    assert "CANARY" not in repr(SECRET).upper()


def test_the_vault_keeps_it_and_the_file_shows_nothing(tmp_path: Path) -> None:
    with Vault(tmp_path, KEYS) as vault:
        SECRET.keep(vault, "01-c", is_settled=False)
        facts = vault.get_dict("clip", "01-c")
        assert (facts["uid"], facts["patient"]) == ("1.2.CANARY", "CANARY|7")
        assert Identifiers.from_json(facts["identifiers"]) == SECRET.identifiers
        assert source_of(facts) == SECRET.source
        kept = [vault.get_bytes("evidence", f"{what}|01-c") for what in PICTURES]
        assert kept == [b"CANARY before", b"CANARY after", b"CANARY dark before", b"CANARY dark after"]
        assert vault.get_dict("evidence", "seen|01-c") == {"texts": ["CANARY"]}
        forget_evidence(vault, "01-c")
        assert vault.names("evidence") == []
    for path in tmp_path.iterdir():
        assert b"canary" not in path.read_bytes().lower()


def test_pictures_are_kept_only_while_somebody_must_look(tmp_path: Path) -> None:
    with Vault(tmp_path, KEYS) as vault:
        SECRET.keep(vault, "01-c", is_settled=True)
        assert vault.names("evidence") == []
