"""Everything in a DICOM header that names somebody, for the search of what is burnt into the pixels.

Read at every nesting level and in private text too: archives keep copies of name and number there. Nothing of
this leaves memory but into the vault; a name that stands in the header is the best hint of what may stand on
the screen.

Source: DICOM PS3.15 Table E.1-1 (which attributes identify); PS3.5 6.2 (names, dates).
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

import pydicom.config
from pydicom.datadict import dictionary_has_tag
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.errors import BytesLengthException
from pydicom.multival import MultiValue
from pydicom.tag import BaseTag

from unisono.ingest.identity.written import (
    SHORTEST_NUMBER,
    date_forms,
    days,
    lone_words,
    short_words,
    written_words,
)

LONGEST_PRIVATE = 64
LONGEST_TEXT = 1024
"""Longer text is a maker's settings or a table: thousands of numbers that name nobody."""
UNREADABLE = (
    AttributeError, BytesLengthException, EOFError, LookupError, NotImplementedError, OSError,
    OverflowError, TypeError, ValueError, struct.error,
)  # fmt: skip
"""What pydicom raises for a value that is not what its type says."""
MOST_WORDS = 10_000
"""Of a kind, beside the patient's own. More is a list that is cut, and says so."""
OWN = frozenset({
    "PatientName", "OtherPatientNames", "PatientBirthName", "PatientID", "OtherPatientIDs",
    "PatientBirthDate",
})  # fmt: skip
"""What is never cut, at any level."""
SUBJECTS = frozenset({
    "PatientName", "OtherPatientNames", "PatientBirthName", "PatientMotherBirthName", "ResponsiblePerson",
    "PersonName",
})  # fmt: skip
NUMBERS = frozenset({
    "PatientID", "OtherPatientIDs", "IssuerOfPatientID", "AccessionNumber", "StudyID", "AdmissionID",
    "DeviceSerialNumber", "MedicalRecordLocator", "PatientTelephoneNumbers", "ServiceEpisodeID",
    "RequestedProcedureID", "ScheduledProcedureStepID", "PerformedProcedureStepID",
    "InsurancePlanIdentification", "FillerOrderNumberImagingServiceRequest", "GantryID",
    "PlacerOrderNumberImagingServiceRequest",
    "ClinicalTrialSubjectID", "ClinicalTrialSubjectReadingID", "PlateID",
    "IssuerOfAdmissionID", "IssuerOfServiceEpisodeID", "DetectorID", "CassetteID", "SpecimenAccessionNumber",
})  # fmt: skip
LONE_NUMBERS = frozenset({
    "PatientID", "OtherPatientIDs", "MedicalRecordLocator", "AdmissionID", "AccessionNumber",
    "ClinicalTrialSubjectID",
})  # fmt: skip
"""Those that stand for a patient even when they are one or two digits; studies are often counted from 1."""
LONE = LONE_NUMBERS | SUBJECTS
PLACES = frozenset({
    "InstitutionName", "InstitutionAddress", "InstitutionalDepartmentName", "StationName", "PatientAddress",
    "CurrentPatientLocation", "PatientInstitutionResidence", "RequestingService", "ServiceEpisodeDescription",
    "CountryOfResidence", "RegionOfResidence", "ClinicalTrialSiteName", "ClinicalTrialSiteID",
    "ScheduledProcedureStepLocation", "PerformedLocation", "PerformedStationName", "ScheduledStationName",
    "OrderCallbackPhoneNumber", "OrderEntererLocation", "ReferringPhysicianAddress",
})  # fmt: skip
# A warning about a value would print the value, and it may name a patient.
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
_TEXT = frozenset({"AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UN", "UR", "UT"})
_NUMERIC = frozenset({"AS", "DS", "IS"})
_DATES = frozenset({"DA", "DT"})
_DIGITS = re.compile(rf"[0-9]{{{SHORTEST_NUMBER + 1},}}")
_PRINTABLE = re.compile(rb"[\x20-\x7e\x80-\xff]+")


@dataclass(frozen=True, slots=True)
class Identifiers:
    """What names a patient, a place or a member of staff. It prints nothing of what it holds.

    All text is in lower case, without accents and with single blanks, as `written.normalised` gives it. A
    value stands whole and, where it has several words, word by word.

    Parameters
    ----------
    names : frozenset of str
        Of the patient and relatives.
    numbers : frozenset of str
        Record, accession, order and telephone numbers, and other long runs of digits.
    dates : frozenset of str
        Every date of the header in six written forms.
    places : frozenset of str
        Institution, department, station, addresses.
    people : frozenset of str
        Physicians and operators.
    short : frozenset of str
        Names of two letters, or of one that is not Latin, and numbers of two or three characters that no
        depth scale has. So short that they count only as a whole word, read as they are.
    lone : frozenset of str
        Record numbers that a depth scale has too, without zeros before them, and names and record numbers of
        single Latin letters. They count where they stand alone or beside a word such as ID.
    is_cut : bool
        The header names more than is kept here. Then whatever is compared with this may name somebody: it
        counts as if it did.
    """

    names: frozenset[str] = field(default=frozenset(), repr=False)
    numbers: frozenset[str] = field(default=frozenset(), repr=False)
    dates: frozenset[str] = field(default=frozenset(), repr=False)
    places: frozenset[str] = field(default=frozenset(), repr=False)
    people: frozenset[str] = field(default=frozenset(), repr=False)
    short: frozenset[str] = field(default=frozenset(), repr=False)
    lone: frozenset[str] = field(default=frozenset(), repr=False)
    is_cut: bool = field(default=False, repr=False)

    def __bool__(self) -> bool:
        return any(getattr(self, f.name) for f in fields(self))

    def to_json(self) -> dict[str, Any]:
        """Return all of it, sorted; for the vault and for nothing else."""
        return {kind: sorted(getattr(self, kind)) for kind in _kinds()} | {"is_cut": self.is_cut}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Identifiers":
        """Return what `to_json` wrote."""
        words = {kind: frozenset(value.get(kind, ())) for kind in _kinds()}
        return cls(**words, is_cut=bool(value.get("is_cut", False)))


