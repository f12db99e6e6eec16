import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from unisono.ingest.gate import ocr
from unisono.ingest.gate.ocr import NOTHING, Reader, Spot, load_reader


@pytest.fixture(scope="module")
def reader() -> Reader:
    found = load_reader()
    if found is None:
        pytest.skip("the extra deid is not installed: words cannot be read")
    return found


def page(*lines: tuple[str, int, int, float]) -> NDArray[np.uint8]:
    image = np.zeros((400, 600), np.uint8)
    for text, x, y, size in lines:
        cv2.putText(image, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, size, 220, 1, cv2.LINE_AA)
    return image


@pytest.mark.parametrize("scale", [1.0, 2.0, 1.6])
def test_a_word_is_found_where_it_is_and_read(reader: Reader, scale: float) -> None:
    spots = reader.find(page(("JOHNSON 77", 100, 200, 0.7)), scale)
    assert 1 <= len(spots) <= 2  # two where strips overlap: the gate brings both together
    for spot in spots:
        assert np.allclose((spot.x0, spot.y0, spot.x1, spot.y1), (100, 184, 221, 202), atol=4)
        assert spot.score > 0.9
    line = reader.read(page(("JOHNSON 77", 100, 200, 0.7)), spots[0])
    assert line.text.replace(" ", "") == "JOHNSON77"
    assert line.sureness > 0.8


def test_words_in_every_strip_of_a_tall_image_are_found(reader: Reader) -> None:
    image = np.concatenate([page((f"NUMBER {i}", 40, 200, 0.8)) for i in range(6)])
    assert {round((spot.y0 + spot.y1) / 800 - 0.48) for spot in reader.find(image)} == set(range(6))


def test_black_and_flat_images_hold_nothing(reader: Reader) -> None:
    assert reader.find(np.zeros((300, 300), np.uint8)) == []
    assert reader.find(np.full((300, 300), 90, np.uint8), 2.0) == []


def test_a_spot_outside_of_the_image_reads_as_nothing(reader: Reader) -> None:
    assert reader.read(page(), Spot(700, 10, 720, 20, 0.9)) == NOTHING
    assert reader.read(page(), Spot(10, 10, 60, 30, 0.9)) == NOTHING


def test_the_reader_says_who_it_is_and_shows_no_more(reader: Reader) -> None:
    assert reader.name.startswith("PP-OCRv4 of rapidocr-onnxruntime ")
    assert repr(reader) == f"Reader(name={reader.name!r})"


def test_strips_cover_the_image_and_leave_black_columns_out() -> None:
    image = np.zeros((2000, 1000), np.uint8)
    image[:, 300:700] = 9
    seen = np.zeros_like(image)
    for x, y, strip in ocr._strips(image):
        assert strip.size <= ocr.STRIP_PIXELS
        seen[y : y + strip.shape[0], x : x + strip.shape[1]] = 1
    assert seen[:, 300:700].all()
    assert seen.mean() < 0.45


def test_without_the_weights_there_is_no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "find_spec", lambda _: None)
    assert load_reader.__wrapped__() is None
