"""Canaries: a distinct value planted in every attribute that DICOM PS3.15 wants removed, emptied or replaced.

The rows are those of Table E.1-1 (2026c) as dicom-anonymizer ships them: an oracle that is not ours.
"""

import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from dicomanonymizer.dicom_anonymization_databases import dicomfields_2026c
from pydicom import config
from pydicom.datadict import dictionary_has_tag, dictionary_keyword, dictionary_VR
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileDataset
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag, Tag

from tests.ingest import makers

KEPT_BY_OPTION = {"PatientSex", "PatientAge"}
WITHOUT_ROOM = {"US", "AS"}
"""Too short for a value of their own: a code of 16 bits, an age."""
CHARSETS = {
    "ISO_IR 100": ("latin-1", "ÄÖÜçñ"),
    "ISO_IR 192": ("utf-8", "Łukasz漢"),
    "GB18030": ("gb18030", "王小东"),
    "ISO 2022 IR 87": ("iso2022_jp", "山田太郎"),
    "ISO_IR 144": ("iso8859_5", "Роза"),
}
ROOT = "1.2.826.0.1.3680043.8.498.77"
FIRST_DAY = date(1861, 1, 1)
_NUMBERED = re.compile(
    rb"CNRY\d{5}|" + re.escape(ROOT).encode() + rb"\d{6}|070707\.\d{6}|"
    rb"(?<![0-9a-f])18[67]\d-?[01]\d-?[0-3]\d(?![0-9a-f](?!70707))|(?<![0-9a-f])77\d{6}(?![0-9a-f])"
)


def actions() -> dict[int, str]:
    """Return the basic profile's action for each tag of the table, as ``X`` or ``X/Z``."""
    names = [n for n in dir(dicomfields_2026c) if n.endswith("_TAGS") and n != "ALL_TAGS"]
    return {
        tag: name.removesuffix("_TAGS").replace("_STAR", "").replace("_", "/")
        for name in names
        for tag in map(_tag, getattr(dicomfields_2026c, name))
        if tag >> 16 > 2  # group 0 is a message's, never a file's; `recording` fills the file meta
    }


@dataclass
class Planter:
    """Plants values and remembers them.

    Parameters
    ----------
    charset : str
        Its letters stand in every text that may carry them.
    planted : set of bytes
        As they would read in any output.
    """

    charset: str = "ISO_IR 192"
    planted: set[bytes] = field(default_factory=set)
    count: int = 0

    @property
    def word(self) -> str:
        """A word in letters of the character set."""
        return CHARSETS[self.charset][1]

    def text(self, *, lettered: bool = True) -> str:
        """Return a new text."""
        self.count += 1
        number = f"CNRY{self.count:05d}"
        self.planted.add(number.encode())
        return number + (self.word if lettered else "")

    def everywhere(self, *, depth: int = 2) -> Dataset:
        """Return a data set with every row of the table, as deep again in sequences as asked."""
        data = Dataset()
        for tag in actions():
            element = self.element(Tag(tag))
            if element is not None:
                data.add(element)
        for group in (0x0029, 0x200D):
            block = data.private_block(group, self.text(), create=True)
            for i, vr in enumerate(("LO", "PN", "UN", "DA", "SH", "UI", "LT")):
                data.add(DataElement(block.get_tag(i), vr, self.value(vr), validation_mode=config.IGNORE))
            if depth:
                inner = Sequence([self.everywhere(depth=0)])
                data.add(DataElement(block.get_tag(9), "SQ", inner))
        if depth:
            data.RequestAttributesSequence = Sequence([self.everywhere(depth=depth - 1)])
        return data

    def element(self, tag: BaseTag) -> DataElement | None:
        """Return one attribute with a canary, or None where none fits."""
        keyword = dictionary_keyword(tag) if dictionary_has_tag(tag) else ""
        vr = dictionary_VR(tag) if dictionary_has_tag(tag) else "LO"
        vr = {"OB or OW": "OW", "US or SS": "US"}.get(vr, vr)
        if keyword in KEPT_BY_OPTION or vr in WITHOUT_ROOM:
            return None
        return DataElement(tag, vr, self.value(vr), validation_mode=config.IGNORE)

    def value(self, vr: str) -> Any:
        """Return a new canary that fits a value representation."""
        if vr == "SQ":
            item = Dataset()
            item.CodeValue, item.CodingSchemeDesignator = self.text(lettered=False), "99CNRY"
            item.CodeMeaning, item.PatientName = self.text(), self.text()
            return Sequence([item])
        if vr in {"OB", "OW", "UN"}:
            value = self.text(lettered=False).encode()
            return value + b" " * (len(value) % 2)
        if vr in {"DA", "DT", "TM", "UI", "DS", "IS"}:
            return self._number(vr)
        return self.text(lettered=vr not in {"AE", "CS", "UR"})

    def _number(self, vr: str) -> str:
        self.count += 1
        day = FIRST_DAY + timedelta(days=self.count % 6000)
        compact, dashed = f"{day:%Y%m%d}", f"{day:%Y-%m-%d}"
        value = {
            "DA": compact,
            "DT": compact + "070707." + f"{self.count:06d}",
            "TM": f"070707.{self.count:06d}",
            "UI": f"{ROOT}{self.count:06d}",
        }.get(vr, f"77{self.count:06d}")
        if vr in {"DA", "DT"}:
            self.planted |= {compact.encode(), dashed.encode()}
        if vr == "DT":
            self.planted.add(value[8:].encode())
        elif vr != "DA":
            self.planted.add(value.encode())
        return value

    def forms(self) -> list[bytes]:
        """Return the word in letters as any output could write it."""
        codec, word = CHARSETS[self.charset]
        return [word.encode("utf-8"), word.encode(codec), json.dumps(word)[1:-1].encode()]

    def survivors(self, blobs: Iterable[tuple[str, bytes]]) -> list[str]:
        """Return where a canary is found: one line each, ``place: value``."""
        return [f"{name}: {found!r}" for name, data in blobs for found in self._found(data)]

    def _found(self, data: bytes) -> Iterator[bytes]:
        yield from sorted(set(_NUMBERED.findall(data)) & self.planted)
        yield from (form for form in self.forms() if form in data)


