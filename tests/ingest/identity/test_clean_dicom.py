"""A DICOM file built from facts alone: legal by the modules' tables, true about itself, free of canaries."""

import io
import shutil
import subprocess
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset

from tests.ingest import canaries, makers
from tests.ingest.known_secret import KEYS
from unisono.base.errors import IngestError
from unisono.ingest.identity import clean_dicom
from unisono.ingest.identity.clean_dicom import CleanClip, clean_uid, write_clean
from unisono.ingest.readers.dicom import open_dicom
from unisono.ingest.readers.recording import Recording

CODE = "01-" + "ab" * 32
REGION = {
    "x0": 0, "y0": 24, "x1": 500, "y1": 239, "kind": "2d", "unit_x": "cm", "unit_y": "cm",
    "delta_x": 0.03, "delta_y": 0.03, "zero_x": 12.0, "zero_y": 30.25,
}  # fmt: skip
HEADER = {
    "manufacturer": "GE", "model": "Vivid E95", "sex": "F", "age": "090Y", "heart_rate": 71.6,
    "transducer_type": "SECTOR_PHASED", "view_codes": ["SCT:399214001"], "photometric": "RGB", "lossy": "01",
}  # fmt: skip
TYPE_1 = {
    "SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "Modality", "SamplesPerPixel",
    "PhotometricInterpretation", "Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit",
    "PixelRepresentation", "PixelData", "NumberOfFrames", "FrameIncrementPointer",
}  # fmt: skip
TYPE_2 = {
    "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime",
    "ReferringPhysicianName", "StudyID", "AccessionNumber", "SeriesNumber", "Manufacturer", "InstanceNumber",
    "ImageType", "PatientOrientation", "Laterality",
}  # fmt: skip
"""Patient, general study, series, equipment and image, image pixel, multi-frame, US image (PS3.3 A.7)."""
CLIP = CleanClip(
    CODE, "0123456789abcdef", 240, 320, 4, is_colour=False, frame_times_s=(0.0, 0.04, 0.08, 0.12),
    regions=(REGION,), header=HEADER, is_lossless=False, is_searched=True, is_seen=True,
)  # fmt: skip


def written(clip: CleanClip, frames: makers.Frames) -> bytes:
    out = io.BytesIO()
    write_clean(clip, frames, out)
    return out.getvalue()


def read(clip: CleanClip, frames: makers.Frames) -> Dataset:
    return pydicom.dcmread(io.BytesIO(written(clip, frames)))


def codes(data: Dataset) -> list[str]:
    return [item.CodeValue for item in data.DeidentificationMethodCodeSequence]


def reread(path: Path, data: bytes) -> Recording:
    path.write_bytes(data)
    with path.open("rb") as file:
        recording = open_dicom(file, len(data))
        return replace(recording, sample=list(recording.frames()))


def test_every_attribute_that_the_modules_ask_for_is_there() -> None:
    data = read(CLIP, makers.loop(4))
    assert all(data[keyword].value not in (None, "") for keyword in TYPE_1)
    assert all(keyword in data for keyword in TYPE_2)
    assert data.file_meta.TransferSyntaxUID == makers.EXPLICIT
    assert data.SOPClassUID == data.file_meta.MediaStorageSOPClassUID == makers.US_MULTI
    assert data.SOPInstanceUID == data.file_meta.MediaStorageSOPInstanceUID
    (region,) = data.SequenceOfUltrasoundRegions
    for keyword in (
        "RegionSpatialFormat", "RegionDataType", "RegionFlags", "RegionLocationMinX0", "RegionLocationMinY0",
        "RegionLocationMaxX1", "RegionLocationMaxY1", "PhysicalUnitsXDirection", "PhysicalUnitsYDirection",
        "PhysicalDeltaX", "PhysicalDeltaY",
    ):  # fmt: skip
        assert region[keyword].value is not None
    assert (region.RegionLocationMaxX1, region.RegionLocationMaxY1) == (319, 239)
    assert (region.RegionSpatialFormat, region.RegionDataType, region.PhysicalUnitsXDirection) == (1, 1, 3)
    (view,) = data.ViewCodeSequence
    assert (view.CodingSchemeDesignator, view.CodeValue) == ("SCT", "399214001")
    assert view.CodeMeaning == "Apical four chamber"
    assert data.HeartRate == 72
    assert data.LossyImageCompression == "01"


