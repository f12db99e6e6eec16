import asyncio
import json
from pathlib import Path

import pytest

from tests.ingest.makers import dicom_bytes, loop
from tests.make import run_apart
from unisono.annotate.run import Catalog, open_catalog
from unisono.base.errors import CatalogError
from unisono.base.settings import Settings
from unisono.ingest.doors.inbox import Inbox
from unisono.ingest.run import clips
from unisono.web import intake as module
from unisono.web.intake import Intake, drain_inbox, progress_of, progress_path, take_upload


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", workers=1)


def delivered(settings: Settings, *, seed: int = 0, **values: str) -> Inbox:
    inbox = Inbox(settings.home, "01")
    arrival = inbox.begin()
    arrival.write(dicom_bytes(loop(6, seed=seed), **values))
    inbox.deliver(arrival)
    return inbox


def test_an_inbox_is_emptied_once_for_many_asks(settings: Settings) -> None:
    inbox = delivered(settings)
    catalog: Catalog = open_catalog(settings)

    async def scene() -> None:
        intake = Intake(catalog)
        for _ in range(5):
            intake.drain_soon("01")
        assert len(intake.tasks) == 1
        await asyncio.gather(*intake.tasks)
        intake.close()

    run_apart(scene())
    catalog.close()
    assert inbox.delivered() == []
    (report,) = (settings.home / "reports").glob("*-stow-01/report.json")
    assert len(json.loads(report.read_text())["clips"]) == 1


def test_a_server_that_ends_leaves_the_rest_in_the_inbox(settings: Settings) -> None:
    n_files = 25
    for i in range(n_files):
        inbox = delivered(settings, seed=i, SOPInstanceUID=f"1.2.{i + 1}")
    catalog: Catalog = open_catalog(settings)

    async def scene() -> None:
        intake = Intake(catalog)
        intake.drain_soon("01")
        while not clips(catalog):  # noqa: ASYNC110  # another process does it
            await asyncio.sleep(0.05)
        intake.close()

    run_apart(scene())
    assert 0 < len(clips(catalog)) < n_files
    catalog.close()
    assert len(inbox.delivered()) == n_files


def test_it_comes_again_while_another_run_is_at_work(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = delivered(settings)
    monkeypatch.setattr(module, "BUSY_WAIT_S", 0.05)
    catalog = open_catalog(settings)

    async def scene() -> None:
        intake = Intake(catalog)
        with inbox.alone():
            intake.drain_soon("01")
            await asyncio.sleep(3)
            assert len(inbox.delivered()) == 1
        await asyncio.gather(*intake.tasks)
        intake.close()

    run_apart(scene())
    catalog.close()
    assert inbox.delivered() == []


def test_a_dead_process_is_said_and_replaced(settings: Settings) -> None:
    catalog = open_catalog(settings)

    async def scene() -> None:
        intake = Intake(catalog)
        with pytest.raises(CatalogError, match="died"):
            await intake._aside(module.os.abort)
        assert await intake._aside(module.os.getpid) > 0
        intake.close()

    run_apart(scene())
    catalog.close()


def test_progress_is_told_beside_the_folder(settings: Settings) -> None:
    folder = settings.home / "uploads" / "x"
    (folder / "00000").mkdir(parents=True)
    (folder / "00000" / "x.dcm").write_bytes(dicom_bytes(loop(6)))
    assert progress_of(folder) == (0, 0)
    taken = take_upload(settings, folder, "01", "", "")
    assert (taken.figures.clips, taken.files) == (1, (("00000/x.dcm", ()),))
    assert progress_of(folder) == (1, 1)
    assert json.loads(progress_path(folder).read_text()) == [1, 1]
    assert not folder.exists()


def test_what_waits_is_drained_in_this_process_too(settings: Settings) -> None:
    delivered(settings)
    assert drain_inbox(settings, "01").clips == 1
    assert not drain_inbox(settings, "01")
