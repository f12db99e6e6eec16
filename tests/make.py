"""Makers: everything the tests need from a few numbers and a seed. Nothing here is real."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import cv2
import numpy as np
from fastapi.testclient import TestClient

from unisono.annotate.run import Catalog, open_catalog, people, projects
from unisono.annotate.run.projects import Target
from unisono.base.packs import encode_pack
from unisono.base.settings import Settings
from unisono.catalog.clips import Clip, Frame, insert_clip
from unisono.catalog.rows import now
from unisono.web.app import make_app

T = TypeVar("T")


def run_apart(scene: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in a thread of its own: a browser's driver may hold this thread's event loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, scene).result()


def make_images(n_frames: int = 4, rows: int = 60, columns: int = 80, seed: int = 0) -> list[np.ndarray]:
    """Return frames of noise with a bright square that moves one pixel a frame."""
    rng = np.random.default_rng(seed)
    images = []
    for i in range(n_frames):
        image = rng.integers(0, 60, (rows, columns), dtype=np.uint8)
        image[20:30, 10 + i : 20 + i] = 220
        images.append(image)
    return images


def make_clip(
    catalog: Catalog,
    *,
    seed: int = 0,
    n_frames: int = 4,
    rows: int = 60,
    columns: int = 80,
    spacing_mm: tuple[float, float] | None = (0.5, 0.5),
    simulated: bool = True,
) -> Clip:
    """Put a clip of drawn frames into a catalog."""
    images = make_images(n_frames, rows, columns, seed)
    pngs = [bytes(cv2.imencode(".png", i)[1]) for i in images]
    pack = encode_pack([bytes(cv2.imencode(".jpg", i)[1]) for i in images])
    digest = sha256(f"clip {seed}".encode()).hexdigest()
    clip = Clip(
        code=f"01-{digest}",
        dataset_class="01",
        subject=f"subject-{seed}",
        kind="images",
        rows=rows,
        columns=columns,
        n_frames=n_frames,
        frame_times_s=tuple(0.05 * i for i in range(n_frames)),
        timing="made",
        regions=(),
        spacing_mm=spacing_mm,
        header={},
        mask={},
        decoder="none",
        pack_sha256=sha256(pack).hexdigest(),
        pack_bytes=len(pack),
        source_key=sha256(f"source {seed}".encode()).hexdigest(),
        origin="made by the tests",
        licence="CC0-1.0",
        simulated=simulated,
        created_at=now(),
        state="approved",
    )
    frames = [
        Frame(clip.code, i, sha256(p).hexdigest(), sha256(images[i].tobytes()).hexdigest(), len(p))
        for i, p in enumerate(pngs)
    ]
    catalog.files.put_clip(clip.code, pngs, pack)
    catalog.write(partial(insert_clip, clip=clip, frames=frames))
    return clip


def curve_label(shift: float = 0.0) -> dict[str, Any]:
    """Return a five-node border, moved to the right by ``shift`` px."""
    nodes = [(20.0, 50.5), (22.25, 25.0), (40.0, 8.0), (57.5, 26.0), (60.0, 51.0)]
    keys = ["mv-ant-hinge", None, "lv-apex-endo", None, "mv-post-hinge"]
    dumped = [
        {"x": x + shift, "y": y} | ({"key": key} if key else {})
        for (x, y), key in zip(nodes, keys, strict=True)
    ]
    instance = {"nodes": dumped, "spline": "natural-cubic/chord", "freehand": False}
    return {"visibility": "seen", "instances": [instance]}


def point_label(x: float, y: float) -> dict[str, Any]:
    """Return one point."""
    return {"visibility": "seen", "instances": [{"x": x, "y": y}]}


def gesture(kind: str = "test", **changes: Any) -> dict[str, Any]:
    """Return how an answer came about."""
    base = {"kind": kind, "at": "2026-01-01T12:00:00Z", "active_s": 3.5, "undo_count": 0, "session": "s1"}
    return {**base, **changes}


DISPLAY = {
    "zoom": 1.0,
    "brightness": 0.0,
    "contrast": 1.0,
    "pixel_ratio": 1.0,
    "width": 800,
    "height": 600,
    "pointer": "mouse",
}


@dataclass
class Site:
    """A small site: two clips, the project ``lv`` over them, a lead and two experts.

    Parameters
    ----------
    home : pathlib.Path
    """

    home: Path
    catalog: Catalog = field(init=False)
    clients: list[TestClient] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.catalog = open_catalog(Settings(home=self.home))
        self.clips = [make_clip(self.catalog, seed=s) for s in (1, 2)]
        self.app = make_app(self.catalog)
        self.new_project("lv", "a4c-lv-border")
        for name, role in (("Lena Lead", "lead"), ("Ada One", "expert"), ("Ben Two", "expert")):
            self.catalog.write(partial(people.add_expert, name=name))
            self.catalog.write(partial(people.set_role, project="lv", name=name, role=role))

    def new_project(self, slug: str, protocol: str) -> None:
        """Make a project over the first frame of each clip, or over the clips."""
        text = projects.shipped_protocols()[protocol]
        whole = projects.protocol_from(text).item == "clip"
        targets = [Target(c.code, None if whole else 1) for c in self.clips]
        job = partial(projects.create_project, slug=slug, protocol_text=text, targets=targets, seed="seed")
        self.catalog.write(job)

    def client(self, name: str = "") -> TestClient:
        """Return a client, signed in when a name is given."""
        client = TestClient(self.app, base_url="http://127.0.0.1")
        self.clients.append(client)
        if name:
            token = self.catalog.write(partial(people.invite, name=name))
            answer = client.post("/api/session/link", json={"token": token})
            answer.raise_for_status()
        return client

    def item(self, client: TestClient, project: str = "lv") -> str:
        """Return the first item of a member's own queue."""
        item: str = client.get(f"/api/projects/{project}/queue").json()[0]["item"]
        return item

    def answer_body(self, item: str, question: str, label: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """Return the body of a save."""
        base = {
            "project": "lv",
            "item": item,
            "question": question,
            "label": label,
            "supersedes": None,
            "protocol_version": 1,
            "gesture": gesture(),
            "display": DISPLAY,
        }
        return {**base, **changes}

    def save(
        self, client: TestClient, item: str, question: str, label: dict[str, Any], **changes: Any
    ) -> Any:
        """Save an answer and return what the server said."""
        body = self.answer_body(item, question, label, **changes)
        answer = client.put(f"/api/answers/{uuid4()}", json=body)
        answer.raise_for_status()
        return answer.json()

    def finish(self, client: TestClient, item: str, shift: float = 0.0) -> Any:
        """Answer all questions of an item of ``lv`` and submit it."""
        self.save(client, item, "curve-lv-endo", curve_label(shift))
        self.save(client, item, "lv-apex-endo", point_label(40 + shift, 8))
        self.save(client, item, "mv-ant-hinge", point_label(20 + shift, 50.5))
        self.save(client, item, "mv-post-hinge", point_label(60 + shift, 51))
        body = {
            "project": "lv",
            "item": item,
            "outcome": "done",
            "protocol_version": 1,
            "gesture": gesture("done"),
        }
        answer = client.put(f"/api/submissions/{uuid4()}", json=body)
        answer.raise_for_status()
        return answer.json()

    def close(self) -> None:
        """Close what was opened."""
        for client in self.clients:
            client.close()
        self.catalog.close()
