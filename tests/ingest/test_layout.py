"""The header's word on samples: legal combinations only, palettes in every form."""

import numpy as np
import pytest

from tests.ingest.codings import CASES, palette_colours
from tests.ingest.makers import dataset, loop
from unisono.base.errors import IngestError
from unisono.ingest.layout import read_layout


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"SamplesPerPixel": 2}, "E_DIM_MISMATCH"),
        ({"BitsAllocated": 32, "BitsStored": 32, "HighBit": 31}, "E_DIM_MISMATCH"),
        ({"BitsStored": 9}, "E_DIM_MISMATCH"),
        ({"BitsStored": 0}, "E_DIM_MISMATCH"),
        ({"PixelRepresentation": 1}, "E_COLOUR_AMBIG"),
        ({"PhotometricInterpretation": "PALETTE COLOR"}, "E_COLOUR_AMBIG"),
        ({"BitsAllocated": [8, 8]}, "E_DIM_MISMATCH"),
    ],
)
def test_what_is_not_legal_is_refused(values: dict[str, object], code: str) -> None:
    data = dataset(loop(1), **values)
    with pytest.raises(IngestError, match=code):
        read_layout(data)


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
