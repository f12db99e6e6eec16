"""What names somebody is found wherever it stands, and is printed nowhere."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.datadict import DicomDictionary
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.tag import Tag

from unisono.ingest.identity import identifiers
from unisono.ingest.identity.identifiers import NOBODY, Identifiers, read_identifiers
from unisono.ingest.identity.written import date_forms, normalised


def header() -> Dataset:
    data = Dataset()
    data.PatientName, data.PatientID, data.AccessionNumber = "O'Néill^Síle", "AB-1234/5", "77001"
    data.PatientBirthDate, data.AcquisitionDateTime = "19700131", "20240229101530.5+0100"
    data.InstitutionName, data.OperatorsName = "St. Mary's Hospital", ["Quill^Q", "Rask^Ove"]
    return data


def test_names_come_whole_and_in_parts() -> None:
    found = read_identifiers(header())
    assert {"o neill sile", "oneillsile", "neill", "sile"} <= found.names
    assert {"ab12345", "ab 1234 5", "77001"} <= found.numbers
    assert {"quill", "rask", "rask ove", "ove"} <= found.people
    assert {"st mary s hospital", "mary", "hospital"} <= found.places
    assert not {"o", "q", "s"} & (found.names | found.people | found.places)


def test_short_names_and_numbers_stand_apart() -> None:
    data = Dataset()
    data.PatientName, data.OtherPatientNames = "Li^Wu^J^Dr=李^伍", "NG^O"
    data.OperatorsName, data.PatientID, data.AccessionNumber = "HO^M", "7B", "412"
    data.OtherPatientIDs, data.StudyID, data.InstitutionName = ["39", "40"], "5", "UK"
    data.private_block(0x0033, "MAKER", create=True).add_new(1, "LO", "XY")
    found = read_identifiers(data)
    assert found.short == {"li", "wu", "ng", "ho", "李", "伍", "7b", "412", "40"}
    assert not found.short & (found.names - {"李", "伍"} | found.numbers | found.people)


@pytest.mark.parametrize(
    ("keyword", "value", "lone"),
    [
        ("PatientID", "27", {"27"}),
        ("PatientID", "05", {"5"}),
        ("PatientID", "B", {"b"}),
        ("PatientID", "0", set()),
        ("PatientID", "40", set()),
        ("AccessionNumber", "7", {"7"}),
        ("StudyID", "7", set()),
        ("PatientName", "B", {"b"}),
        ("PatientName", "B^J", {"b", "j"}),
        ("PatientName", "J B", {"j", "b"}),
        ("PatientName", "Doe^J^B", set()),
        ("PatientName", "李", set()),
        ("OperatorsName", "B", set()),
    ],
)
def test_what_a_scale_or_a_mark_could_be_too_is_lone(keyword: str, value: str, lone: set[str]) -> None:
    data = Dataset()
    setattr(data, keyword, value)
    found = read_identifiers(data)
    assert found.lone == lone
    assert not found.lone & found.short
    assert Identifiers.from_json(found.to_json()) == found


def test_dates_come_in_six_forms_and_times_do_not() -> None:
    assert read_identifiers(header()).dates == {
        "19700131", "1970-01-31", "31.01.1970", "01/31/1970", "31/01/1970", "31 jan 1970",
        "20240229", "2024-02-29", "29.02.2024", "02/29/2024", "29/02/2024", "29 feb 2024",
    }  # fmt: skip
    assert len(set(date_forms(date(2001, 12, 13)))) == 6


@pytest.mark.parametrize("written", ["19530829", "1953.08.29", "1953-08-29", "29.08.1953"])
def test_a_day_of_birth_is_read_in_old_forms_too(written: str) -> None:
    data = Dataset()
    data.PatientBirthDate = written
    assert read_identifiers(data).dates == set(date_forms(date(1953, 8, 29)))


def test_dates_that_people_write_are_read_from_text_and_from_private_elements() -> None:
    data = Dataset()
    data.PatientComments = "born 29 AUG 1953, seen 1.3.2020"
    data.private_block(0x0033, "MAKER", create=True).add_new(1, "UN", b"op 2019-12-31 ")
    assert {"19530829", "20200301", "20191231"} <= read_identifiers(data).dates


def many(n: int, first: int = 100_000) -> list[str]:
    return [str(first + 7 * k) for k in range(n)]


def test_the_patients_own_is_never_cut_at_any_level(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identifiers, "MOST_WORDS", 500)
    data, inner = Dataset(), Dataset()
    data.PatientName, data.PatientID = "Zwxyq^Zvonko", "98765432"
    data.PatientBirthDate, data.OtherPatientIDs = "20991231", many(600)
    data.DateOfLastCalibration = [f"1990{month:02}{day:02}" for month in range(1, 13) for day in range(1, 28)]
    data.OperatorsName = [f"Aa{k:03}^B" for k in range(600)]
    data.AccessionNumber = "1"
    inner.PatientID, inner.PatientName, inner.StudyDescription = "99999998", "Zzzz^Z", " ".join(many(140))
    inner.PatientComments, inner.ImageComments = (
        " ".join(many(140, 2 * 10**5)),
        " ".join(many(140, 3 * 10**5)),
    )
    inner.SeriesDescription = " ".join(many(140, 4 * 10**5))
    data.RequestAttributesSequence = Sequence([inner])
    found = read_identifiers(data)
    assert {"98765432", "99999998", *many(600)} <= found.numbers
    assert {"zwxyq", "zvonko", "zzzz"} <= found.names
    assert set(date_forms(date(2099, 12, 31))) <= found.dates
    assert found.is_cut
    assert Identifiers.from_json(found.to_json()) == found


def test_a_list_that_is_not_cut_does_not_say_so() -> None:
    data = Dataset()
    data.OtherPatientIDs = many(600)
    data.FillerOrderNumberImagingServiceRequest = many(identifiers.MOST_WORDS, 10**6)
    assert not read_identifiers(data).is_cut
    data.AccessionNumber = "77001"
    found = read_identifiers(data)
    assert found.is_cut
    assert found
    assert Identifiers.from_json({"names": ["doe"]}) == Identifiers(names=frozenset({"doe"}))


@pytest.mark.parametrize("depth", [1, 2, 20])
def test_every_level_is_read(depth: int) -> None:
    data = header()
    for _ in range(depth):
        outer = Dataset()
        outer.RequestAttributesSequence = Sequence([data])
        data = outer
    assert read_identifiers(data) == read_identifiers(header())


def test_private_text_is_read_when_it_is_short() -> None:
    data = Dataset()
    block = data.private_block(0x0033, "MITRA OBJECT UTF8 ATTRIBUTES 1.0", create=True)
    block.add_new(1, "LO", "DOE, JANE")
    block.add_new(2, "UN", b"19700131 \0")
    block.add_new(3, "UN", bytes(range(32)))
    block.add_new(5, "UN", "Люксембург".encode())
    block.add_new(6, "UN", "Müller".encode("latin-1"))
    block.add_new(4, "LT", "long " * 20 + "record 998877")
    found = read_identifiers(data)
    assert {"doe jane", "doe", "jane", "люксембург", "muller"} <= found.names
    assert "31.01.1970" in found.dates
    assert "998877" in found.numbers
    assert "long" not in found.names


def test_long_numbers_are_found_in_any_text() -> None:
    data = Dataset()
    data.StudyDescription = "see record 12345678, room 12"
    assert read_identifiers(data).numbers == {"12345678"}
    assert read_identifiers(data).names == frozenset()


@pytest.mark.parametrize(
    ("charset", "name", "kept"),
    [
        ("ISO_IR 100", "Müller^Jörg", "muller jorg"),
        ("ISO_IR 192", "Ångström^Bo", "angstrom bo"),
        ("ISO_IR 144", "Люксембург^Роза", "люксембург роза"),
        ("GB18030", "王^小东", "王 小东"),
        ("ISO 2022 IR 87", "山田^太郎", "山田 太郎"),
    ],
)
def test_five_character_sets(charset: str, name: str, kept: str) -> None:
    data = Dataset()
    data.SpecificCharacterSet = ["", charset] if charset.startswith("ISO 2022") else charset
    data.PatientName = name
    assert kept in read_identifiers(data).names


def test_nothing_is_printed_and_the_vaults_form_goes_round() -> None:
    found = read_identifiers(header())
    assert repr(found) == "Identifiers()"
    assert Identifiers.from_json(found.to_json()) == found
    assert not NOBODY
    assert found


def test_the_keywords_are_those_of_the_dictionary() -> None:
    known = {row[4] for row in DicomDictionary.values()}
    assert (identifiers.SUBJECTS | identifiers.NUMBERS | identifiers.PLACES) - known == set()


def test_a_broken_value_hides_neither_the_others_nor_itself() -> None:
    data = header()
    data[0x00101030] = RawDataElement(Tag(0x00101030), "DS", 9, b"REC 88123", 0, False, True)
    data[0x00280010] = RawDataElement(Tag(0x00280010), "US", 3, b"abc", 0, False, True)
    data[0x00189999] = RawDataElement(Tag(0x00189999), "ZZ", 8, b"19991231", 0, False, True)
    found = read_identifiers(data)
    assert {"o neill sile"} <= found.names
    assert "88123" in found.numbers
    assert "31 dec 1999" in found.dates


def test_an_attribute_that_no_dictionary_knows_is_searched_without_a_warning() -> None:
    data = header()
    data[0x00081301] = RawDataElement(Tag(0x00081301), None, 10, b"rec 778899", 0, True, True)
    assert "778899" in read_identifiers(data).numbers


def test_a_makers_table_of_numbers_names_nobody() -> None:
    data = header()
    block = data.private_block(0x0019, "MAKER", create=True)
    block.add_new(1, "UT", " ".join(f"{n:06d}" for n in range(1000)))
    assert read_identifiers(data).numbers == read_identifiers(header()).numbers


@given(st.text(max_size=30))
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = normalised(text)
    assert normalised(once) == once


@given(st.lists(st.text(st.characters(codec="ascii"), max_size=12), max_size=5))
def test_no_private_text_breaks_it(words: list[str]) -> None:
    data = Dataset()
    block = data.private_block(0x0029, "MAKER", create=True)
    for i, word in enumerate(words):
        block.add_new(i, "UN", word.encode())
    found = read_identifiers(data)
    assert all(word == word.strip() for word in found.names)
