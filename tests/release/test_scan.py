"""What must not be in a release."""

import struct
import zlib

import cv2
import numpy as np
import pytest

from unisono.release.scan import find_in_png, find_in_text, holds_word

PNG = bytes(cv2.imencode(".png", np.zeros((4, 4), np.uint8))[1])


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a\nwrite to ada.one@clinic.example.org", "a mail address in line 2"),
        ("from /home/ada/clips", "a path on a machine in line 1"),
        (r"from C:\clips\one.dcm", "a path on a machine"),
        (r'"C:\\clips\\one.dcm"', "a path on a machine"),
        ("file://server/x", "a path on a machine"),
        ("uid 1.2.840.113619.2.55.3", "a DICOM identifier"),
        ("labelled by ADA ONE.", "a name or secret of the site"),
    ],
)
def test_forbidden_things_are_found_and_not_repeated(text: str, what: str) -> None:
    (line,) = find_in_text("card", text, ["Ada One", "no"])
    assert line.startswith(f"card: holds {what}")
    assert "ada" not in line.lower()


@pytest.mark.parametrize(
    "text",
    [
        "png-cache/01/ab/cd/01-ab.png",
        "https://example.org/data/set",
        "Adaptive ones",
        "1.0.0 and 1.2.840",
        "expert-1, 12 % of 3 clips; read and/or write",
    ],
)
def test_harmless_text_passes(text: str) -> None:
    assert list(find_in_text("card", text, ["Ada One", "no", ""])) == []


def test_words_are_whole() -> None:
    assert holds_word("seen by Ann.", "ann")
    assert not holds_word("annotate", "ann")


def test_a_png_of_pixels_alone_passes() -> None:
    assert list(find_in_png("f.png", PNG)) == []


def test_words_in_a_png_are_found() -> None:
    body = b"tEXt" + b"Author\0Ada One"
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    place = len(PNG) - 12
    assert list(find_in_png("f.png", PNG[:place] + chunk + PNG[place:])) == [
        "f.png: holds a PNG part 'tEXt'; only pixels may be in it"
    ]
    assert list(find_in_png("f.png", PNG + b"Ada")) == ["f.png: does not end where its PNG ends"]
    assert list(find_in_png("f.png", b"GIF89a")) == ["f.png: is no PNG file"]
