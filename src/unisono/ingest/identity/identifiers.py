"""Everything in a DICOM header that names somebody, for the search of what is burnt into the pixels.

Read at every nesting level and in private text too: archives keep copies of name and number there. Nothing of
this leaves memory but into the vault; a name that stands in the header is the best hint of what may stand on
the screen.

Source: DICOM PS3.15 Table E.1-1 (which attributes identify); PS3.5 6.2 (names, dates).
"""

import re
import struct
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date

import pydicom.config
from pydicom.datadict import dictionary_has_tag
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.errors import BytesLengthException
from pydicom.multival import MultiValue
from pydicom.tag import BaseTag

SHORTEST_NAME = 3
SHORTEST_NUMBER = 4
SHORT_NAME, SHORT_NUMBER = 2, (2, 3)
NAME_PARTS = 3
"""Family, given and middle name; after them come titles."""
LONGEST_PRIVATE = 64
LONGEST_TEXT = 1024
"""Longer text is a maker's settings or a table: thousands of numbers that name nobody."""
UNREADABLE = (
    AttributeError, BytesLengthException, EOFError, LookupError, NotImplementedError, OSError,
    OverflowError, TypeError, ValueError, struct.error,
)  # fmt: skip
"""What pydicom raises for a value that is not what its type says."""
MOST_WORDS = 500
FIRST_YEAR, LAST_YEAR = 1850, 2150
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
_DEPTH = re.compile(r"[0-3]?[0-9]", re.ASCII)
_DIGITS = re.compile(rf"[0-9]{{{SHORTEST_NUMBER + 1},}}")
_COMPACT_DATE = re.compile(r"(?<![0-9])((?:18|19|20|21)[0-9]{2})([01][0-9])([0-3][0-9])(?![0-9])")
_PRINTABLE = re.compile(rb"[\x20-\x7e\x80-\xff]+")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


@dataclass(frozen=True, slots=True)
class Identifiers:
    """What names a patient, a place or a member of staff. It prints nothing of what it holds.

    All text is in lower case, without accents and with single blanks: ``normalised`` of what was written. A
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
    """

    names: frozenset[str] = field(default=frozenset(), repr=False)
    numbers: frozenset[str] = field(default=frozenset(), repr=False)
    dates: frozenset[str] = field(default=frozenset(), repr=False)
    places: frozenset[str] = field(default=frozenset(), repr=False)
    people: frozenset[str] = field(default=frozenset(), repr=False)
    short: frozenset[str] = field(default=frozenset(), repr=False)
    lone: frozenset[str] = field(default=frozenset(), repr=False)

    def __bool__(self) -> bool:
        return any(getattr(self, f.name) for f in fields(self))

    def to_json(self) -> dict[str, list[str]]:
        """Return all of it, sorted; for the vault and for nothing else."""
        return {f.name: sorted(getattr(self, f.name)) for f in fields(self)}

    @classmethod
    def from_json(cls, value: dict[str, list[str]]) -> "Identifiers":
        """Return what `to_json` wrote."""
        return cls(**{f.name: frozenset(value.get(f.name, ())) for f in fields(cls)})


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
        At most 500 entries a kind.
    """
    found: dict[str, set[str]] = {f.name: set() for f in fields(Identifiers)}
    for element in _elements(dataset):
        if element.tag.is_private and not private:
            continue
        kind, is_text = _kind(element), _is_text(element)
        for text in _texts(element):
            if kind:
                found[kind].update(_written(text, kind))
                if not element.tag.is_private:
                    found["short"].update(_short(text, kind))
                    found["lone"].update(_lone(text, element.keyword))
            if element.VR in _DATES or (is_text and len(text) <= LONGEST_TEXT):
                written = text[:8] if element.VR in _DATES else text
                found["dates"].update(form for day in _days(written) for form in date_forms(day))
                found["numbers"].update(_DIGITS.findall(text) if is_text else ())
    return Identifiers(
        **{kind: frozenset(sorted(words - {""})[:MOST_WORDS]) for kind, words in found.items()}
    )


def normalised(text: str) -> str:
    """Return text in lower case, without accents and marks, with single blanks.

    Examples
    --------
    >>> normalised("O'Néill^Síle ")
    'o neill sile'
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare.casefold()).split())


def is_depth(word: str) -> bool:
    """Return whether a word is a number that depth scales have, 0 to 39.

    Examples
    --------
    >>> is_depth("4"), is_depth("39"), is_depth("40"), is_depth("007")
    (True, True, False, False)
    """
    return _DEPTH.fullmatch(word) is not None


def date_forms(day: date) -> tuple[str, ...]:
    """Return a date in the six forms that scanners print.

    Examples
    --------
    >>> date_forms(date(1970, 1, 31))
    ('19700131', '1970-01-31', '31.01.1970', '01/31/1970', '31/01/1970', '31 jan 1970')
    """
    year, month, dom = f"{day.year:04d}", f"{day.month:02d}", f"{day.day:02d}"
    return (
        f"{year}{month}{dom}",
        f"{year}-{month}-{dom}",
        f"{dom}.{month}.{year}",
        f"{month}/{dom}/{year}",
        f"{dom}/{month}/{year}",
        f"{dom} {_MONTHS[day.month - 1]} {year}",
    )


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


def _written(text: str, kind: str) -> Iterator[str]:
    whole = normalised(text)
    shortest = SHORTEST_NUMBER if kind == "numbers" else SHORTEST_NAME
    for word in {whole, whole.replace(" ", ""), *whole.split()}:
        if len(word) >= shortest or (word and not word.isascii()):
            yield word


def _short(text: str, kind: str) -> Iterator[str]:
    if kind == "numbers":
        whole = normalised(text).replace(" ", "")
        if len(whole) in SHORT_NUMBER and not is_depth(whole):
            yield whole
    elif kind in ("names", "people"):
        for group in text.split("="):
            for part in group.split("^")[:NAME_PARTS]:
                yield from (word for word in normalised(part).split() if _is_short_name(word))


def _lone(text: str, keyword: str) -> Iterator[str]:
    if keyword in LONE_NUMBERS:
        whole = normalised(text).replace(" ", "")
        if is_depth(whole) or _is_letter(whole):
            yield whole.lstrip("0")
    elif keyword in SUBJECTS:
        # A middle initial is no name; initials in the place of a name are.
        words = normalised(" ".join(text.partition("=")[0].split("^")[:2])).split()
        if all(map(_is_letter, words)):
            yield from words


def _is_letter(word: str) -> bool:
    return len(word) == 1 and word.isascii() and word.isalpha()


def _is_short_name(word: str) -> bool:
    return word.isalpha() and len(word) == (SHORT_NAME if word.isascii() else 1)


def _days(text: str) -> Iterator[date]:
    for year, month, dom in _COMPACT_DATE.findall(text):
        try:
            day = date(int(year), int(month), int(dom))
        except ValueError:  # digits that are no date
            continue
        if FIRST_YEAR <= day.year <= LAST_YEAR:
            yield day