NOBODY = Identifiers()
"""What a recording without a header says."""


def read_identifiers(dataset: Dataset, *, private: bool = True) -> Identifiers:
    """Return everything in a header that names somebody.

    Parameters
    ----------
    dataset : pydicom.dataset.Dataset
        Parsed up to its pixels; at most as deep as the limits allow.
    private : bool, default=True
        Read private elements, too. Whoever asks what an attribute repeats leaves them out: makers repeat the
        model's name there.

    Returns
    -------
    Identifiers
        The patient's own names, record numbers and day of birth, and at most 10 000 other entries a kind.
    """
    own, others = ({kind: set[str]() for kind in _kinds()} for _ in range(2))
    for element in _elements(dataset):
        if element.tag.is_private and not private:
            continue
        kind, is_text = _kind(element), _is_text(element)
        found = own if element.keyword in OWN else others
        for text in _texts(element):
            if kind:
                found[kind].update(written_words(text, kind))
                if not element.tag.is_private:
                    found["short"].update(short_words(text, kind))
                if element.keyword in LONE:
                    found["lone"].update(lone_words(text, kind))
            if element.VR in _DATES or (is_text and len(text) <= LONGEST_TEXT):
                written = _day_in(text) if element.VR in _DATES else text
                found["dates"].update(form for day in days(written) for form in date_forms(day))
                found["numbers"].update(_DIGITS.findall(text) if is_text else ())
    rest = {kind: sorted(words - own[kind] - {""}) for kind, words in others.items()}
    kept = {kind: frozenset((own[kind] - {""}).union(words[:MOST_WORDS])) for kind, words in rest.items()}
    return Identifiers(**kept, is_cut=any(len(words) > MOST_WORDS for words in rest.values()))


def _kinds() -> tuple[str, ...]:
    return tuple(f.name for f in fields(Identifiers) if f.name != "is_cut")


def _day_in(text: str) -> str:
    """Return a date or an instant without the time behind it, whose digits would touch the day's."""
    return text[:8] if text[:8].isdecimal() else text


def _elements(dataset: Dataset) -> Iterator[DataElement]:
    """Yield every element that is no sequence, at every level, without recursion: depth is the file's."""
    waiting = [dataset]
    while waiting:
        level = waiting.pop()
        for tag in list(level.keys()):
            element = _converted(level, tag)
            if element.VR == "SQ":
                waiting.extend(element.value or ())
            else:
                yield element


def _converted(dataset: Dataset, tag: BaseTag) -> DataElement:
    raw = dataset.get_item(tag)
    # An attribute newer than pydicom's dictionary, without its type: pydicom would warn of each.
    is_unknown = raw.VR is None and not tag.is_private and not dictionary_has_tag(tag)
    try:
        if not is_unknown:
            return dataset[tag]
    except UNREADABLE:
        pass  # One broken value must not hide the others, nor itself: its bytes are searched as text.
    plain = raw.value if isinstance(raw.value, bytes) else b""
    return DataElement(tag, "UN", plain, already_converted=True)


def _kind(element: DataElement) -> str:
    keyword = element.keyword
    if element.tag.is_private:
        return "names" if _is_short_text(element) else ""
    if keyword in SUBJECTS:
        return "names"
    if keyword in NUMBERS:
        return "numbers"
    if keyword in PLACES:
        return "places"
    return "people" if element.VR == "PN" else ""


def _is_text(element: DataElement) -> bool:
    # A number that is none stays a str: somebody typed something else there.
    return element.VR in _TEXT or (element.VR in _NUMERIC and type(element.value) is str)


def _is_short_text(element: DataElement) -> bool:
    return element.VR in _TEXT and all(len(text) <= LONGEST_PRIVATE for text in _texts(element))


def _texts(element: DataElement) -> Iterator[str]:
    value = element.value
    for one in value if isinstance(value, MultiValue) else (value,):
        if isinstance(one, bytes):  # an unknown VR: most private text of implicit files
            bare = one.rstrip(b"\0 ")
            if len(bare) <= LONGEST_PRIVATE and _PRINTABLE.fullmatch(bare):
                yield _decoded(bare)
        elif one is not None:
            yield str(one)


def _decoded(text: bytes) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("latin-1")
