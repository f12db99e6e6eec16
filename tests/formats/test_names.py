"""Names of images."""

import pytest

from unisono.base.errors import FormatError
from unisono.formats.names import Names, clip_of, frame_number_of, image_of, png_path

HEX = "ab" * 32
CLIP = f"01-{HEX}"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (f"{CLIP}-0017.png", f"{CLIP}-0017"),
        (f"{CLIP}-0017:png", f"{CLIP}-0017"),
        (f"{CLIP}-0017_(3).png", f"{CLIP}-0017"),
        (f"{HEX}-0017.png", f"02-{HEX}-0017"),
        (f"png-cache/01/ab/ab/{CLIP}-0000.png", f"{CLIP}-0000"),
        (CLIP, CLIP),
        (f"99-{HEX}-0001", f"99-{HEX}-0001"),
        ("a4c_handheld_01-0010.png", f"{CLIP}-0010"),
    ],
)
def test_legal_spellings(name: str, expected: str) -> None:
    assert image_of(name, Names("02", {"a4c_handheld_01": CLIP})) == expected


@pytest.mark.parametrize(
    "name",
    ["", "frame.png", f"{CLIP}-17.png", f"{CLIP[:-1]}-0017.png", f"1-{HEX}-0001.png", "other-0010.png"],
)
def test_other_names_are_refused_with_the_file(name: str) -> None:
    with pytest.raises(FormatError, match=r"labels\.json: image .* is not named"):
        image_of(name, Names("01"), "labels.json")


def test_a_name_without_its_class_needs_one() -> None:
    with pytest.raises(FormatError, match="does not say its class"):
        image_of(f"{HEX}-0017.png")


def test_clip_number_and_place_follow_from_the_code() -> None:
    assert clip_of(f"{CLIP}-0017") == clip_of(CLIP) == CLIP
    assert frame_number_of(f"{CLIP}-0017") == 17
    assert frame_number_of(CLIP) is None
    assert png_path(f"{CLIP}-0017") == f"png-cache/01/ab/ab/{CLIP}-0017.png"
