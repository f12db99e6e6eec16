from functools import partial
from pathlib import Path

import pytest

from tests.ingest.makers import loop, write_dicom
from unisono.annotate.run import open_catalog
from unisono.base.settings import Settings
from unisono.ingest.files.kinds import kind_of
from unisono.ingest.identity.codes import derive_keys, sha256_hex, site_secret
from unisono.ingest.run import ingest
from unisono.ingest.run.presence import which_are_in


@pytest.mark.parametrize("policy", ["none", "person"])
def test_a_content_is_in_when_its_clip_is_and_is_not_withheld(tmp_path: Path, policy: str) -> None:
    home, path = tmp_path / "home", write_dicom(tmp_path / "a.dcm", loop(6))
    data = path.read_bytes()
    assert kind_of(data[:512]) == "dicom"
    catalog = open_catalog(Settings(home=home))
    ask = partial(which_are_in, catalog)
    key = derive_keys(site_secret(home)).source_key(sha256_hex(data))
    assert ask("01", [key]) == set()
    assert len(ingest(catalog, [path], "01", workers=1, policy=policy, isolated=False).codes) == 1
    assert ask("01", [key, "other"]) == {key}
    assert ask("02", [key]) == set()
    for state in ("quarantined", "rejected"):
        catalog.write(lambda c, state=state: c.exec_driver_sql(f"update clip set state = '{state}'"))  # noqa: S608
        assert ask("01", [key]) == set()
    catalog.close()
