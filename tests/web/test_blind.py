"""Blindness as a security property: every byte that another expert receives, route by route, role by role."""

import re
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from tests.make import Site, curve_label, gesture, point_label
from unisono.annotate.run import people, projects

MARK = 31.73205
"""A coordinate that occurs nowhere else."""
ROLES = ("nobody", "stranger", "expert", "lead")


@dataclass
class Scene:
    """Ada has worked; Ben has not; Carl works elsewhere; Lena leads."""

    site: Site
    item: str
    answer: str
    secrets: tuple[str, ...]
    clients: dict[str, TestClient]

    def paths(self) -> list[str]:
        """Return every GET address of the API, filled with what is there."""
        fill = self.fill()
        found = []
        for path, verbs in self.site.app.openapi()["paths"].items():
            if "get" in verbs and path != "/api/events":
                found.append(re.sub(r"\{(\w+)\}", lambda m: fill[m[1]], path))
        return found

    def fill(self) -> dict[str, str]:
        """Return what is put into addresses; what has no fixed id is nobody's."""
        clip = self.site.clips[0]
        fresh = ("answer_id", "submission_id", "review_id", "note_id", "upload")
        return {
            "slug": "lv",
            "item": self.item,
            "code": clip.code,
            "study": "1.2.826.7",
            "sha256": clip.pack_sha256,
            "index": "1",
            "position": "0",
            "what": "after",
            "picture": "quality-good.webp",
            **{name: str(uuid4()) for name in fresh},
        }


@pytest.fixture
def scene(site: Site) -> Scene:
    ada = site.client("Ada One")
    item = site.item(ada)
    site.finish(ada, item)
    said = site.save(ada, item, "lv-apex-endo", point_label(MARK, MARK))
    me = ada.get("/api/me").json()
    progress = site.client("Lena Lead").get("/api/projects/lv/progress").json()
    pseudonym = next(e["pseudonym"] for e in progress["experts"] if e["name"] == "Ada One")
    site.new_project("views", "view")
    site.catalog.write(partial(people.add_expert, name="Carl Stranger"))
    clients = {
        "nobody": site.client(),
        "stranger": site.client("Carl Stranger"),
        "expert": site.client("Ben Two"),
        "lead": site.client("Lena Lead"),
    }
    return Scene(site, item, said["id"], (str(MARK), me["id"], "Ada One", pseudonym, said["id"]), clients)


@pytest.mark.parametrize("role", ["nobody", "stranger", "expert"])
def test_nobody_but_a_lead_receives_a_byte_of_another_ones_work(scene: Scene, role: str) -> None:
    for path in scene.paths():
        answer = scene.clients[role].get(path)
        received = answer.text + str(answer.headers)
        for secret in scene.secrets:
            assert secret not in received, f"{role} read {secret!r} at {path}"


def test_the_search_finds_the_marks_where_they_may_be_seen(scene: Scene) -> None:
    """The test above proves nothing if the marks are never sent at all."""
    everything = "".join(scene.clients["lead"].get(path).text for path in scene.paths())
    missing = [s for s in scene.secrets if s not in everything]
    assert missing == []


def test_ones_own_numbers_do_not_move_with_anothers_work(scene: Scene) -> None:
    ben = scene.clients["expert"]
    before = {
        p: ben.get(p).text for p in ("/api/projects", "/api/projects/lv/queue", f"/api/items/{scene.item}")
    }
    ada = scene.site.client("Ada One")
    for entry in ada.get("/api/projects/lv/queue").json():
        scene.site.finish(ada, entry["item"], shift=1.0)
    assert {p: ben.get(p).text for p in before} == before


