import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom import Dataset, dcmread

from tests.ingest.makers import fan
from unisono.bench.phantom import make_heart
from unisono.ingest.files.sources import scan
from unisono.ingest.gate import verdict as gate
from unisono.ingest.gate.composites import CompositeBuilder, Composites
from unisono.ingest.gate.ocr import Line, Spot, load_reader
from unisono.ingest.gate.places import Place
from unisono.ingest.gate.verdict import judge, run_gate
from unisono.ingest.identity.identifiers import NOBODY, Identifiers, read_identifiers
from unisono.ingest.readers.reading import opened

SAMPLES = Path(__file__).parents[3].parent / "shared" / "data" / "dicom"
DOE = Identifiers(names=frozenset({"johnson"}), numbers=frozenset({"a7129754"}))
needs_engine = pytest.mark.skipif(load_reader() is None, reason="the extra deid is not installed")


class Told:
    """An engine that finds and reads what a test says, on upright pictures: turned ones are square."""

    name = "told"

    def __init__(self, *marks: tuple[Spot, Line]) -> None:
        self.marks = dict(marks)

    def find(self, image: NDArray[np.uint8], scale: float = 1.0) -> list[Spot]:  # noqa: ARG002  # as the protocol says
        return list(self.marks) if abs(image.shape[0] - image.shape[1]) > 2 else []

    def read(self, image: NDArray[np.uint8], spot: Spot) -> Line:  # noqa: ARG002  # as the protocol says
        return self.marks[spot]


def header(path: Path) -> Dataset:
    if path.suffix != ".zip":
        return dcmread(path, stop_before_pixels=True)
    with ZipFile(path) as archive:
        return dcmread(BytesIO(archive.read(archive.namelist()[0])), stop_before_pixels=True)


def lit() -> Composites:
    image = np.full((200, 300), 20, np.uint8)
    return Composites(image, image, image, image)


def verdict(*marks: tuple[Spot, Line], who: Identifiers = DOE) -> gate.Verdict:
    return run_gate(lit(), who, reader=Told(*marks))


def hearts(seed: int, text: str = "", *, size: float = 0.45, grey: int = 210) -> Composites:
    builder = CompositeBuilder()
    for frame in make_heart(np.random.default_rng(seed), frames=8).images:
        if text:
            cv2.putText(frame, text, (250, 260), cv2.FONT_HERSHEY_SIMPLEX, size, grey, 1, cv2.LINE_AA)
        builder.add(frame)
    return builder.composites()


def test_without_an_engine_nothing_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "load_reader", lambda: None)
    said = run_gate(lit(), DOE)
    assert (said.state, said.hits, said.engine, said.is_passed) == ("not run", (), "", False)
    assert "extra deid" in said.reason


def test_an_image_without_words_passes() -> None:
    said = verdict()
    assert (said.state, said.code, said.is_passed) == ("passed", "", True)


def test_a_name_of_the_header_is_an_identifier_and_any_other_word_is_text() -> None:
    name = (Spot(10, 30, 80, 42, 0.9), Line("J0HNSON", 0.9))
    word = (Spot(10, 60, 80, 72, 0.9), Line("SUBCOSTAL", 0.9))
    assert verdict(word).code == "E_TEXT_RESIDUAL"
    said = verdict(word, name)
    assert said.code == "E_PHI_RESIDUAL"
    assert [hit.kind for hit in said.hits] == ["identifier", "text"]


def test_a_number_in_pieces_or_over_two_lines_is_known() -> None:
    on_a_line = [
        (Spot(10, 10, 40, 22, 0.9), Line("A712", 0.9)),
        (Spot(45, 10, 80, 22, 0.9), Line("9754", 0.9)),
    ]
    below = [(Spot(10, 10, 40, 22, 0.9), Line("JOH", 0.9)), (Spot(10, 30, 40, 42, 0.9), Line("NSON", 0.9))]
    assert verdict(*on_a_line).state == "identifier"
    assert len(verdict(*on_a_line).hits) == 1
    assert verdict(*below).state == "identifier"


