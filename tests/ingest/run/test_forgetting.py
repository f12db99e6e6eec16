"""What only a decision needed is gone after it, as often as it is asked, and with or without a secret."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ingest import makers
from unisono.base.settings import Settings
from unisono.catalog.clips import Clip, clip_by_code
from unisono.catalog.db import Catalog, open_catalog
from unisono.ingest.identity.keys import SECRET_NAME
from unisono.ingest.run import ingest
from unisono.ingest.run.forgetting import forget
from unisono.ingest.run.review import vault_of

pytestmark = pytest.mark.usefixtures("no_gate")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Catalog]:
    opened = open_catalog(Settings(home=tmp_path / "home"))
    yield opened
    opened.close()


@pytest.fixture
def clip(home: Catalog) -> Clip:
    """Return a clip that was delivered and waits for a person."""
    landed = home.settings.home / "inbox" / "01"
    landed.mkdir(parents=True)
    path = makers.write_dicom(landed / "a.dcm", makers.loop(3))
    (code,) = ingest(home, [path], "01", workers=1, policy="person", isolated=False).codes
    path.unlink()
    with home.read() as connection:
        return clip_by_code(connection, code)


def originals(home: Catalog) -> list[Path]:
    return [p for p in (home.settings.home / "quarantine" / "originals").rglob("*") if p.is_file()]


def test_the_original_and_all_pictures_go_and_the_facts_stay(home: Catalog, clip: Clip) -> None:
    with vault_of(home) as vault:
        vault.put("evidence", f"after|{clip.code}|1", b"of the mask in force")
        vault.put("evidence", f"after|{clip.code}|2", b"of one that was begun")
        vault.put("evidence", "after|01-other", b"of another clip")
    assert originals(home)
    for _ in range(2):
        forget(home, clip)
        assert originals(home) == []
        with vault_of(home) as vault:
            assert vault.names("evidence") == ["after|01-other"]
            assert vault.has("clip", clip.code)


def test_without_a_secret_nothing_is_asked_for(home: Catalog, clip: Clip) -> None:
    (home.settings.home / SECRET_NAME).unlink()
    forget(home, clip)
    assert not (home.settings.home / SECRET_NAME).exists()
