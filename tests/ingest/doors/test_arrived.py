from pathlib import Path

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from tests.ingest.makers import BIG, EXPLICIT, IMPLICIT, JPEG, RLE, loop, write_dicom
from unisono.base.errors import IngestError
from unisono.ingest.doors.arrived import (
    CLASSES,
    DEFLATED,
    TRANSFER_SYNTAXES,
    check_facts,
    read_facts,
    read_study,
)
from unisono.ingest.readers.peek import CAPTURES, ULTRASOUND
from unisono.ingest.readers.syntaxes import SYNTAXES

US_MULTI = "1.2.840.10008.5.1.4.1.1.3.1"


def refused(path: Path, **announced: str) -> str:
    with pytest.raises(IngestError) as caught:
        check_facts(read_facts(path), **announced)
    assert "1.2.826" not in str(caught.value)
    return caught.value.code


def test_the_door_takes_exactly_what_the_room_reads() -> None:
    assert set(TRANSFER_SYNTAXES) == set(SYNTAXES)
    assert set(CLASSES) == {*ULTRASOUND, *CAPTURES}


@pytest.mark.parametrize("syntax", [IMPLICIT, EXPLICIT, BIG, RLE, JPEG])
def test_an_object_says_what_it_is_in_every_way_of_writing(tmp_path: Path, syntax: str) -> None:
    issuer = Sequence([Dataset()])  # a sequence of defined length before the modality
    path = write_dicom(tmp_path / "a.dcm", loop(2), syntax, IssuerOfAccessionNumberSequence=issuer)
    facts = read_facts(path)
    assert (facts.sop_class, facts.uid, facts.modality) == (US_MULTI, "1.2.826.7.1", "US")
    check_facts(facts, sop_class=US_MULTI, uid="1.2.826.7.1")
    assert "1.2.826" not in repr(facts)


def test_a_deflated_object_is_not_inflated_here(tmp_path: Path) -> None:
    path = write_dicom(tmp_path / "a.dcm", loop(2), DEFLATED)
    facts = read_facts(path)
    assert facts.is_sealed
    check_facts(facts, sop_class=US_MULTI)


def test_what_is_no_ultrasound_is_of_the_wrong_class(tmp_path: Path) -> None:
    ct = "1.2.840.10008.5.1.4.1.1.2"
    assert refused(write_dicom(tmp_path / "a.dcm", loop(2), SOPClassUID=ct)) == "E_MODALITY"
    assert refused(write_dicom(tmp_path / "a.dcm", loop(2), Modality="CT")) == "E_MODALITY"
    whole = write_dicom(tmp_path / "a.dcm", loop(2))
    assert refused(whole, sop_class=CLASSES[0]) == "E_MODALITY"
    assert refused(whole, uid="1.2.3") == "E_MODALITY"


def test_what_breaks_off_or_is_no_dicom_is_not_understood(tmp_path: Path) -> None:
    path = write_dicom(tmp_path / "a.dcm", loop(2))
    data = path.read_bytes()
    codes = set()
    for cut in (0, 100, 131, 140, 200, 400, len(data) // 2, len(data) - 1):
        path.write_bytes(data[:cut])
        codes.add(refused(path))
    assert codes <= {"E_NOT_DICOM", "E_TRUNCATED", "E_TS_UNSUPPORTED", "E_UID_MISSING", "E_MODALITY"}
    path.write_bytes(data.replace(b"DICM", b"MCID"))
    assert refused(path) == "E_NOT_DICOM"
    assert refused(write_dicom(tmp_path / "b.dcm", loop(2), SOPInstanceUID="")) == "E_UID_MISSING"


@pytest.mark.parametrize("syntax", [EXPLICIT, IMPLICIT, BIG, RLE])
def test_the_study_is_found_behind_sequences_and_only_at_the_top(tmp_path: Path, syntax: str) -> None:
    nested = Dataset()
    nested.StudyInstanceUID = "1.2.3"
    path = write_dicom(tmp_path / "a.dcm", loop(1), syntax, SourceImageSequence=Sequence([nested]))
    assert read_study(path) == "1.2.826.7"
    assert read_study(write_dicom(tmp_path / "b.dcm", loop(1), syntax, StudyInstanceUID=None)) == ""


def test_a_deflated_study_is_not_looked_into(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match="E_NOT_DICOM"):
        read_study(write_dicom(tmp_path / "a.dcm", loop(1), DEFLATED))
