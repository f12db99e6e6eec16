"""The optional sample labels beside the checkout are read."""

from pathlib import Path

import pytest

from unisono.formats.codecs.unity import read_labels
from unisono.formats.names import Names

SAMPLE = (
    Path(__file__).parents[3] / "shared" / "data" / "labels_reference_nonexpert" / "lv_a4c_unity_format.json"
)


@pytest.mark.sample_data
def test_reference_labels_with_names_of_their_own() -> None:
    if not SAMPLE.exists():
        pytest.skip("the sample data is not beside the checkout")
    codes = {"a4c_handheld_01": "01-" + "a" * 64, "a4c_handheld_03": "01-" + "b" * 64}
    records = read_labels(SAMPLE.read_bytes(), SAMPLE.name, Names(aliases=codes))
    assert {r.image[-4:] for r in records} == {"0010", "0030", "0060"}
    curves = [r.label["instances"][0] for r in records if r.question == "curve-lv-endo"]
    assert {c["spline"] for c in curves} == {"natural-cubic/chord"}
    assert {r.label["visibility"] for r in records} == {"seen", "blurred", "off"}
