"""A site for browsers: one real server on its own home; each test makes its own project and people in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.server import Running, serve
from unisono.annotate.run import open_catalog, people, projects
from unisono.annotate.run.projects import Target
from unisono.annotate.run.saving import Answer, Submission, save_answer, save_submission
from unisono.base.packs import encode_pack
from unisono.base.settings import Settings
from unisono.bench.phantom import Heart, make_heart
from unisono.catalog.answers import CurrentAnswer, current_answers, submissions
from unisono.catalog.clips import Clip, Frame, insert_clip
from unisono.catalog.rows import now

BLOCK_PX = 16
BITS = 6
CODED_FRAMES = 40
"""More than the page keeps decoded at once."""
CODED_FRAME_S = 0.1
LONG_FRAME_S = 0.15
"""Every fifth frame of the coded clip lasts this long: even times would hide a player that ignores them."""
ECG_BOX = {
    "x0": 0,
    "y0": BLOCK_PX,
    "x1": BITS * BLOCK_PX - 1,
    "y1": 2 * BLOCK_PX - 1,
    "kind": "waveform",
    "unit_x": "s",
    "unit_y": "none",
    "delta_x": 0.01,
    "delta_y": 0.0,
}
"""Where the clip with an ECG says that its trace is."""


def coded_images(n_frames: int = CODED_FRAMES) -> list[NDArray[np.uint8]]:
    """Return frames whose number is written in them: block b is white when bit b of the number is set."""
    images = []
    for i in range(n_frames):
        image = np.zeros((4 * BLOCK_PX, BITS * BLOCK_PX), np.uint8)
        for bit in range(BITS):
            if i >> bit & 1:
                image[BLOCK_PX : 3 * BLOCK_PX, bit * BLOCK_PX : (bit + 1) * BLOCK_PX] = 230
        images.append(image)
    return images


def coded_times_s(n_frames: int = CODED_FRAMES) -> tuple[float, ...]:
    """Return when each coded frame starts."""
    lasts = [LONG_FRAME_S if i % 5 == 0 else CODED_FRAME_S for i in range(n_frames)]
    return tuple(float(t) for t in np.cumsum([0.0, *lasts[:-1]]))


@dataclass
class House:
    """A home folder with recordings, and a server on it.

    Parameters
    ----------
    home : pathlib.Path
    """

    home: Path
    heart: Heart = field(init=False)
    clip: Clip = field(init=False)
    coded: Clip = field(init=False)
    untimed: Clip = field(init=False)
    with_ecg: Clip = field(init=False)
    running: Running = field(init=False)
    numbers: "count[int]" = field(default_factory=partial(count, 1))

    def __post_init__(self) -> None:
        self.catalog = open_catalog(Settings(home=self.home))
        self.heart = make_heart(np.random.default_rng(7), frames=12, rows=240, columns=320, quality=0.9)
        times_s = tuple(float(t) for t in self.heart.frame_times_s)
        self.clip = self._put_clip("phantom", list(self.heart.images), times_s, self.heart.spacing_mm)
        self.coded = self._put_clip("coded", coded_images(), coded_times_s())
        self.untimed = self._put_clip("untimed", coded_images(4), None)
        self.with_ecg = self._put_clip("with-ecg", coded_images(), coded_times_s(), regions=(ECG_BOX,))
        self.running = serve(self.home)

    @property
    def address(self) -> str:
        """Return the server's address."""
        return self.running.address

    def down(self) -> None:
        """End the server as a power cut would."""
        self.running.kill()

    def up(self) -> None:
        """Start the server again where it was, when it is not running."""
        if self.running.process.poll() is not None:
            self.running = serve(self.home, self.running.port)

    def close(self) -> None:
        """Stop the server and close the catalog."""
        if self.running.process.poll() is None:
            self.running.stop()
        self.catalog.close()

    def project(
        self, protocol: str = "a4c-lv-border", frames: Sequence[int] = (2, 5, 8), clip: Clip | None = None
    ) -> str:
        """Make a project of its own for one test and return its slug."""
        slug = f"p{next(self.numbers)}"
        shown = clip or self.clip
        text = projects.shipped_protocols()[protocol]
        whole = projects.protocol_from(text).item == "clip"
        targets = [Target(shown.code)] if whole else [Target(shown.code, f) for f in frames]
        self.catalog.write(
            partial(projects.create_project, slug=slug, protocol_text=text, targets=targets, seed="seed")
        )
        return slug

    def member(self, project: str, first_name: str, role: str = "expert") -> str:
        """Add a person nobody else is called like, and return the full name."""
        name = f"{first_name} Number{next(self.numbers)}"
        self.catalog.write(partial(people.add_expert, name=name))
        self.add_role(project, name, role)
        return name

    def add_role(self, project: str, name: str, role: str = "expert") -> None:
        """Let somebody work in one more project."""
        self.catalog.write(partial(people.set_role, project=project, name=name, role=role))

    def answered(self, project: str, name: str, item: str, shift_px: float = 0.0) -> None:
        """Let somebody have labelled and finished an item, without a browser."""
        nodes = [{"x": x + shift_px, "y": y + shift_px / 3} for x, y in self.border()]
        apex = min(nodes, key=lambda node: node["y"])
        curve = {"nodes": nodes, "spline": "natural-cubic/chord", "freehand": False}
        instances = {
            "curve-lv-endo": curve,
            "lv-apex-endo": apex,
            "mv-ant-hinge": nodes[0],
            "mv-post-hinge": nodes[-1],
        }
        labels = {k: {"visibility": "seen", "instances": [i]} for k, i in instances.items()}
        self.catalog.write(partial(self._finish, project=project, name=name, item=item, labels=labels))

    def _finish(self, connection: Any, *, project: str, name: str, item: str, labels: dict[str, Any]) -> None:
        expert = people.find(connection, name).id
        gesture = {"kind": "test", "active_s": 12.0, "undo_count": 0, "session": "s"}
        for question, label in labels.items():
            answer = Answer(str(uuid4()), project, item, question, expert, label, None, 1, gesture, {})
            save_answer(connection, answer)
        save_submission(
            connection, Submission(str(uuid4()), project, item, expert, "done", "", "", 1, gesture)
        )

    def items(self, project: str) -> list[str]:
        """Return the ids of a project's items in the order in which they were added."""
        with self.catalog.read() as connection:
            return [item.id for item in projects.items(connection, project)]

    def token(self, name: str) -> str:
        """Return a fresh one-time sign-in token."""
        token: str = self.catalog.write(partial(people.invite, name=name))
        return token

    def expert(self, name: str) -> people.Expert:
        """Return a person by name."""
        with self.catalog.read() as connection:
            return people.find(connection, name)

    def answers(self, project: str, name: str) -> list[CurrentAnswer]:
        """Return what the server stored of a person, finished or not."""
        with self.catalog.read() as connection:
            expert = people.find(connection, name).id
            return current_answers(connection, project, expert=expert, finished_only=False)

    def labels(self, project: str, name: str, item: str | None = None) -> dict[str, Any]:
        """Return the stored labels of a person by question, of one item."""
        return {a.question: a.label for a in self.answers(project, name) if item is None or a.item == item}

    def outcomes(self, project: str, name: str) -> dict[str, tuple[str, str]]:
        """Return how a person finished items: outcome and reason by item."""
        with self.catalog.read() as connection:
            expert = people.find(connection, name).id
            found = submissions(connection, project, expert=expert)
        return {s.item: (s.outcome, s.reason) for s in found}

    def border(self, n_nodes: int = 7, frame: int = 5) -> list[tuple[float, float]]:
        """Return clicks along the true border of the phantom, px."""
        curve = self.heart.curves[frame]
        at = np.linspace(0, len(curve) - 1, n_nodes).round().astype(int)
        return [(float(x), float(y)) for x, y in curve[at]]

    def still(self, name: str, image: NDArray[np.uint8], regions: Sequence[dict[str, Any]] = ()) -> Clip:
        """Put a single image on the site, with its calibrated regions."""
        return self._put_clip(name, [image], None, regions=regions)

    def _put_clip(
        self,
        name: str,
        images: Sequence[NDArray[np.uint8]],
        times_s: tuple[float, ...] | None,
        spacing_mm: tuple[float, float] | None = None,
        regions: Sequence[dict[str, Any]] = (),
    ) -> Clip:
        pngs = [bytes(cv2.imencode(".png", image)[1]) for image in images]
        pack = encode_pack(pngs)
        code = f"01-{sha256(name.encode()).hexdigest()}"
        frames = [
            Frame(code, i, sha256(png).hexdigest(), sha256(image.tobytes()).hexdigest(), len(png))
            for i, (png, image) in enumerate(zip(pngs, images, strict=True))
        ]
        clip = Clip(
            code=code,
            dataset_class="01",
            subject=name,
            kind="images",
            rows=images[0].shape[0],
            columns=images[0].shape[1],
            n_frames=len(images),
            frame_times_s=times_s,
            timing="made" if times_s else "unknown",
            regions=tuple(regions),
            spacing_mm=spacing_mm,
            header={},
            mask={},
            decoder="none",
            pack_sha256=sha256(pack).hexdigest(),
            pack_bytes=len(pack),
            source_key=sha256(f"source of {name}".encode()).hexdigest(),
            origin="made by the tests",
            licence="CC0-1.0",
            simulated=True,
            created_at=now(),
            state="approved",
        )
        self.catalog.files.put_clip(code, pngs, pack)
        self.catalog.write(partial(insert_clip, clip=clip, frames=frames))
        return clip
