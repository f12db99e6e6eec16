"""The header's word on samples: legal combinations only."""

import pytest

from tests.ingest.makers import dataset, loop
from unisono.base.errors import IngestError
from unisono.ingest.readers.layout import read_layout


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


def test_what_is_legal_is_said_and_no_number_of_the_header() -> None:
    with pytest.raises(IngestError, match=r"legal are 1 or 3 samples .* 8 or 16 bits") as caught:
        read_layout(dataset(loop(1), BitsAllocated=4821))
    assert "4821" not in str(caught.value)
