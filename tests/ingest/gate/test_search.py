from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from unisono.bench.phantom import make_heart
from unisono.ingest.gate import search
from unisono.ingest.gate.composites import CompositeBuilder, Composites
from unisono.ingest.gate.ocr import NOTHING, Line, Spot, load_reader
from unisono.ingest.gate.search import scales_for, slanted_marks, upright_marks
from unisono.ingest.gate.verdict import run_gate
from unisono.ingest.identity.identifiers import NOBODY, Identifiers

needs_engine = pytest.mark.skipif(load_reader() is None, reason="the extra deid is not installed")
WHO = Identifiers(names=frozenset({"kowalski"}), short=frozenset({"wu"}))


class Watched:
    """An engine that keeps what it was asked and sees nothing."""

    name = "watched"

    def __init__(self) -> None:
        self.asked: list[tuple[int, float, tuple[int, ...]]] = []

    def find(self, image: NDArray[np.uint8], scale: float = 1.0) -> list[Spot]:
        self.asked.append((int(image.max()), scale, image.shape))
        return []

    def read(self, image: NDArray[np.uint8], spot: Spot) -> Line:  # noqa: ARG002  # as the protocol says
        return NOTHING


def flat(*greys: int, rows: int = 100, columns: int = 200) -> Composites:
    return Composites(*(np.full((rows, columns), grey, np.uint8) for grey in greys))


def hearts(text: str, *, grey: int, size: float = 0.5, frames: int = 12, shown: int = 0) -> Composites:
    builder = CompositeBuilder()
    for place, frame in enumerate(make_heart(np.random.default_rng(5), frames=frames).images):
        if text and (not shown or place == shown):
            cv2.putText(frame, text, (270, 250), cv2.FONT_HERSHEY_SIMPLEX, size, grey, 1, cv2.LINE_AA)
        builder.add(frame)
    return builder.composites()


def test_every_picture_is_looked_at_at_its_sizes() -> None:
    engine = Watched()
    assert list(upright_marks(flat(200, 100, 50, 150), engine)) == []
    assert [asked[:2] for asked in engine.asked] == [
        (200, 1.0), (200, 2.0), (100, 1.0), (100, 2.0), (50, 1.0), (150, 2.0),
    ]  # fmt: skip
    engine = Watched()
    assert (
        list(upright_marks(replace(flat(200, 100, 50, 150), tints=np.full((100, 200), 70, np.uint8)), engine))
        == []
    )
    assert [asked[:2] for asked in engine.asked][-1] == (70, 2.0)
    assert len(engine.asked) == 7
    engine = Watched()
    assert list(slanted_marks(flat(200, 100, 50, 150), engine)) == []
    assert [asked[:2] for asked in engine.asked] == [(100, 1.0), (150, 1.0)]
    assert {asked[2] for asked in engine.asked} == {(213, 213)}


def test_a_still_is_looked_at_once() -> None:
    engine = Watched()
    list(upright_marks(flat(90, 90, 90, 90), engine))
    assert len(engine.asked) == 2


def test_black_is_not_looked_at() -> None:
    engine = Watched()
    list(upright_marks(flat(0, 0, 0, 0), engine))
    assert engine.asked == []


def test_large_frames_are_enlarged_less() -> None:
    assert scales_for(640 * 480) == (1.0, 2.0)
    assert scales_for(1280 * 960) == (1.0, pytest.approx(1.2757, abs=1e-3))
    assert scales_for(3840 * 2160) == (1.0,)


@needs_engine
def test_small_letters_are_found_at_the_larger_size_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = hearts("KOWALSKI", grey=150, size=0.3)
    assert run_gate(shown, WHO).state == "identifier"
    monkeypatch.setattr(search, "scales_for", lambda _: (1.0,))
    assert run_gate(shown, WHO).is_passed


@needs_engine
@pytest.mark.parametrize("grey", [0, 110, 250])
def test_a_name_of_any_grey_in_one_of_many_frames_is_known(grey: int) -> None:
    assert run_gate(hearts("KOWALSKI", grey=grey, frames=24, shown=9), WHO).state == "identifier"


@needs_engine
@pytest.mark.parametrize("angle", [45, -45])
def test_slanted_words_are_found_where_they_are(angle: int) -> None:
    frames = make_heart(np.random.default_rng(6), frames=6).images
    ink = cv2.putText(np.zeros_like(frames[0]), "KOWALSKI", (270, 250), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 230, 1)
    turn = cv2.getRotationMatrix2D((320.0, 244.0), angle, 1.0)
    slanted = cv2.warpAffine(ink, turn, ink.shape[::-1])
    builder = CompositeBuilder()
    for frame in frames:
        builder.add(np.maximum(frame, slanted))
    said = run_gate(builder.composites(), WHO)
    assert not said.is_passed
    assert any(h.x0 < 320 < h.x1 and h.y0 < 244 < h.y1 and h.x1 - h.x0 < 130 for h in said.hits)


@needs_engine
@pytest.mark.parametrize("shown", [range(16), [9]])
def test_a_name_in_colour_that_is_as_bright_as_what_it_lies_on_is_known(shown: Sequence[int]) -> None:
    builder = CompositeBuilder()
    letters = cv2.putText(np.zeros((480, 640), np.uint8), "KOWALSKI", (270, 250), 0, 0.6, 255, 2) > 0
    for place, grey in enumerate(make_heart(np.random.default_rng(5), frames=16).images):
        frame = np.repeat(grey[..., None], 3, axis=2)
        if place in shown:
            frame[letters] = (np.clip(grey[letters] / 0.587, 60, 255)[:, None] * (0, 1, 0)).astype(np.uint8)
        builder.add(frame)
    assert run_gate(builder.composites(), WHO).state == "identifier"


@needs_engine
def test_a_name_of_two_letters_is_the_headers() -> None:
    assert run_gate(hearts("WU", grey=230), WHO).state == "identifier"
    assert run_gate(hearts("WU", grey=230), NOBODY).state == "text"
