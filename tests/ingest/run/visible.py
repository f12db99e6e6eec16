"""What can be seen of a home as somebody left it: through the catalog, and through the API. Nothing is swept.

An approved clip must be there whole, to the last byte; of every other clip nobody but a reviewer may receive
a byte, and the reviewer all frames under the mask in force or none.
"""

import hashlib
from collections.abc import Iterator, Sequence
from functools import partial

from fastapi.testclient import TestClient

from unisono.annotate.run import people, projects
from unisono.annotate.run.projects import Target
from unisono.base.errors import NotFoundError
from unisono.base.packs import decode_pack
from unisono.catalog.clips import Clip, all_clips, frames_of
from unisono.catalog.db import Catalog
from unisono.ingest.run.sweeping import clip_in_name
from unisono.web.app import make_app

WHO = "Lena Lead"
PROTOCOL = "view"
NOT_THERE = (403, 404)
GONE = 410


def partial_in_catalog(catalog: Catalog) -> list[str]:
    """Return what is wrong with the clips that the catalog shows to everybody."""
    with catalog.read() as connection:
        approved = [clip for clip in all_clips(connection) if clip.state == "approved"]
        rows = {clip.code: frames_of(connection, clip.code) for clip in approved}
    wrong = []
    for clip in approved:
        frames = rows[clip.code]
        if [frame.index for frame in frames] != list(range(clip.n_frames)):
            wrong.append(f"{len(frames)} rows for {clip.n_frames} frames")
        for frame in frames:
            code = f"{clip.code}-{frame.index:04d}"
            wrong += _unlike(
                f"frame {frame.index}", partial(catalog.files.read_frame, code), frame.png_sha256
            )
        read_pack = partial(catalog.files.read_pack, clip.code, clip.pack_sha256)
        wrong += _unlike("pack", read_pack, clip.pack_sha256)
    return wrong


def partial_over_web(catalog: Catalog) -> list[str]:
    """Return what is wrong with what the API serves to an expert who may work on everything, and a reviewer.

    Makes a person, and a project of all approved clips.
    """
    with catalog.read() as connection:
        clips = all_clips(connection)
    approved = [clip for clip in clips if clip.state == "approved"]
    expert = _signed_in(catalog, approved)
    wrong = []
    for clip in approved:
        with catalog.read() as connection:
            shas = [frame.png_sha256 for frame in frames_of(connection, clip.code)]
        paths = {f"frames/{index}.png": sha256 for index, sha256 in enumerate(shas)}
        for path, sha256 in (paths | {f"pack/{clip.pack_sha256}": clip.pack_sha256}).items():
            answer = expert.get(f"/api/clips/{clip.code}/{path}")
            if answer.status_code != 200 or hashlib.sha256(answer.content).hexdigest() != sha256:
                wrong.append(f"{path.partition('/')[0]} of an approved clip: {answer.status_code}")
    shown = {clip.code for clip in approved}
    for code in sorted(set(_codes_on_disk(catalog)) | {clip.code for clip in clips}):
        answer = expert.get(f"/api/clips/{code}/frames/0.png")
        if code not in shown and answer.status_code not in NOT_THERE:
            wrong.append(f"a frame of a clip that nobody approved: {answer.status_code}")
    return wrong + [line for clip in clips for line in _wrong_for_reviewer(expert, clip)]


def _unlike(what: str, read: "partial[bytes]", sha256: str) -> list[str]:
    try:
        return [] if hashlib.sha256(read()).hexdigest() == sha256 else [f"{what} is damaged"]
    except NotFoundError:
        return [f"{what} is missing"]


def _wrong_for_reviewer(reviewer: TestClient, clip: Clip) -> list[str]:
    answer = reviewer.get(f"/api/review/{clip.code}")
    if answer.status_code != 200:
        return [f"a clip of the review: {answer.status_code}"]
    if answer.json()["clip"]["n_frames"] != clip.n_frames:
        return ["a clip of the review with another number of frames"]
    pack = reviewer.get(f"/api/review/{clip.code}/pack")
    if pack.status_code == GONE:
        return []
    is_whole = pack.status_code == 200 and len(decode_pack(pack.content)) == clip.n_frames
    is_right = hashlib.sha256(pack.content).hexdigest() == clip.pack_sha256
    return [] if is_whole and is_right else [f"the pack of a clip of the review: {pack.status_code}"]


def _signed_in(catalog: Catalog, approved: Sequence[Clip]) -> TestClient:
    catalog.write(partial(people.add_expert, name=WHO))
    catalog.write(partial(people.set_reviewer, name=WHO, may=True))
    if approved:
        text = projects.shipped_protocols()[PROTOCOL]
        targets = [Target(clip.code, None) for clip in approved]
        make = partial(projects.create_project, slug="all", protocol_text=text, targets=targets, seed="seed")
        catalog.write(make)
        catalog.write(partial(people.set_role, project="all", name=WHO, role="lead"))
    client = TestClient(make_app(catalog), base_url="http://127.0.0.1", raise_server_exceptions=False)
    token = catalog.write(partial(people.invite, name=WHO))
    client.post("/api/session/link", json={"token": token}).raise_for_status()
    return client


def _codes_on_disk(catalog: Catalog) -> Iterator[str]:
    for held in (False, True):
        for names in catalog.files.store(held=held).listing():
            yield from {clip_in_name(name) for name in names} - {""}