@pytest.mark.parametrize("is_colour", [False, True])
def test_our_own_reader_and_pydicom_get_the_pixels_back(tmp_path: Path, is_colour: bool) -> None:
    frames = makers.loop(4, text="")
    frames = makers.in_colour(frames) if is_colour else frames
    clip = replace(CLIP, is_colour=is_colour)
    assert np.array_equal(read(clip, frames).pixel_array, frames)
    again = reread(tmp_path / "a.dcm", written(clip, frames))
    assert np.array_equal(np.stack(again.sample), frames)
    assert again.frame_times_s == pytest.approx(clip.frame_times_s)
    assert again.spacing_mm == pytest.approx((0.3, 0.3))
    assert {k: again.header[k] for k in ("sex", "age", "view_codes")} == {
        k: HEADER[k] for k in ("sex", "age", "view_codes")
    }


@pytest.mark.skipif(shutil.which("dciodvfy") is None, reason="dicom3tools is not installed")
@pytest.mark.parametrize(
    "change",
    [
        {},
        {"frame_times_s": (0.0, 0.04, 0.081, 0.12)},
        {"frame_times_s": None, "header": {}, "regions": ()},
        {"n_frames": 1, "frame_times_s": (0.0,)},
    ],
)
def test_a_validator_that_is_not_ours_finds_no_error(tmp_path: Path, change: dict[str, Any]) -> None:
    clip = replace(CLIP, **change)
    (tmp_path / "a.dcm").write_bytes(written(clip, makers.loop(clip.n_frames)))
    done = subprocess.run(
        ["dciodvfy", str(tmp_path / "a.dcm")], capture_output=True, text=True, check=False, timeout=60
    )
    said = done.stdout + done.stderr
    assert "USMultiFrameImage" in said or "USImage" in said
    assert [line for line in said.splitlines() if line.startswith("Error")] == []


def test_it_says_what_was_done_and_no_more() -> None:
    data = read(CLIP, makers.loop(4))
    assert codes(data) == ["113100", "113101", "113108"]
    assert (data.PatientIdentityRemoved, data.BurnedInAnnotation) == ("YES", "NO")
    assert data.LongitudinalTemporalInformationModified == "REMOVED"
    assert data.DeidentificationMethod[1] == "no words found by machine; approved by a person"
    bare = read(replace(CLIP, header={}), makers.loop(4))
    assert codes(bare) == ["113100", "113101"]
    for keyword in (
        "PatientBirthDate",
        "StudyDate",
        "StudyTime",
        "AccessionNumber",
        "ReferringPhysicianName",
    ):
        assert not data[keyword].value
    assert data.PatientID == CLIP.subject


@pytest.mark.parametrize(
    ("is_searched", "is_seen", "said"),
    [
        (True, False, "no words found by machine; seen by no person"),
        (False, True, "not found free of words by machine; approved by a person"),
        (False, False, "not found free of words by machine; seen by no person"),
    ],
)
def test_clean_pixels_are_claimed_only_after_the_gate_and_a_person(
    said: str, *, is_searched: bool, is_seen: bool
) -> None:
    data = read(replace(CLIP, is_searched=is_searched, is_seen=is_seen), makers.loop(4))
    assert codes(data) == ["113100", "113108"]
    assert "BurnedInAnnotation" not in data
    assert data.DeidentificationMethod[1] == said
    assert max(map(len, data.DeidentificationMethod)) <= 64


def test_the_codes_are_the_standards() -> None:
    from pydicom.sr._concepts_dict import concepts  # noqa: PLC0415  # a second of loading

    known = {
        value: meaning
        for words in concepts["DCM"].values()
        for value, (meaning, cids) in words.items()
        if 7050 in cids
    }
    for value, meaning in (clean_dicom.BASIC, clean_dicom.CLEAN_PIXELS, clean_dicom.PATIENT_KEPT):
        assert known[value] == meaning


def test_uids_are_fresh_and_stable_and_hang_together() -> None:
    first, again = read(CLIP, makers.loop(4)), read(CLIP, makers.loop(4))
    other = read(replace(CLIP, code="01-" + "cd" * 32), makers.loop(4))
    assert written(CLIP, makers.loop(4)) == written(CLIP, makers.loop(4))
    assert first.SOPInstanceUID == again.SOPInstanceUID != other.SOPInstanceUID
    assert first.StudyInstanceUID == other.StudyInstanceUID
    assert first.SeriesInstanceUID != other.SeriesInstanceUID
    assert len({first.SOPInstanceUID, first.StudyInstanceUID, first.SeriesInstanceUID}) == 3
    assert all(uid.startswith("2.25.") for uid in (first.SOPInstanceUID, first.StudyInstanceUID))


