import xml.etree.ElementTree as ET

import cv2
import numpy as np
import pytest

from tests.agree.make import PATH, POINT, half_circle, path_vote, point_vote
from unisono.agree.methods.curve_normals import METHOD
from unisono.agree.methods.point_biweight import METHOD as POINTS
from unisono.agree.pictures import decode, svg
from unisono.base.errors import LabelError

IMAGE = np.zeros((400, 500, 3), dtype=np.uint8)
IMAGE[:200] = (10, 20, 230)  # blue, green, red as OpenCV writes them
PNG = cv2.imencode(".png", IMAGE)[1].tobytes()


def test_colours_come_as_red_green_blue() -> None:
    np.testing.assert_array_equal(decode(PNG)[0, 0], [230, 20, 10])


def test_a_file_that_is_no_picture_is_refused() -> None:
    with pytest.raises(LabelError, match="no picture"):
        decode(b"not a png")


def test_the_frame_and_everything_drawn_on_it_share_one_coordinate_system() -> None:
    votes = [path_vote(half_circle(100 + k), f"e{k}") for k in range(3)]
    apex = [point_vote(200, 100 + k, f"e{k}") for k in range(3)]
    settled = {"curve": METHOD.fit(votes, PATH, {})["i"], "apex": POINTS.fit(apex, POINT, {})["i"]}
    root = ET.fromstring(svg(PNG, settled, {"curve": votes, "apex": apex}, ["e0", "e1", "e2"]))  # noqa: S314  # our own text
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    image = next(root.iter("image"))
    assert (float(image.attrib["x"]), float(image.attrib["width"])) == (left, width)
    assert left % 1 == 0.5  # pixel edges lie at halves: (0, 0) is a pixel's centre
    assert left < 100
    assert left + width > 300
    assert top < 100
    assert top + height > 200
    classes = [e.attrib.get("class") for e in root.iter()]
    assert classes.count("vote") == 6
    assert {"band", "consensus", "ellipse"} <= set(classes)


def test_names_are_escaped() -> None:
    votes = [path_vote(half_circle(), "<b>")]
    assert "<b>" not in svg(PNG, {}, {"curve": votes}, ["<b>"])


def test_without_drawings_the_whole_frame_is_shown() -> None:
    assert 'viewBox="-0.5 -0.5 500 400"' in svg(PNG, {}, {}, [])
