"""The header values that may stay: an allow-list. What is not in `ALLOWED` does not exist.

Every row names the action that DICOM PS3.15 gives the attribute and the option under which it may stay. Each
value is cleaned to a narrow form of its own, so that a name typed into a technical field does not pass with
it. Dates, UIDs, free text, private groups, overlays and icons have no row and never will have one here.

Source: DICOM PS3.15 Annex E, Table E.1-1 (2026c); options of CID 7050.
"""

import re
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from typing import Any

from pydicom.dataset import Dataset

from unisono.ingest.identity.device_models import known_model, makers_of
from unisono.ingest.identity.identifiers import UNREADABLE, Identifiers, read_identifiers
from unisono.ingest.identity.own_numbers import birth_year_of
from unisono.ingest.identity.view_codes import STAGES, VIEWS, standard_code
from unisono.ingest.identity.written import normalised

Cleaner = Callable[[object], Any]
OLDEST_YEARS = 90
SHORTEST_PART = 3
"""Letters or digits of an identifier that is a part of what stays."""
SHORTEST_RUN = 4
"""Digits that are a part of an identifier's; shorter runs count when they are the whole of one."""
_RUN = re.compile(r"[0-9]+")
_AGE = re.compile(r"(\d{3})([DWMY])")
VENDORS = (
    "Acuson", "Agilent", "Aloka", "Alpinion", "ATL", "BK Medical", "Butterfly", "Canon", "Chison", "Clarius",
    "EchoNous", "Esaote", "Fujifilm", "GE", "Hewlett", "Hitachi", "Interson", "Kosmos", "Konica", "Medison",
    "Mindray", "Philips", "Samsung", "Siemens", "SonoScape", "SonoSite", "SuperSonic", "Terason", "Toshiba",
    "Vingmed", "VINNO", "Wisonic", "Zonare", "unisono",
)  # fmt: skip
SPELLINGS = {
    "GE": "ge|gehc|gems|gemedical|general electric", "BK Medical": "b-?k (?:medical|ultrasound)",
    "SonoSite": "sono-?site", "SonoScape": "sono-?scape", "Siemens": "siemens(?:healthineers)?",
}  # fmt: skip
"""How makers write themselves where it is not as in `VENDORS`. Always whole words: George is no GE."""
_WHOLE = {v: re.compile(rf"\b(?:{SPELLINGS.get(v, v.lower())})\b", re.ASCII) for v in VENDORS}
TRANSDUCERS = (
    "SECTOR_PHASED", "SECTOR_MECH", "SECTOR_ANNULAR", "LINEAR", "CURVED_LINEAR", "SINGLE_CRYSTAL",
    "SPLIT_XTAL_CWD", "IV_PHASED", "IV_ROT_XTAL", "IV_ROT_MIRROR", "ENDOCAV_PA", "ENDOCAV_MECH",
    "ENDOCAV_CLA", "ENDOCAV_AA", "ENDOCAV_LINEAR", "VECTOR_PHASED",
)  # fmt: skip
PHOTOMETRIC = (
    "MONOCHROME1", "MONOCHROME2", "PALETTE_COLOR", "RGB", "YBR_FULL", "YBR_FULL_422", "YBR_RCT", "YBR_ICT",
)  # fmt: skip


def clean_vendor(value: object) -> str | None:
    """Return the maker's usual name when it is a known maker; free text does not pass."""
    text = " ".join(re.sub(r"[^\w-]|_", " ", str(value).lower().replace(".", "")).split())
    return next((v for v in VENDORS if _WHOLE[v].search(text)), None)


def clean_model(value: object) -> str | None:
    """Return a model that the table of models knows; free text does not pass."""
    return known_model(str(value))


def clean_age(value: object) -> str | None:
    """Return an age string; 90 years and more become ``090Y``, as few people are that old."""
    match = _AGE.fullmatch(str(value))
    if not match:
        return None
    number, unit = int(match[1]), match[2]
    return f"{min(number, OLDEST_YEARS):03d}Y" if unit == "Y" else str(value)


def clean_rate(value: object) -> float | None:
    """Return a heart rate of 10 to 400 beats a minute."""
    number = float(value) if isinstance(value, (int, float)) else 0.0
    return round(number, 1) if 10 <= number <= 400 else None  # noqa: PLR2004  # beats a minute of anything alive


