import cv2
import numpy as np
import pytest

from unisono.annotate.examples import lacking, picture_bytes
from unisono.annotate.run.projects import protocol_from, shipped_protocols

PROTOCOLS = shipped_protocols()


@pytest.mark.parametrize("name", PROTOCOLS)
def test_every_example_that_ships_has_a_picture_that_can_be_read(name: str) -> None:
    protocol = protocol_from(PROTOCOLS[name])
    assert list(lacking(protocol)) == []
    for question in protocol.questions:
        for example in question.examples:
            data = np.frombuffer(picture_bytes(example.picture) or b"", np.uint8)
            image = cv2.imdecode(data, cv2.IMREAD_COLOR)
            assert image is not None
            assert image.std() > 10
            assert example.text


@pytest.mark.parametrize("name", ["../view.yaml", "view.yaml", "nothing.png", "", "a/b.png"])
def test_nothing_but_a_picture_beside_the_protocols_is_read(name: str) -> None:
    assert picture_bytes(name) is None


def test_a_picture_that_is_not_there_is_named() -> None:
    text = PROTOCOLS["quality-grade"].replace("quality-good.webp", "lost.webp")
    assert list(lacking(protocol_from(text))) == [
        "quality: there is no picture 'lost.webp' in protocols/examples"
    ]
