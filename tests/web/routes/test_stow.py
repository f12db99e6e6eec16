import http.client
import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path

import pydicom
import pytest

from tests.ingest.dimse import wait_until
from tests.ingest.doors.test_stow import body
from tests.ingest.makers import dicom_bytes, loop, write_dicom
from tests.make import Site
from tests.server import Running, serve
from unisono.annotate.run import open_catalog
from unisono.base.settings import Settings
from unisono.ingest.doors.inbox import Inbox
from unisono.ingest.doors.tokens import issue
from unisono.ingest.run import clips

SAMPLES = Path(__file__).parents[3].parent / "shared" / "data" / "dicom"
TYPE = 'multipart/related; type="application/dicom"; boundary=x'
PATH = "/dicomweb/studies"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    running = serve(tmp_path)
    yield running
    running.stop()


def headers(home: Path, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {issue(home, 'pacs', '01')}", "Content-Type": TYPE, **more}


def test_only_a_device_with_a_token_may_store(site: Site) -> None:
    data = body(dicom_bytes(loop(2)))
    sent = {"Content-Type": TYPE}
    for client in (site.client(), site.client("Lena Lead")):
        for scheme in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic eA=="}):
            answer = client.post(PATH, content=data, headers=sent | scheme)
            assert (answer.status_code, "Bearer" in answer.headers["www-authenticate"]) == (401, True)
    assert not (site.home / "inbox").exists()


def test_the_answer_is_the_standards(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(site.app.state.intake, "drain_soon", asked.append)
    client = site.client()
    sent = headers(site.home)
    answer = client.post(PATH, content=body(dicom_bytes(loop(2)), b"junk"), headers=sent)
    assert (answer.status_code, answer.headers["content-type"]) == (202, "application/dicom+json")
    assert answer.json()["00081199"]["Value"][0]["00081155"]["Value"] == ["1.2.826.7.1"]
    assert answer.json()["0008119A"]["Value"][0]["00081197"]["Value"] == [0xC000]
    assert asked == ["01"]
    assert client.post(PATH, content=body(b"junk"), headers=sent).status_code == 409
    assert len(Inbox(site.home, "01").delivered()) == 1


def test_what_is_no_such_body_is_refused(site: Site) -> None:
    client = site.client()
    sent = headers(site.home)
    for kind in (
        "application/dicom",
        "multipart/form-data; boundary=x",
        'multipart/related; type="a/b"; boundary=x',
    ):
        assert client.post(PATH, content=b"", headers=sent | {"Content-Type": kind}).status_code == 415
    assert client.post(PATH, content=body(dicom_bytes(loop(2)))[:-9], headers=sent).status_code == 400
    assert client.post(PATH, content=b"--x\r\n" + b"h" * 20_000, headers=sent).status_code == 413
    assert [p.name for p in (site.home / "inbox" / "01").iterdir() if p.suffix == ".tmp"] == []


def test_a_body_without_parts_is_said(site: Site) -> None:
    client, sent = site.client(), headers(site.home)
    for data, why in (
        (b"--x--", "holds no part"),
        (b"--x--\r\nepilogue", "holds no part"),
        (b"", "last boundary"),
    ):
        answer = client.post(PATH, content=data, headers=sent)
        assert (answer.status_code, answer.headers["content-type"]) == (400, "application/json")
        assert why in answer.json()["detail"]


def test_a_study_takes_its_own_objects_and_no_others(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site.app.state.intake, "drain_soon", lambda _: None)
    client, sent = site.client(), headers(site.home)
    own = dicom_bytes(loop(2))
    other = dicom_bytes(loop(2), StudyInstanceUID="1.2.826.70", SOPInstanceUID="1.2.826.7.2")
    answer = client.post(f"{PATH}/1.2.826.7", content=body(own, other), headers=sent)
    assert answer.status_code == 202
    assert answer.json()["00081199"]["Value"][0]["00081155"]["Value"] == ["1.2.826.7.1"]
    (failed,) = answer.json()["00081198"]["Value"]
    assert (failed["00081155"]["Value"], failed["00081197"]["Value"]) == (["1.2.826.7.2"], [0xA901])
    assert client.post(f"{PATH}/1.2.3", content=body(own), headers=sent).status_code == 409
    assert client.post(f"{PATH}/CANARY", content=body(own), headers=sent).status_code == 400
    assert client.post(f"{PATH}/1.2.826.7", content=body(own)).status_code == 401
    assert len(Inbox(site.home, "01").delivered()) == 1


def test_a_sender_that_goes_away_mid_part_leaves_nothing(server: Running, tmp_path: Path) -> None:
    data = body(dicom_bytes(loop(60)))
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.putrequest("POST", PATH)
    for name, value in (headers(tmp_path) | {"Content-Length": str(len(data))}).items():
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(data[: len(data) // 2])
    folder = tmp_path / "inbox" / "01"
    assert wait_until(lambda: folder.is_dir() and any(folder.glob("*.tmp")))
    connection.close()
    assert wait_until(lambda: not any(folder.glob("*.tmp")))
    assert Inbox(tmp_path, "01").delivered() == []


def test_chunked_bodies_are_streamed_and_taken_in(server: Running, tmp_path: Path) -> None:
    data = body(*(dicom_bytes(loop(6, seed=i), SOPInstanceUID=f"1.2.{i + 1}") for i in range(2)))
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    pieces = (data[i : i + 70_001] for i in range(0, len(data), 70_001))
    connection.request("POST", PATH, body=pieces, headers=headers(tmp_path), encode_chunked=True)
    answer = connection.getresponse()
    assert answer.status == 200
    assert len(json.load(answer)["00081199"]["Value"]) == 2
    connection.close()
    assert wait_until(lambda: n_clips(tmp_path) == 2, 60)
    assert wait_until(lambda: Inbox(tmp_path, "01").delivered() == [])


@pytest.mark.skipif(importlib.util.find_spec("dicomweb_client") is None, reason="dicomweb-client is missing")
def test_a_dicomweb_client_that_is_not_ours_delivers(server: Running, tmp_path: Path) -> None:
    import requests  # noqa: PLC0415  # comes with dicomweb-client
    from dicomweb_client import DICOMwebClient  # noqa: PLC0415

    session = requests.Session()
    session.headers["Authorization"] = headers(tmp_path)["Authorization"]
    client = DICOMwebClient(f"{server.address}/dicomweb", session=session)
    paths = [
        write_dicom(tmp_path / f"{i}.dcm", loop(6, seed=i), SOPInstanceUID=f"1.2.{i + 1}") for i in range(3)
    ]
    if SAMPLES.is_dir():
        paths += sorted(SAMPLES.glob("*.dcm"))
    answer = client.store_instances([pydicom.dcmread(path) for path in paths])
    assert len(answer.ReferencedSOPSequence) == len(paths)
    assert "FailedSOPSequence" not in answer
    session.close()
    assert wait_until(lambda: n_clips(tmp_path) >= 3, 90)


def n_clips(home: Path) -> int:
    catalog = open_catalog(Settings(home=home))
    found = len(clips(catalog))
    catalog.close()
    return found