def one_of(*legal: str) -> Cleaner:
    """Return a cleaner that passes the given words only; blanks count as underscores."""

    def clean(value: object) -> str | None:
        text = str(value).strip().upper().replace(" ", "_")
        return text if text in legal else None

    return clean


def codes_of(legal: Container[str]) -> Cleaner:
    """Return a cleaner that passes the standard codes of a sequence; meanings are free text and stop here."""

    def clean(value: object) -> list[str] | None:
        items = value if isinstance(value, Iterable) and not isinstance(value, (str, bytes)) else ()
        pairs = (
            (item.get("CodingSchemeDesignator"), item.get("CodeValue"))
            for item in items
            if isinstance(item, Dataset)
        )
        codes = (standard_code(scheme, code, legal) for scheme, code in pairs)
        return [code for code in codes if code] or None

    return clean


@dataclass(frozen=True, slots=True)
class Allowed:
    """One attribute that may stay.

    Parameters
    ----------
    key : str
        Its name in the catalog.
    keyword : str
        Its DICOM keyword.
    action : str
        What the basic profile does with it: K keep (not listed there), X remove, Z empty, D dummy.
    option : str
        The option under which it may stay, or empty.
    clean : callable
        Returns the value in its narrow form, or None when it does not fit.
    """

    key: str
    keyword: str
    action: str
    option: str
    clean: Cleaner


ALLOWED: tuple[Allowed, ...] = (
    Allowed("manufacturer", "Manufacturer", "K", "", clean_vendor),
    Allowed("model", "ManufacturerModelName", "K", "", clean_model),
    Allowed("transducer_type", "TransducerType", "K", "", one_of(*TRANSDUCERS)),
    Allowed("heart_rate", "HeartRate", "K", "", clean_rate),
    Allowed("sex", "PatientSex", "Z", "113108 patient characteristics", one_of("M", "F", "O")),
    Allowed("age", "PatientAge", "X", "113108 patient characteristics", clean_age),
    Allowed("view_codes", "ViewCodeSequence", "K", "", codes_of(VIEWS)),
    Allowed("stage_codes", "StageCodeSequence", "K", "", codes_of(STAGES)),
    Allowed("photometric", "PhotometricInterpretation", "K", "", one_of(*PHOTOMETRIC)),
    Allowed("lossy", "LossyImageCompression", "K", "", one_of("00", "01")),
)  # fmt: skip


def read_header(dataset: Dataset) -> dict[str, Any]:
    """Return what the allow-list lets pass, cleaned.

    A model stays with its maker's name beside it, and when it repeats nothing that names somebody.
    """
    values = {row.key: _cleaned(row, dataset) for row in ALLOWED if row.keyword in dataset}
    model = values.pop("model", None)
    # A scanner may be called as its patient is. "Philips" may stay when the hospital is named so too.
    if model and values.get("manufacturer") in makers_of(model) and not _is_somebody(model, dataset):
        values["model"] = model
    return {key: value for key, value in values.items() if value is not None}


def _cleaned(row: Allowed, dataset: Dataset) -> Any:  # noqa: ANN401  # any JSON value
    try:
        return row.clean(dataset.get(row.keyword))
    except UNREADABLE:  # what cannot be read cannot be known to be safe
        return None


def _is_somebody(model: str, dataset: Dataset) -> bool:
    if birth_year_of(dataset) in _RUN.findall(model):
        return True
    known = read_identifiers(dataset, private=False)
    return known.is_cut or _repeats(model, known)


def _repeats(text: str, known: Identifiers) -> bool:
    """Return whether a text is, or holds, what names somebody, or its digits are a part of such a number."""
    whole = normalised(text).replace(" ", "")
    words = {*normalised(text).split(), whole}
    if not words.isdisjoint(known.names | known.numbers | known.places | known.people | known.short):
        return True
    # Not those of places: stations are named after their scanners.
    named = {word.replace(" ", "") for word in known.names | known.numbers | known.people | known.short}
    if any(word in whole for word in named if len(word) >= SHORTEST_PART):
        return True
    own = {run for word in named for run in _RUN.findall(word)}
    return any(run in own or _is_long_part(run, own) for run in _RUN.findall(text) if len(run) > 1)


def _is_long_part(run: str, own: set[str]) -> bool:
    return len(run) >= SHORTEST_RUN and any(run in one for one in own)