def test_marks_and_depths_pass_unless_they_stand_side_by_side() -> None:
    mark = (Spot(10, 10, 22, 24, 0.95), Line("V", 0.99))
    depth = (Spot(10, 160, 30, 172, 0.95), Line("15", 0.99))
    beside = (Spot(34, 160, 54, 172, 0.95), Line("22", 0.99))
    assert verdict(mark, depth).is_passed
    assert verdict(mark, depth, beside).state == "text"


def scale(*values: int, x: int = 10) -> list[tuple[Spot, Line]]:
    return [
        (Spot(x, 20 + 40 * i, x + 16, 32 + 40 * i, 0.95), Line(str(value), 0.99))
        for i, value in enumerate(values)
    ]


LONE = Identifiers(lone=frozenset({"10", "b"}))


def test_the_patients_own_small_number_is_held_unless_it_has_its_place_in_a_scale() -> None:
    assert verdict(*scale(10), who=LONE).state == "identifier"
    assert verdict(*scale(10), who=DOE).is_passed
    assert verdict(*scale(5, 10), who=LONE).state == "identifier"
    assert verdict(*scale(5, 27, 10), who=LONE).state == "identifier"
    assert verdict(*scale(5, 10, 15), *scale(10, x=120), who=LONE).state == "identifier"


def test_in_a_scale_it_is_shown_and_holds_nothing() -> None:
    said = verdict(*scale(5, 10, 15), who=LONE)
    assert (said.state, [hit.kind for hit in said.hits], said.code) == ("passed", ["own number"], "")
    assert "the patient's own" in said.reason
    assert verdict(*scale(5, 10, 15), who=DOE).hits == ()
    text = (Spot(100, 100, 160, 114, 0.95), Line("WORD", 0.99))
    assert [hit.kind for hit in verdict(*scale(5, 10, 15), text, who=LONE).hits] == ["text", "own number"]


def test_the_patients_own_letter_and_what_stands_beside_a_label_is_held() -> None:
    letter = (Spot(10, 10, 22, 24, 0.95), Line("B", 0.99))
    assert verdict(letter, who=LONE).state == "identifier"
    assert verdict(letter, who=DOE).is_passed
    label = (Spot(10, 100, 30, 112, 0.95), Line("ID", 0.99))
    below = (Spot(10, 115, 26, 127, 0.95), Line("10", 0.99))
    assert [hit.kind for hit in verdict(label, below, who=LONE).hits] == ["identifier", "identifier"]


def test_a_mark_that_is_not_read_surely_does_not_pass() -> None:
    assert verdict((Spot(10, 10, 22, 24, 0.95), Line("V", 0.85))).state == "text"


def test_a_place_passes_only_when_all_its_readings_do() -> None:
    spot, again = Spot(10, 10, 26, 24, 0.95), Spot(10, 10, 27, 24, 0.94)
    assert verdict((spot, Line("V", 0.99)), (again, Line("VU", 0.9))).state == "text"


def test_what_looks_like_a_line_of_words_counts_unread_and_a_blob_does_not() -> None:
    assert verdict((Spot(10, 10, 80, 24, 0.95), Line("", 0.0))).state == "text"
    assert verdict((Spot(10, 10, 80, 24, 0.7), Line("", 0.0))).is_passed
    assert verdict((Spot(10, 10, 180, 90, 0.99), Line("", 0.0))).is_passed
    assert verdict((Spot(10, 10, 180, 90, 0.99), Line("20", 0.7))).is_passed
    assert verdict((Spot(10, 10, 180, 90, 0.99), Line("HUGE", 0.9))).state == "text"


def test_a_badly_read_word_counts_where_the_detector_is_sure() -> None:
    assert verdict((Spot(10, 10, 26, 24, 0.94), Line("0l", 0.4))).state == "text"
    assert verdict((Spot(10, 10, 26, 24, 0.7), Line("0l", 0.4))).is_passed


def test_one_sign_of_another_script_is_text() -> None:
    assert verdict((Spot(10, 10, 24, 24, 0.8), Line("李", 0.95))).state == "text"


def test_boxes_are_those_of_the_frame() -> None:
    place = Place(Spot(-3.2, 10.4, 400.0, 30.6, 0.9), (Line("SUBCOSTAL", 0.9),))
    (hit,) = judge([place], NOBODY, (200, 300))
    assert (hit.x0, hit.y0, hit.x1, hit.y1) == (0, 10, 299, 31)