@pytest.mark.parametrize(
    ("times_s", "pointer"),
    [
        ((0.0, 0.0333333, 0.0666667, 0.1), "FrameTime"),
        ((0.0, 0.04, 0.081, 0.12), "FrameTimeVector"),
        (None, "PageNumberVector"),
    ],
)
def test_times_come_back_or_stay_unknown(
    tmp_path: Path, times_s: tuple[float, ...] | None, pointer: str
) -> None:
    clip = replace(CLIP, frame_times_s=times_s)
    data = read(clip, makers.loop(4))
    assert data.FrameIncrementPointer == pydicom.tag.Tag(pointer)
    assert pointer in data
    again = reread(tmp_path / "a.dcm", written(clip, makers.loop(4)))
    assert again.frame_times_s == (pytest.approx(times_s, abs=2e-6) if times_s else None)


def test_a_long_uneven_clip_keeps_its_times_within_a_tenth_of_a_millisecond() -> None:
    steps = np.random.default_rng(5).uniform(0.0100001, 0.0400009, 9999)
    times = tuple(np.concatenate([[0.0], np.cumsum(steps)]).tolist())
    clip = replace(CLIP, rows=1, columns=1, n_frames=10_000, frame_times_s=times, regions=())
    data = read(clip, np.zeros((10_000, 1, 1), np.uint8))
    back = np.cumsum([float(v) for v in data.FrameTimeVector]) / 1000
    assert data["FrameTimeVector"].VR == "DS"
    assert np.abs(back - times).max() < 1e-4


def test_one_frame_is_a_still() -> None:
    data = read(replace(CLIP, n_frames=1, frame_times_s=(0.0,)), makers.loop(1))
    assert data.SOPClassUID == makers.US
    assert "NumberOfFrames" not in data
    assert "FrameIncrementPointer" not in data


def test_an_odd_number_of_bytes_is_padded() -> None:
    clip = replace(CLIP, rows=3, columns=3, n_frames=1, regions=())
    data = written(clip, np.ones((1, 3, 3), np.uint8))
    assert len(pydicom.dcmread(io.BytesIO(data)).PixelData) == 10


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"n_frames": 3}, "E_FRAME_COUNT"),
        ({"n_frames": 5}, "E_FRAME_COUNT"),
        ({"rows": 239}, "E_DIM_MISMATCH"),
        ({"is_colour": True}, "E_DIM_MISMATCH"),
        ({"n_frames": 100_000}, "E_LIMIT_SIZE"),
    ],
)
def test_other_frames_than_the_clips_are_refused(change: dict[str, Any], code: str) -> None:
    with pytest.raises(IngestError) as caught:
        written(replace(CLIP, frame_times_s=None, **change), makers.loop(4))
    assert caught.value.code == code


@pytest.mark.parametrize("charset", canaries.CHARSETS)
def test_no_canary_comes_through(tmp_path: Path, charset: str) -> None:
    planter = canaries.Planter(charset)
    recording = reread(tmp_path / "a.dcm", canaries.as_bytes(canaries.recording(planter)))
    clip = CleanClip(
        KEYS.clip_code("01", recording.uid or ""), KEYS.subject_name(recording.patient or ""),
        recording.rows, recording.columns, recording.n_frames, is_colour=False,
        frame_times_s=recording.frame_times_s, regions=recording.regions, header=recording.header,
        is_lossless=recording.lossless, is_searched=False, is_seen=False,
    )  # fmt: skip
    data = written(clip, np.stack(recording.sample))
    assert planter.survivors([("clean", data)]) == []
    assert b"SCT" in data


def test_a_uid_is_a_version_8_uuid_of_its_code_alone() -> None:
    uids = [clean_uid(what, code) for what in ("study", "instance") for code in (CODE, "01-" + "cd" * 32)]
    assert len(set(uids)) == 4
    assert clean_uid("study", CODE) == uids[0]
    for uid in uids:
        number = uuid.UUID(int=int(uid.removeprefix("2.25.")))
        assert (number.version, number.variant) == (8, uuid.RFC_4122)
        assert len(uid) <= 64
