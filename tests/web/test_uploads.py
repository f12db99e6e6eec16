import asyncio
from pathlib import Path

import pytest

from tests.make import run_apart
from unisono.base.errors import CatalogError, ConflictError, NotFoundError, SettingsError
from unisono.ingest.doors.drain import Drained
from unisono.ingest.limits import LIMITS
from unisono.ingest.reports.report import Withheld
from unisono.web.intake import Taken
from unisono.web.uploads import Uploads


class Fake:
    """Stands in for the process beside the server: fails once, then takes everything."""

    def __init__(self, *, fails: bool = False) -> None:
        self.fails = fails

    async def take(self, *_: object) -> Taken:
        if self.fails:
            self.fails = False
            raise CatalogError("another run is at work")
        return Taken(Drained(1, 2, 0), (("00001/x.dcm", (Withheld("a", "E_NO_MASK", "none"),)),))


def test_places_are_made_of_numbers_alone(tmp_path: Path) -> None:
    upload = Uploads(tmp_path, Fake()).begin("lena", "01", "", "")
    assert upload.path_of(0, 3, 7) == upload.folder / "00003" / "00007.image"
    assert upload.path_of(1, 4) == upload.folder / "00004" / "x"
    assert upload.path_of(2, 3, 7) == upload.folder / "00003-00002" / "00007.image"
    assert upload.path_of(0, 3, 7) == upload.folder / "00003" / "00007.image"
    upload.files |= {100 + n: "" for n in range(LIMITS.members - 3)}
    with pytest.raises(SettingsError):
        upload.path_of(5, 0)


def test_reading_that_failed_can_be_asked_for_again(tmp_path: Path) -> None:
    async def scene() -> None:
        uploads = Uploads(tmp_path, Fake(fails=True))
        upload = uploads.begin("lena", "01", "", "")
        uploads.read(upload)
        uploads.read(upload)
        assert len(uploads.tasks) == 1
        await asyncio.gather(*uploads.tasks)
        assert (upload.state, upload.problem) == ("failed", "another run is at work")
        uploads.read(upload)
        await asyncio.gather(*uploads.tasks)
        assert (upload.state, upload.problem) == ("done", "")
        assert upload.why()["00001/x.dcm"][0].code == "E_NO_MASK"
        with pytest.raises(ConflictError):
            upload.path_of(9, 0)

    run_apart(scene())


def test_an_upload_is_its_owners(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path, Fake())
    upload = uploads.begin("lena", "01", "", "")
    assert uploads.find(upload.id, "lena") is upload
    for wrong in ((upload.id, "ada"), ("x", "lena")):
        with pytest.raises(NotFoundError):
            uploads.find(*wrong)
