from collections.abc import Iterator
from functools import partial
from typing import Any
from uuid import uuid4

import cv2
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Connection

from tests.ingest.dimse import wait_until
from tests.ingest.makers import dicom_bytes, in_colour, loop
from tests.make import Site
from unisono.annotate.run import people
from unisono.ingest.limits import Limits
from unisono.web import uploads as module


@pytest.fixture
def lead(site: Site) -> Iterator[TestClient]:
    with site.client("Lena Lead") as client:  # one event loop for all requests: uploads are read behind them
        yield client


def begin(client: TestClient) -> str:
    answer = client.post("/api/uploads", json={"dataset_class": "01", "origin": "here", "licence": "ours"})
    assert answer.status_code == 200
    return f"/api/uploads/{answer.json()['upload']}"


def put(client: TestClient, upload: str, position: int, data: bytes, **query: Any) -> int:
    answer = client.put(f"{upload}/files/{position}", content=data, params={"group": position} | query)
    return answer.status_code


def finished(client: TestClient, upload: str) -> dict[str, Any]:
    client.post(f"{upload}/reading")
    assert wait_until(lambda: client.get(upload).json()["state"] in ("done", "failed"), 60)
    return client.get(upload).json()


def test_files_are_taken_in_and_each_is_told_of(lead: TestClient, site: Site) -> None:
    upload = begin(lead)
    assert put(lead, upload, 0, dicom_bytes(loop(6))) == 204
    assert put(lead, upload, 1, b"notes") == 204
    for i, frame in enumerate(in_colour(loop(3, seed=4))):
        png = cv2.imencode(".png", frame)[1].tobytes()
        assert put(lead, upload, 2 + i, png, group=7, frame=i) == 204
    assert {f["state"] for f in lead.get(upload).json()["files"]} == {"received"}
    state = finished(lead, upload)
    files = {f["position"]: f for f in state["files"]}
    assert (state["state"], state["n_clips"], state["n_frames"]) == ("done", 2, 9)
    assert [files[i]["state"] for i in range(5)] == ["in", "withheld", "in", "in", "in"]
    assert files[1]["code"] == "E_NOT_RECORDING"
    assert files[1]["reason"]
    assert list((site.home / "uploads").iterdir()) == []


def test_on_a_new_site_who_reviews_may_upload(site: Site) -> None:
    def let_in(connection: Connection) -> None:
        people.add_expert(connection, "Olga Operator")
        people.set_reviewer(connection, "Olga Operator")

    site.catalog.write(let_in)
    with site.client("Olga Operator") as olga:
        told = olga.get("/api/me").json()
        assert (told["leads"], told["may_bring"]) == ([], True)
        upload = begin(olga)
        assert put(olga, upload, 0, dicom_bytes(loop(6))) == 204
        assert finished(olga, upload)["n_clips"] == 1
        site.catalog.write(partial(people.set_reviewer, name="Olga Operator", may=False))
        assert olga.get("/api/me").json()["may_bring"] is False
        assert olga.post("/api/uploads", json={"dataset_class": "01"}).status_code == 403


def test_what_a_file_is_called_has_no_place_in_an_address(lead: TestClient, site: Site) -> None:
    parameters = site.app.openapi()["paths"]["/api/uploads/{upload}/files/{position}"]["put"]["parameters"]
    assert sorted(p["name"] for p in parameters) == ["frame", "group", "position", "upload"]
    kinds = [
        option for p in parameters if p["in"] == "query" for option in p["schema"].get("anyOf", [p["schema"]])
    ]
    assert {kind["type"] for kind in kinds} == {"integer", "null"}


def test_only_a_lead_or_a_reviewer_may_upload_and_only_the_own_upload_is_seen(
    site: Site, lead: TestClient
) -> None:
    expert, nobody = site.client("Ada One"), site.client()
    terms = {"dataset_class": "01"}
    assert expert.post("/api/uploads", json=terms).status_code == 403
    assert nobody.post("/api/uploads", json=terms).status_code == 401
    upload = begin(lead)
    for client, status in ((expert, 403), (nobody, 401)):
        assert put(client, upload, 0, b"1") == status
        assert client.get(upload).status_code == status
        assert client.post(f"{upload}/reading").status_code == status
    assert lead.get(f"/api/uploads/{uuid4()}").status_code == 404


def test_a_file_that_is_sent_again_replaces_itself(lead: TestClient, site: Site) -> None:
    upload = begin(lead)
    for data in (b"first", b"second"):
        assert put(lead, upload, 0, data) == 204
    (path,) = [p for p in (site.home / "uploads").rglob("*") if p.is_file()]
    assert path.read_bytes() == b"second"


def test_two_files_never_share_a_place(lead: TestClient, site: Site) -> None:
    upload = begin(lead)
    for position in range(3):
        assert put(lead, upload, position, b"%d" % position, group=1, frame=1) == 204
    assert len([p for p in (site.home / "uploads").rglob("*") if p.is_file()]) == 3


@pytest.mark.parametrize(
    "query", [{"frame": "../1"}, {"frame": 100_000}, {"frame": -1}, {"group": "a/b"}, {"group": -1}]
)
def test_a_place_that_leads_elsewhere_is_refused(lead: TestClient, query: dict[str, Any]) -> None:
    assert put(lead, begin(lead), 0, b"1", **query) == 422


def test_a_file_over_the_cap_is_refused_and_leaves_nothing(
    lead: TestClient, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LIMITS", Limits(file_bytes=1000))
    upload = begin(lead)
    assert put(lead, upload, 0, b"0" * 1001) == 413
    assert [p for p in (site.home / "uploads").rglob("*") if p.is_file()] == []


def test_nothing_can_be_added_to_what_is_being_read(lead: TestClient) -> None:
    upload = begin(lead)
    put(lead, upload, 0, dicom_bytes(loop(6)))
    finished(lead, upload)
    assert put(lead, upload, 1, b"1") == 409


def test_another_sites_page_may_not_upload(lead: TestClient) -> None:
    headers = {"sec-fetch-site": "cross-site"}
    assert lead.post("/api/uploads", json={"dataset_class": "01"}, headers=headers).status_code == 403
    address = f"{begin(lead)}/files/0"
    assert lead.put(address, content=b"1", params={"group": 0}, headers=headers).status_code == 403