def recording(planter: Planter, *, syntax: str = makers.EXPLICIT, **values: Any) -> FileDataset:
    """Return an ultrasound clip full of canaries that can still be read as one."""
    data = makers.dataset(makers.loop(3, text=""), syntax)
    data.SpecificCharacterSet = ["", planter.charset] if "2022" in planter.charset else planter.charset
    for element in planter.everywhere():
        data[element.tag] = element
    region = makers.region()
    for element in planter.everywhere(depth=1):
        region[element.tag] = element
    view = planter.everywhere(depth=0)
    view.CodeValue, view.CodingSchemeDesignator, view.CodeMeaning = "G-A19C", "SRT", planter.text()
    own = Dataset()
    own.CodeValue, own.CodingSchemeDesignator = planter.text(lettered=False), "99CNRY"
    data.SequenceOfUltrasoundRegions = Sequence([region])
    data.ViewCodeSequence = Sequence([view, own])
    data.StageCodeSequence = Sequence([own])
    data.Manufacturer, data.ManufacturerModelName = "Philips " + planter.text(), "EPIQ " + planter.text()
    data.TransducerType, data.HeartRate = planter.text(lettered=False), "72"
    data.PatientSex, data.PatientAge = "F", "097Y"
    meta = data.file_meta
    meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
    for keyword in ("SourceApplicationEntityTitle", "ImplementationVersionName"):
        setattr(meta, keyword, planter.text(lettered=False))
    meta.PrivateInformationCreatorUID = planter.value("UI")
    meta.PrivateInformation = planter.value("OB")
    data.preamble = planter.text(lettered=False).encode().ljust(128, b"\0")
    for name, value in values.items():
        setattr(data, name, value)
    return data


def as_bytes(data: FileDataset) -> bytes:
    """Return a file, written without a look at what is legal."""
    out = io.BytesIO()
    data.save_as(out, enforce_file_format=False)
    return out.getvalue()


def _tag(row: tuple[int, ...]) -> int:
    group, element = row[0], row[1]
    if row[:1] == (0x5000,):  # curves: any element of the group
        element = 0x2500
    return group << 16 | element
