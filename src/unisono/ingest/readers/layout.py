"""How a DICOM file stores its samples: what the header says of size, bits and planes.

Source: DICOM PS3.3 C.7.6.3 (Image Pixel Module).
"""

from pydicom.dataset import Dataset

from unisono.base.errors import IngestError
from unisono.ingest.readers.colour import Layout
from unisono.ingest.readers.palette import read_palette
from unisono.ingest.readers.peek import PARSE_ERRORS

_BYTE = 8


def read_layout(dataset: Dataset) -> Layout:
    """Return how the samples are stored.

    Raises
    ------
    IngestError
        ``E_DIM_MISMATCH`` or ``E_COLOUR_AMBIG`` for a combination that is not legal or not read.
    """
    n_samples = read_count(dataset, "SamplesPerPixel", 1)
    allocated = read_count(dataset, "BitsAllocated", _BYTE)
    stored = read_count(dataset, "BitsStored", allocated)
    high_bit = read_count(dataset, "HighBit", stored - 1)
    photometric = _photometric(dataset)
    if n_samples not in (1, 3) or allocated not in (8, 16) or not 0 < stored <= high_bit + 1 <= allocated:
        raise IngestError(
            "E_DIM_MISMATCH",
            "legal are 1 or 3 samples a pixel in 8 or 16 bits, none of them beyond the highest; "
            "SamplesPerPixel, BitsAllocated, BitsStored or HighBit say otherwise",
        )
    if read_count(dataset, "PixelRepresentation", 0) != 0:
        raise IngestError("E_COLOUR_AMBIG", "signed samples are no ultrasound brightness")
    palette = read_palette(dataset, allocated) if photometric == "PALETTE COLOR" else None
    planar = read_count(dataset, "PlanarConfiguration", 0) == 1
    return Layout(photometric, n_samples, allocated, stored, high_bit, planar, palette)


def read_count(dataset: Dataset, keyword: str, default: int = 0) -> int:
    """Return a whole number of the header, or a default where it is missing or empty.

    Raises
    ------
    IngestError
        ``E_DIM_MISMATCH`` if it is no single whole number.
    """
    try:
        value = dataset.get(keyword)
    except PARSE_ERRORS:
        value = ()
    if value is None or value == "":
        return default
    if not isinstance(value, int):
        raise IngestError("E_DIM_MISMATCH", f"{keyword} must be one whole number")
    return int(value)


def _photometric(dataset: Dataset) -> str:
    try:
        return str(dataset.get("PhotometricInterpretation", ""))
    except PARSE_ERRORS:
        return ""