def test_the_black_round_the_image_is_not_searched_but_places_stay_right() -> None:
    image = np.zeros((200, 300), np.uint8)
    image[100:150, 100:200] = 50
    told = Told((Spot(8, 8, 60, 20, 0.9), Line("SUBCOSTAL", 0.9)))
    (hit,) = run_gate(Composites(image, image, image, image), NOBODY, reader=told).hits
    assert (hit.x0, hit.y0) == (100, 100)


def test_nothing_that_was_read_is_printed_or_recorded() -> None:
    said = verdict((Spot(10, 10, 80, 22, 0.9), Line("JOHNSON", 0.9)))
    assert said.hits[0].text == "JOHNSON"
    assert "JOHNSON" not in repr(said) + json.dumps(said.to_json()) + said.reason
    assert said.to_json()["hits"] == [
        {"x0": 10, "y0": 10, "x1": 80, "y1": 22, "score": 0.9, "kind": "identifier"}
    ]


@needs_engine
@pytest.mark.parametrize("seed", range(4))
def test_a_heart_without_words_passes(seed: int) -> None:
    assert run_gate(hearts(seed), DOE).is_passed


@needs_engine
@pytest.mark.parametrize(
    ("text", "state"), [("JOHNSON, M", "identifier"), ("A7129754", "identifier"), ("12 MAR 2021", "text")]
)
@pytest.mark.parametrize("grey", [255, 150])
def test_words_drawn_on_a_heart_are_found_and_named(text: str, state: str, grey: int) -> None:
    said = run_gate(hearts(5, text, grey=grey), DOE)
    assert said.state == state
    assert any(hit.x0 < 330 and hit.x1 > 255 and hit.y0 < 256 < hit.y1 + 12 for hit in said.hits)


@needs_engine
def test_a_word_shown_in_few_frames_is_found() -> None:
    frames = np.zeros((30, 240, 320), np.uint8)
    frames[:, fan()] = 60
    cv2.putText(frames[11], "JOHNSON", (110, 150), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 230, 1, cv2.LINE_AA)
    builder = CompositeBuilder()
    for frame in frames:
        builder.add(frame)
    assert run_gate(builder.composites(), DOE).state == "identifier"


@needs_engine
@pytest.mark.sample_data
@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample data is not beside the checkout")
@pytest.mark.parametrize("name", ["us_linear_cine_epiq5g_fakephi.zip", "us_renal_s2000_rgb_fakephi.dcm"])
def test_no_identity_passes_unmasked(name: str) -> None:
    (source,) = scan([SAMPLES / name])
    with opened(source) as clip:
        builder = CompositeBuilder()
        for frame in clip.frames():
            builder.add(frame)
    said = run_gate(builder.composites(), read_identifiers(header(SAMPLES / name)))
    assert said.state == "identifier"


class Slanted(Told):
    """An engine that finds it on turned pictures alone, or there too."""

    def __init__(self, *marks: tuple[Spot, Line], upright: bool = False) -> None:
        super().__init__(*marks)
        self.upright = upright

    def find(self, image: NDArray[np.uint8], scale: float = 1.0) -> list[Spot]:
        return list(self.marks) if self.upright or not super().find(image, scale) else []


def test_a_slanted_name_is_held_where_it_stands_in_the_frame() -> None:
    mark = (Spot(142, 171, 212, 183, 0.9), Line("JOHNSON", 0.9))  # round the middle of the turned picture
    said = run_gate(lit(), DOE, reader=Slanted(mark))
    (hit,) = said.hits
    assert (said.code, hit.text) == ("E_PHI_RESIDUAL", "JOHNSON")
    assert hit.x0 < 150 < hit.x1
    assert hit.y0 < 100 < hit.y1
    assert 40 < hit.x1 - hit.x0 < 75


def test_what_is_seen_upright_and_turned_is_one_hit() -> None:
    mark = (Spot(100, 90, 200, 190, 0.9), Line("JOHNSON", 0.9))
    said = run_gate(lit(), DOE, reader=Slanted(mark, upright=True))
    assert [hit.kind for hit in said.hits] == ["identifier"]
