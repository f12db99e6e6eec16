"""Palettes in every form; segments are counted before they are expanded."""

from typing import Any

import numpy as np
import pytest
from pydicom.pixels.processing import _expand_segmented_lut

from tests.ingest.codings import CASES, palette_colours
from tests.ingest.makers import dataset, loop
from unisono.base.errors import IngestError
from unisono.ingest.readers.layout import read_layout
from unisono.ingest.readers.palette import MOST_ENTRIES, count_entries

DISCRETE, LINEAR, INDIRECT = 0, 1, 2


@pytest.mark.parametrize("case", [c for c in CASES if c.name.startswith("PALETTE")], ids=lambda c: c.name)
def test_palettes(case: object) -> None:
    header = case.header  # type: ignore[attr-defined]
    layout = read_layout(dataset(loop(1), PhotometricInterpretation="PALETTE COLOR", **header))
    assert layout.palette is not None
    assert np.array_equal(layout.palette[:256], palette_colours())


def test_a_palette_of_8_bit_values_in_16_bit_entries() -> None:
    header = {
        f"{c}PaletteColorLookupTable{part}": value
        for c in ("Red", "Green", "Blue")
        for part, value in (("Descriptor", [256, 0, 16]), ("Data", np.arange(256, dtype="<u2").tobytes()))
    }
    layout = read_layout(dataset(loop(1), PhotometricInterpretation="PALETTE COLOR", **header))
    assert layout.palette is not None
    assert layout.palette[:, 0].tolist() == list(range(256))


def test_a_palette_segment_of_no_length_is_refused() -> None:
    words = np.array([0, 1, 5, 1, 0, 9], "<u2").tobytes()  # one entry of 5; then a line to 9 in no steps
    values: dict[str, object] = {"PhotometricInterpretation": "PALETTE COLOR"}
    for colour in ("Red", "Green", "Blue"):
        values[f"{colour}PaletteColorLookupTableDescriptor"] = [256, 0, 16]
        values[f"Segmented{colour}PaletteColorLookupTableData"] = words
    with pytest.raises(IngestError, match="E_COLOUR_AMBIG"):
        read_layout(dataset(loop(1), **values))


def segmented(words: list[int], bits: int = 16) -> dict[str, Any]:
    values: dict[str, Any] = {"PhotometricInterpretation": "PALETTE COLOR"}
    for colour in ("Red", "Green", "Blue"):
        values[f"{colour}PaletteColorLookupTableDescriptor"] = [256, 0, bits]
        kind = "<u2" if bits == 16 else "u1"
        values[f"Segmented{colour}PaletteColorLookupTableData"] = np.array(words, kind).tobytes()
    return values


@pytest.mark.parametrize(
    "words",
    [
        [DISCRETE, 3, 1, 2, 3],
        [DISCRETE, 1, 5, LINEAR, 255, 9],
        [DISCRETE, 2, 5, 6, LINEAR, 10, 9, INDIRECT, 2, 0, 0],
        [DISCRETE, 2, 5, 6, LINEAR, 10, 9, INDIRECT, 1, 4, 0, DISCRETE, 1, 0, 0],
    ],
)
def test_entries_are_counted_as_they_are_expanded(words: list[int]) -> None:
    expanded = _expand_segmented_lut(tuple(words), f"<{len(words)}H")
    assert count_entries(words, is_wide=True, is_little=True) == len(expanded)


@pytest.mark.parametrize(("is_little", "place"), [(True, [4, 0, 0, 0]), (False, [0, 4, 0, 0])])
def test_the_place_of_an_indirect_segment_of_bytes(is_little: bool, place: list[int]) -> None:
    words = [DISCRETE, 2, 5, 6, LINEAR, 10, 9, INDIRECT, 1, *place]
    expanded = _expand_segmented_lut(tuple(words), f"{'<' if is_little else '>'}{len(words)}B")
    assert len(expanded) == 22
    assert count_entries(words, is_wide=False, is_little=is_little) == 22


@pytest.mark.parametrize(
    "words",
    [
        [DISCRETE, 1, 5] + [LINEAR, 65535, 9] * 10_000,
        [DISCRETE, 1, 5, LINEAR, 60000, 9] + [INDIRECT, 2, 0, 0] * 8_000,
        [DISCRETE, 0] * 20_000 + [INDIRECT, 20_000, 0, 0] * 3_000,
    ],
    ids=["lines", "copies", "copies of nothing"],
)
def test_segments_that_ask_for_too_much_are_refused_before_they_are_expanded(words: list[int]) -> None:
    assert count_entries(words, is_wide=True, is_little=True) > MOST_ENTRIES
    with pytest.raises(IngestError, match="E_LIMIT_INFLATE"):
        read_layout(dataset(loop(1), **segmented(words)))


@pytest.mark.parametrize(
    "words",
    [
        [DISCRETE, 1, 5, INDIRECT, 1, 3, 0],  # copies itself
        [DISCRETE, 1, 5, 3, 1, 0],
        [LINEAR, 10, 5],
        [DISCRETE, 1, 5, LINEAR, 1],
    ],
    ids=["endless", "unknown", "a line from nowhere", "broken off"],
)
def test_segments_that_make_no_sense_are_refused(words: list[int]) -> None:
    with pytest.raises(IngestError, match="E_COLOUR_AMBIG"):
        read_layout(dataset(loop(1), **segmented(words)))
