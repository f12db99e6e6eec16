"""A clip is read again from its original as long as that is what it was; the evidence is never made up."""

from pathlib import Path

import pytest

from tests.ingest import makers
from unisono.annotate.run import Catalog
from unisono.base.errors import IngestError
from unisono.catalog.clips import clip_by_code
from unisono.ingest.files.sources import Source
from unisono.ingest.run import ingest
from unisono.ingest.run.reading_again import Readers, keep_evidence, original_of
from unisono.ingest.run.review import evidence, vault_of

pytestmark = pytest.mark.usefixtures("no_gate")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return makers.write_dicom(tmp_path / "a.dcm", makers.loop(3))


@pytest.fixture
def code(catalog: Catalog, source: Path) -> str:
    (made,) = ingest(catalog, [source], "01", workers=1, policy="person", isolated=False).codes
    return made


@pytest.mark.parametrize("harm", ["gone", "changed", "unknown"])
def test_an_original_that_is_not_what_it_was_is_none(
    catalog: Catalog, code: str, source: Path, harm: str
) -> None:
    with vault_of(catalog) as vault:
        found = original_of(vault, code)
        assert found is not None
        assert found.files == (str(source),)
        if harm == "gone":
            source.unlink()
        elif harm == "changed":
            source.write_bytes(source.read_bytes() + b"\0\0")
        asked = f"01-{'0' * 64}" if harm == "unknown" else code
        assert original_of(vault, asked) is None


def test_it_is_read_under_the_names_that_its_header_had(catalog: Catalog, code: str, tmp_path: Path) -> None:
    with catalog.read() as connection:
        clip = clip_by_code(connection, code)
    with (
        vault_of(catalog) as vault,
        catalog.files.pending() as drafts,
        Readers(catalog, vault, clip, drafts, isolated=False) as readers,
    ):
        original = original_of(vault, code)
        assert original is not None
        prepared = readers.read(original, None, is_original=True)
        assert prepared.code == code
        before = evidence(catalog, code, "rev-1")
        vault.drop("evidence", f"after|{code}")
        keep_evidence(vault, code, prepared, is_original=False, mask_version=1)
        after = evidence(catalog, code, "rev-1")
        assert (after.before_png, after.after_png) == (before.before_png, before.after_png)
        vault.drop("evidence", f"before|{code}")
        keep_evidence(vault, code, prepared, is_original=False, mask_version=1)
        assert evidence(catalog, code, "rev-1").before_png == b""  # what is left of it was never unmasked
        keep_evidence(vault, code, prepared, is_original=True, mask_version=2)
        assert evidence(catalog, code, "rev-1").before_png == b""  # that is the next mask's
        keep_evidence(vault, code, prepared, is_original=True, mask_version=1)
        assert evidence(catalog, code, "rev-1").before_png == before.before_png
        prepared.drop()
        (tmp_path / "text").write_text("no picture")
        with pytest.raises(IngestError):
            readers.read(Source("x", "images", (str(tmp_path / "text"),)), None, is_original=False)
