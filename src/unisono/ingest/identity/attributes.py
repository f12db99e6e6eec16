"""Every DICOM attribute that ingest reads, and what becomes of it: one table for people and for the tests.

`header.ALLOWED` are values that stay as they are written. The rows here are read for what they say about the
pixels, their times and their scale, or for who the recording is; the last leave as keyed hashes alone. An
attribute in neither list is never looked at, but for the search for what names somebody (`identifiers`).

Source: DICOM PS3.15 Table E.1-1 (2026c) for the actions; PS3.3 C.7.6 and C.8.5 for the attributes.
"""

from dataclasses import dataclass

from unisono.ingest.identity.header import ALLOWED


@dataclass(frozen=True, slots=True)
class Read:
    """Attributes that are read together.

    Parameters
    ----------
    key : str
        What they become in the catalog.
    keywords : tuple of str
    action : str
        What the basic profile does with them: K keep (not listed there), U replace, X, Z and D as there.
    use : str
    """

    key: str
    keywords: tuple[str, ...]
    action: str
    use: str


FACTS: tuple[Read, ...] = (
    Read("kind", ("Modality", "SOPClassUID", "MediaStorageSOPClassUID", "ImageType"), "K", "what it is"),
    Read(
        "decoder", ("TransferSyntaxUID", "ExtendedOffsetTable", "ExtendedOffsetTableLengths"), "K", "decoding"
    ),
    Read("rows", ("Rows",), "K", "size in px"),
    Read("columns", ("Columns",), "K", "size in px"),
    Read("n_frames", ("NumberOfFrames",), "K", "length"),
    Read(
        "decoder",
        ("SamplesPerPixel", "PhotometricInterpretation", "PlanarConfiguration", "BitsAllocated", "BitsStored",
         "HighBit", "PixelRepresentation", "PixelData"),
        "K", "from samples to colour",
    ),
    Read(
        "decoder",
        tuple(
            f"{colour}PaletteColorLookupTable{part}"
            for colour in ("Red", "Green", "Blue") for part in ("Descriptor", "Data")
        ) + tuple(f"Segmented{colour}PaletteColorLookupTableData" for colour in ("Red", "Green", "Blue")),
        "K", "from palette to colour",
    ),
    Read(
        "frame_times_s",
        ("FrameTimeVector", "FrameTime", "RecommendedDisplayFrameRate", "CineRate", "FrameIncrementPointer"),
        "K", "frame times in s",
    ),
    Read("regions", ("SequenceOfUltrasoundRegions",), "K", "calibrated boxes"),
    Read(
        "regions",
        ("RegionLocationMinX0", "RegionLocationMinY0", "RegionLocationMaxX1", "RegionLocationMaxY1",
         "RegionSpatialFormat", "RegionDataType", "RegionFlags"),
        "K", "place and kind of a box",
    ),
    Read(
        "spacing_mm",
        ("PhysicalUnitsXDirection", "PhysicalUnitsYDirection", "PhysicalDeltaX", "PhysicalDeltaY"),
        "K", "size of a pixel in mm",
    ),
    Read(
        "regions",
        ("ReferencePixelX0", "ReferencePixelY0",
         "ReferencePixelPhysicalValueX", "ReferencePixelPhysicalValueY"),
        "K", "baseline of a spectral strip, start of its time",
    ),
    Read("view_codes, stage_codes", ("CodingSchemeDesignator", "CodeValue"), "K", "standard codes only"),
)  # fmt: skip
LINKS: tuple[Read, ...] = (
    Read("code", ("SOPInstanceUID",), "U", "HMAC under the key of codes"),
    Read("subject", ("PatientID",), "Z/D", "HMAC under the key of subjects"),
    Read("subject", ("IssuerOfPatientID",), "X", "HMAC under the key of subjects"),
    Read("subject", ("StudyInstanceUID",), "U", "HMAC, when there is no Patient ID"),
)  # fmt: skip


def read_keywords() -> frozenset[str]:
    """Return the keywords of all attributes that are read for anything but the search for identifiers."""
    rows = (*FACTS, *LINKS)
    return frozenset({row.keyword for row in ALLOWED} | {word for row in rows for word in row.keywords})


def table() -> str:
    """Return all attributes as the table of ``docs/deidentification.md``."""
    kept = [f"| {r.key} | {r.keyword} | {r.action} | {r.option or '-'} | cleaned value |" for r in ALLOWED]
    read = [f"| {r.key} | {', '.join(r.keywords)} | {r.action} | - | {r.use} |" for r in (*FACTS, *LINKS)]
    head = ["| key | attributes | PS3.15 action | option | what leaves |", "|---|---|---|---|---|"]
    return "\n".join([*head, *kept, *read])
