"""A measured number that repeats one that names somebody is known; sign, point and zeros hide nothing."""

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from unisono.ingest.identity import identifiers
from unisono.ingest.identity.own_numbers import take_out_repeats


def header(**values: object) -> Dataset:
    data, region = Dataset(), Dataset()
    data.FrameTime, data.HeartRate, data.PatientAge = "54.241", "72", "045Y"
    data.FrameTimeVector = ["0", "54.241", "54.3"]
    region.PhysicalDeltaX, region.PhysicalDeltaY = 0.0382653065, -0.0382653065
    data.SequenceOfUltrasoundRegions = Sequence([region])
    for name, value in values.items():
        setattr(data, name, value)
    return data


@pytest.mark.parametrize(
    ("keyword", "written", "who", "number"),
    [
        ("FrameTime", "40.8899", "PatientID", "408899"),
        ("FrameTime", "40.8899", "PatientID", "A-40 8899/7"),
        ("FrameTime", "0012.975", "PatientID", "12975"),
        ("FrameTime", "12.975", "PatientID", "HOSP00012975"),
        ("FrameTime", "1.297500E+01", "AccessionNumber", "12975"),
        ("FrameTime", "33.12975", "StudyID", "2975"),
        ("FrameTime", "19.720312", "PatientBirthDate", "19720312"),
        ("FrameTime", "12.031972", "PatientBirthDate", "19720312"),
        ("FrameTime", "72.0312", "PatientBirthDate", "19720312"),
        ("FrameTime", "19.72", "PatientBirthDate", "19720312"),
        ("FrameTime", "12.031972", "PatientBirthDate", "1972.03.12"),
        ("FrameTime", "19.72", "PatientBirthDate", "12.03.1972"),
        ("FrameTime", "12.031972", "PatientComments", "born 12/03/1972"),
        ("FrameTime", "40.8899", "PatientTelephoneNumbers", "040-8899 12"),
        ("FrameTime", "40.8899", "OtherPatientIDs", ["7", "408899"]),
        ("FrameTimeVector", ["0", "20", "12.975"], "PatientID", "12975"),
        ("RecommendedDisplayFrameRate", "118", "PatientID", "118"),
        ("CineRate", "118", "PatientID", "118"),
        ("HeartRate", "118", "PatientID", "118"),
        ("PatientAge", "118D", "PatientID", "118"),
    ],
)
def test_a_number_that_repeats_an_identifier_is_taken_out(
    keyword: str, written: object, who: str, number: object
) -> None:
    data = header(**{keyword: written})
    assert take_out_repeats(data) == ()
    data = header(**{keyword: written, who: number})
    assert take_out_repeats(data) == (keyword,)
    assert keyword not in data


@pytest.mark.parametrize(
    ("keyword", "written"),
    [("PhysicalDeltaX", 0.00012975), ("PhysicalDeltaY", -0.12975), ("PhysicalDeltaX", 1.2975e-05)],
)
def test_a_size_of_a_pixel_is_taken_out_too(keyword: str, written: float) -> None:
    data = header(PatientID="12975")
    setattr(data.SequenceOfUltrasoundRegions[0], keyword, written)
    assert take_out_repeats(data) == (keyword,)
    assert keyword not in data.SequenceOfUltrasoundRegions[0]
    assert len(data.SequenceOfUltrasoundRegions[0]) == 1


@pytest.mark.parametrize(
    "who",
    [
        {"PatientID": "5"},
        {"PatientID": "40", "StudyID": "1"},
        {"PatientID": "040", "AccessionNumber": "4000"},
        {"PatientID": "13US1", "StudyID": "20"},
        {"PatientBirthDate": "20000101", "StudyDate": "20240312"},
        {"PatientName": "Doe^Jane", "PatientBirthDate": "unknown"},
    ],
)
def test_short_numbers_and_dates_of_others_take_nothing_out(who: dict[str, str]) -> None:
    data = header(FrameTime="40", HeartRate="50", **who)
    assert take_out_repeats(data) == ()
    assert data.FrameTime == 40


def test_a_number_in_a_nested_item_counts() -> None:
    inner = Dataset()
    inner.RequestedProcedureID = "54241"
    data = header(RequestAttributesSequence=Sequence([inner]))
    assert take_out_repeats(data) == ("FrameTime", "FrameTimeVector")


def test_a_record_number_is_known_among_hundreds_of_others() -> None:
    others = [str(100_000 + 7 * k) for k in range(600)]
    data = header(FrameTime="98.765432", PatientID="98765432", OtherPatientIDs=others)
    data.SequenceOfUltrasoundRegions[0].PhysicalDeltaX = 0.0987654
    assert take_out_repeats(data) == ("FrameTime", "PhysicalDeltaX")


def test_beside_more_numbers_than_can_be_compared_none_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(identifiers, "MOST_WORDS", 500)
    orders = [str(100_000 + 7 * k) for k in range(600)]
    data = header(FillerOrderNumberImagingServiceRequest=orders)
    assert take_out_repeats(data) == (
        "FrameTime", "FrameTimeVector", "HeartRate", "PatientAge", "PhysicalDeltaX", "PhysicalDeltaY",
    )  # fmt: skip


def test_a_header_without_numbers_is_left_alone() -> None:
    data = Dataset()
    data.PatientID, data.SequenceOfUltrasoundRegions = "12975", None
    assert take_out_repeats(data) == ()
    assert len(data) == 2
