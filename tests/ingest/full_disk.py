"""What each door does on a disk that fills up in the middle of an object. Also a program, for a real disk.

Every scene says the same: the sender hears that there is no room, nothing of the object is left, and the
door takes the next one.
"""

import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from tests.ingest import dimse, makers
from tests.ingest.doors.test_stow import body
from tests.ingest.run.visible import partial_in_catalog
from tests.ingest.small_disk import MIB, fill
from tests.make import Site
from unisono.base.errors import UnisonoError
from unisono.base.settings import Settings
from unisono.catalog.db import open_catalog
from unisono.ingest.doors.inbox import Inbox
from unisono.ingest.doors.receive import Receiver, Terms
from unisono.ingest.doors.tokens import issue
from unisono.ingest.run import clips, ingest
from unisono.ingest.run.fsck import fsck

OUT_OF_RESOURCES = 0xA700
ROOM = 2 * MIB
"""Less than the large object, more than the small one."""
TYPE = 'multipart/related; type="application/dicom"; boundary=x'
Narrow = Callable[[Path], None]


def large() -> bytes:
    """Return an object of 4.4 MiB."""
    return makers.dicom_bytes(makers.loop(60))


def small() -> bytes:
    """Return an object of 0.3 MiB."""
    return makers.dicom_bytes(makers.loop(4, seed=1), SOPInstanceUID="1.2.826.7.2")


def receive(home: Path, narrow: Narrow) -> None:
    """C-STORE: A700, and the same association goes on."""
    inbox = Inbox(home, "01")
    receiver = Receiver(inbox, Terms(("SENDER",), port=0, idle_s=20.0))
    association = dimse.connect(receiver.port)
    narrow(home)
    assert association.send_c_store(makers.dataset(makers.loop(60))).Status == OUT_OF_RESOURCES
    assert dimse.files_in(inbox.folder) == []
    sent = makers.dataset(makers.loop(4, seed=1), SOPInstanceUID="1.2.826.7.2")
    assert association.send_c_store(sent).Status == 0
    association.release()
    receiver.close()
    assert len(inbox.delivered()) == len(dimse.files_in(inbox.folder)) == 1


def stow(home: Path, narrow: Narrow) -> None:
    """STOW-RS: 503 with reason A700 when it is alone, 202 beside one that fits."""
    site = Site(home)
    site.app.state.intake.drain_soon = lambda _: None
    client = site.client()
    headers = {"Authorization": f"Bearer {issue(home, 'pacs', '01')}", "Content-Type": TYPE}
    folder = Inbox(home, "01").folder
    narrow(home)
    answer = client.post("/dicomweb/studies", content=body(large()), headers=headers)
    assert answer.status_code == 503
    assert answer.json()["0008119A"]["Value"][0]["00081197"]["Value"] == [OUT_OF_RESOURCES]
    assert dimse.files_in(folder) == []
    answer = client.post("/dicomweb/studies", content=body(large(), small()), headers=headers)
    assert answer.status_code == 202
    assert [i["00081155"]["Value"] for i in answer.json()["00081199"]["Value"]] == [["1.2.826.7.2"]]
    assert len(dimse.files_in(folder)) == 1
    site.close()


def upload(home: Path, narrow: Narrow) -> None:
    """Upload: 503, and the next file of the same upload is taken."""
    site = Site(home)
    lead = site.client("Lena Lead")
    begun = lead.post("/api/uploads", json={"dataset_class": "01", "origin": "", "licence": ""})
    address = f"/api/uploads/{begun.json()['upload']}/files"
    narrow(home)
    assert lead.put(f"{address}/0", content=large(), params={"group": 0}).status_code == 503
    assert [p for p in (home / "uploads").rglob("*") if p.is_file()] == []
    assert lead.put(f"{address}/1", content=small(), params={"group": 1}).status_code == 204
    (left,) = [p for p in (home / "uploads").rglob("*") if p.is_file()]
    assert left.read_bytes() == small()
    site.close()


def take(home: Path, narrow: Narrow) -> None:
    """Ingest: what is in stays in, of the others whole clips or nothing; all of them once there is room."""
    inbox = home.parent / "inbox"
    inbox.mkdir()
    paths = [inbox / f"{i}.dcm" for i in range(6)]
    for i, path in enumerate(paths):
        makers.write_dicom(path, makers.loop(12, seed=i), SOPInstanceUID=f"1.2.826.7.{i + 1}")
    catalog = open_catalog(Settings(home=home))
    run = partial(ingest, catalog, dataset_class="01", workers=1, policy="none", isolated=False)
    run(paths[:2])
    narrow(home)
    with suppress(UnisonoError):
        run(paths)
    n_in = len(clips(catalog))
    assert 2 <= n_in < 6, n_in
    assert partial_in_catalog(catalog) == []
    assert fsck(catalog).is_clean
    (home / "filler").unlink()
    report = run(paths)
    assert (len(report.codes), report.known, report.withheld) == (6 - n_in, n_in, ())
    checked = fsck(catalog)
    assert (checked.is_clean, checked.frames, checked.swept) == (True, 72, 0)
    catalog.close()


DOORS = {"receive": receive, "stow": stow, "upload": upload}
SCENES = DOORS | {"take": take}


def main(folder: Path) -> None:
    """Play all scenes, one after the other, on a folder that lies on a small disk."""
    for name, scene in SCENES.items():
        home = folder / name / "home"
        home.mkdir(mode=0o700, parents=True)
        scene(home, lambda home: fill(home, ROOM) and None)
        shutil.rmtree(folder / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
