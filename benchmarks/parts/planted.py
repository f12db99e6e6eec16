"""Find planted canaries: where each lies in the file it was planted in, and which a cleaned file still holds.

A canary survives when its value stands anywhere in what a tool wrote; a date, which some tools move by some
days onto another planted date, when it stands where it stood.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pydicom
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset

sys.path.insert(0, str(Path(__file__).parents[2]))

canaries: Any = import_module("tests.ingest.canaries")
"""Planted by the tests, whose types are not checked."""
# The canaries stretch what fits an attribute, and a warning would tell so of each of thousands.
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
PLACES = ("top", "once", "deeper", "private", "file meta")
DATE, FREE_TEXT, OTHER = "date", "free text", "other"
KINDS = {
    "DA": DATE, "DT": DATE, "LT": FREE_TEXT, "ST": FREE_TEXT, "UT": FREE_TEXT, "UC": FREE_TEXT,
}  # fmt: skip
_CANARY = re.compile(
    rb"CNRY\d{5}|"
    + re.escape(canaries.ROOT).encode()
    + rb"\d{6}|(?:18[67]\d{5})?070707\.\d{6}|18[67]\d{5}|77\d{6}"
)
Where = tuple[object, ...]


@dataclass(frozen=True)
class Planted:
    """One canary: its value, the elements and items that lead to it, where that is, and what it is."""

    value: bytes
    where: Where
    place: str
    kind: str


def elements(dataset: Dataset, above: Where = ()) -> Iterator[tuple[Where, DataElement]]:
    """Yield every element of a data set and of its sequences, with what leads to it."""
    for tag in dataset.keys():  # noqa: SIM118  # iterating a data set parses all of it
        element = dataset[tag]
        yield (*above, tag), element
        if element.VR == "SQ":
            for number, item in enumerate(element.value):
                yield from elements(item, (*above, tag, number))


def written(element: DataElement) -> bytes:
    """Return an element's value as bytes."""
    return element.value if isinstance(element.value, bytes) else str(element.value).encode()


def planted_in(path: Path) -> Iterator[Planted]:
    """Yield the canaries of a file."""
    dataset = pydicom.dcmread(path)
    for part, is_meta in ((dataset, False), (dataset.file_meta, True)):
        for where, element in elements(part):
            if element.VR != "SQ":
                place = "file meta" if is_meta else place_of(where)
                kind = KINDS.get(element.VR, OTHER)
                yield from (Planted(value, where, place, kind) for value in _CANARY.findall(written(element)))


def place_of(where: Where) -> str:
    """Return where an element lies."""
    tags = where[::2]
    if any(tag.is_private for tag in tags):  # type: ignore[attr-defined]  # a tag of pydicom, untyped here
        return "private"
    return PLACES[min(len(tags), 3) - 1]


def survivors(planted: list[Planted], cleaned: Path) -> list[Planted]:
    """Return the canaries that stand in a cleaned file."""
    data = cleaned.read_bytes()
    found = set(_CANARY.findall(data))
    is_dicom = data[128:132] == b"DICM"
    there = (
        {where: written(element) for where, element in elements(pydicom.dcmread(cleaned))} if is_dicom else {}
    )
    return [
        p
        for p in planted
        if (p.value in there.get(p.where, b"") if is_dicom and p.kind == DATE else p.value in found)
    ]


def word_stays(charset: str, cleaned: Path) -> bool:
    """Return whether the word in letters of a character set stands in a cleaned file."""
    planter = canaries.Planter(charset)
    data = cleaned.read_bytes()
    return any(form in data for form in planter.forms())