ALLOWED = {
    "/api/session/link post": "nobody stranger expert lead",
    "/api/session/password post": "nobody stranger expert lead",
    "/api/session delete": "nobody stranger expert lead",
    "/api/site get": "nobody stranger expert lead",
    "/healthz get": "nobody stranger expert lead",
    "/readyz get": "nobody stranger expert lead",
    "/api/me get": "stranger expert lead",
    "/api/me/password post": "stranger expert lead",
    "/api/projects get": "stranger expert lead",
    "/api/projects/{slug} get": "expert lead",
    "/api/projects/{slug}/queue get": "expert lead",
    "/api/items/{item} get": "expert lead",
    "/api/answers/{answer_id} put": "expert lead",
    "/api/submissions/{submission_id} put": "expert lead",
    "/api/notes/{note_id} put": "expert lead",
    "/api/items/{item}/notes get": "expert lead",
    "/api/projects/{slug}/notes get": "lead",
    "/api/examples/{picture} get": "stranger expert lead",
    "/api/clips/{code}/pack/{sha256} get": "expert lead",
    "/api/clips/{code}/frames/{index}.png get": "expert lead",
    "/api/clips/{code}/thumbnail.jpg get": "expert lead",
    "/api/projects/{slug}/progress get": "lead",
    "/api/projects/{slug}/agreement post": "lead",
    "/api/items/{item}/consensus get": "lead",
    "/api/reviews/{review_id} put": "lead",
    "/api/uploads post": "lead",
    # Of these the upload is nobody's: what its owner may is in routes/test_uploads.py.
    "/api/uploads/{upload} get": "",
    "/api/uploads/{upload}/files/{position} put": "",
    "/api/uploads/{upload}/reading post": "",
    # Reviewers alone, who need not lead anything: routes/test_review.py.
    "/api/review get": "",
    "/api/review/{code} get": "",
    "/api/review/{code}/pack get": "",
    "/api/review/{code}/{what}.png get": "",
    "/api/review/{code}/look post": "",
    "/api/review/{code}/approval post": "",
    "/api/review/{code}/rejection post": "",
    "/api/review/{code}/mask post": "",
    "/api/review/{code}/remask post": "",
    "/api/review/{code}/recheck post": "",
    # Devices alone, by their token: routes/test_stow.py.
    "/dicomweb/studies post": "",
    "/dicomweb/studies/{study} post": "",
}
"""Who may call what; /api/events is in test_stream.py."""


def test_the_table_names_every_route(site: Site) -> None:
    routes = {f"{path} {verb}" for path, verbs in site.app.openapi()["paths"].items() for verb in verbs}
    assert routes - {"/api/events get"} == set(ALLOWED)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("route", [r for r in ALLOWED if "session" not in r])
def test_each_route_lets_in_just_whom_it_should(scene: Scene, route: str, role: str) -> None:
    answer = call(scene, route, role)
    if role in ALLOWED[route].split():
        assert answer in (200, 204), f"{role} was refused at {route}: {answer}"
    else:
        assert answer in (401, 403, 404), f"{role} got {answer} at {route}"


def call(scene: Scene, route: str, role: str) -> int:
    path, verb = route.split()
    fill = scene.fill()
    address = re.sub(r"\{(\w+)\}", lambda m: fill[m[1]], path)
    unusable = {
        "project": "lv",
        "item": scene.item,
        "outcome": "unusable",
        "reason": "other",
        "protocol_version": 1,
        "gesture": gesture("done"),
    }
    note = {**unusable, "kind": "flag", "text": "look"}
    for key in ("outcome", "reason"):
        del note[key]
    bodies = {
        "/api/me/password post": {"password": "long enough to pass"},
        "/api/answers/{answer_id} put": scene.site.answer_body(scene.item, "curve-lv-endo", curve_label()),
        "/api/submissions/{submission_id} put": unusable,
        "/api/notes/{note_id} put": note,
        "/api/reviews/{review_id} put": {"answer": scene.answer, "verdict": "ok"},
        "/api/uploads post": {"dataset_class": "01"},
    }
    query = {"group": 0} if "{position}" in path else {}
    answer = scene.clients[role].request(verb.upper(), address, params=query, json=bodies.get(route))
    return answer.status_code


@pytest.mark.parametrize("address", ["/api/items/{}", "/api/items/{}/consensus"])
def test_what_belongs_to_others_looks_as_if_it_were_not_there(scene: Scene, address: str) -> None:
    with scene.site.catalog.read() as connection:
        foreign = projects.items(connection, "views")[0].id
    missing = str(uuid4())
    for role in ("stranger", "expert", "lead"):
        client = scene.clients[role]
        there, not_there = client.get(address.format(foreign)), client.get(address.format(missing))
        assert there.status_code == not_there.status_code == 404
        assert there.text == not_there.text.replace(missing, foreign)


def test_an_answer_of_another_project_looks_as_if_it_were_not_there(scene: Scene) -> None:
    carl, missing = scene.clients["stranger"], str(uuid4())
    texts = []
    for answer in (scene.answer, missing):
        reply = carl.put(f"/api/reviews/{uuid4()}", json={"answer": answer, "verdict": "ok"})
        assert reply.status_code == 404
        texts.append(reply.text.replace(answer, "it"))
    assert texts[0] == texts[1]
