"""A disk that fills up in the middle of an object, at every door."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from tests.ingest import dimse, makers
from tests.ingest.full_disk import DOORS, OUT_OF_RESOURCES, ROOM, small
from tests.ingest.small_disk import fills_up, run_on_small_disk
from tests.make import Site
from unisono.ingest.doors.inbox import Inbox
from unisono.ingest.doors.receive import Receiver, Terms

SIZE_MIB = 16


@pytest.mark.parametrize("door", DOORS)
def test_an_object_that_does_not_fit_leaves_nothing_and_the_next_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, door: str
) -> None:
    home = tmp_path / "home"
    DOORS[door](home, lambda home: fills_up(monkeypatch, home, ROOM))


def test_on_a_real_disk(tmp_path: Path) -> None:
    run_on_small_disk(tmp_path, SIZE_MIB, "tests.ingest.full_disk")


@pytest.mark.parametrize("call", ["open", "fsync", "rename"])
def test_a_disk_that_refuses_at_the_first_or_the_last_step_is_out_of_resources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    inbox = Inbox(tmp_path, "01")
    receiver = Receiver(inbox, Terms(("SENDER",), port=0, idle_s=20.0))
    association = dimse.connect(receiver.port)
    with monkeypatch.context() as patch:
        refuse(patch, call, inbox.folder)
        assert association.send_c_store(makers.dataset(makers.loop(2))).Status == OUT_OF_RESOURCES
    assert dimse.files_in(inbox.folder) == []
    assert association.send_c_store(makers.dataset(makers.loop(2))).Status == 0
    association.release()
    receiver.close()
    assert len(inbox.delivered()) == len(dimse.files_in(inbox.folder)) == 1


@pytest.mark.parametrize("call", ["open", "fsync", "rename"])
def test_an_upload_is_told_that_there_is_no_room(
    site: Site, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    lead = site.client("Lena Lead")
    begun = lead.post("/api/uploads", json={"dataset_class": "01", "origin": "", "licence": ""})
    address = f"/api/uploads/{begun.json()['upload']}/files/0"
    with monkeypatch.context() as patch:
        refuse(patch, call, site.home / "uploads")
        assert lead.put(address, content=small(), params={"group": 0}).status_code == 503
    assert [p for p in (site.home / "uploads").rglob("*") if p.is_file()] == []
    assert lead.put(address, content=small(), params={"group": 0}).status_code == 204


def refuse(patch: pytest.MonkeyPatch, call: str, folder: Path) -> None:
    """Let one system call on what lies in a folder say that the disk is full."""

    def refused(really: Any, *given: Any, **rest: Any) -> Any:
        path = f"/proc/self/fd/{given[0]}" if isinstance(given[0], int) else given[0]
        if Path(path).resolve().is_relative_to(folder):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return really(*given, **rest)

    where = Path if call == "rename" else os
    really = getattr(where, call)
    patch.setattr(where, call, lambda *given, **rest: refused(really, *given, **rest))
