"""Every transfer syntax gives the pixels back; every lie of a header refuses the clip."""

import io
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.encaps import encapsulate

from tests.ingest import makers
from tests.ingest.makers import BIG, EXPLICIT, IMPLICIT, J2K, JPEG, JPEG_LS, RLE, SV1
from unisono.base.errors import IngestError
from unisono.ingest.readers.dicom import open_dicom
from unisono.ingest.readers.recording import Recording


def opened(data: bytes) -> Recording:
    return open_dicom(io.BytesIO(data), len(data))


def pixels(data: bytes) -> NDArray[np.uint8]:
    return np.stack(list(opened(data).frames()))


def code_of(data: bytes) -> str:
    with pytest.raises(IngestError) as caught:
        list(opened(data).frames())
    return caught.value.code


@pytest.mark.parametrize("syntax", [IMPLICIT, EXPLICIT, BIG, RLE, SV1, JPEG_LS, J2K])
def test_lossless_grey_comes_back_bit_for_bit(syntax: str) -> None:
    frames = makers.loop(3)
    assert np.array_equal(pixels(makers.dicom_bytes(frames, syntax)), frames)


@pytest.mark.parametrize("syntax", [IMPLICIT, EXPLICIT, BIG, RLE, JPEG_LS, J2K])
def test_lossless_colour_comes_back_bit_for_bit(syntax: str) -> None:
    frames = makers.in_colour(makers.loop(2))
    photometric = "YBR_RCT" if syntax == J2K else "RGB"
    data = makers.dicom_bytes(frames, syntax, PhotometricInterpretation=photometric)
    assert np.array_equal(pixels(data), frames)


def test_planar_colour_is_laid_out_by_pixel() -> None:
    frames = makers.in_colour(makers.loop(2))
    planar = np.ascontiguousarray(frames.transpose(0, 3, 1, 2))  # (frame, samples, y, x)
    data = makers.dicom_bytes(frames, PlanarConfiguration=1, PixelData=planar.tobytes())
    assert np.array_equal(pixels(data), frames)


def test_jpeg_baseline_is_converted_once() -> None:
    frames = makers.in_colour(makers.loop(2))
    recording = opened(makers.dicom_bytes(frames, JPEG, PhotometricInterpretation="YBR_FULL_422"))
    red, blue = (next(recording.frames())[y, x].astype(int) for y, x in ((130, 150), (160, 170)))
    assert np.abs(red - (200, 30, 30)).max() < 25
    assert np.abs(blue - (30, 40, 210)).max() < 25
    assert not recording.lossless


def test_frames_are_read_by_their_number_not_by_position_in_the_first_pass() -> None:
    frames = makers.loop(5)
    recording = opened(makers.dicom_bytes(frames, RLE))
    assert np.array_equal(np.stack(list(recording.frames())), np.stack(list(recording.frames())))
    assert np.array_equal(recording.sample[-1], frames[-1])


def test_times_regions_and_identity_are_kept_apart_from_the_header() -> None:
    data = makers.dicom_bytes(makers.loop(3), SequenceOfUltrasoundRegions=makers.regions(makers.region()))
    recording = opened(data)
    assert recording.frame_times_s == (0.0, 0.04, 0.08)
    assert recording.spacing_mm == pytest.approx((0.3, 0.3))
    assert recording.uid == "1.2.826.7.1"
    assert recording.patient == "|CANARY77"
    assert "CANARY" not in str(recording.header)


def test_a_patient_without_a_number_is_named_by_the_study() -> None:
    assert opened(makers.dicom_bytes(makers.loop(2), PatientID=None)).patient == "study|1.2.826.7"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"Modality": "CT"}, "E_MODALITY"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.2"}, "E_MODALITY"),
        ({"NumberOfFrames": 2}, "E_FRAME_COUNT"),
        ({"NumberOfFrames": 9}, "E_FRAME_COUNT"),
        ({"NumberOfFrames": 0}, "E_NO_PIXELS"),
        ({"NumberOfFrames": 20_000}, "E_LIMIT_FRAMES"),
        ({"Rows": 65_000, "Columns": 65_000}, "E_LIMIT_DIM"),
        ({"Rows": 0}, "E_NO_PIXELS"),
        ({"Rows": 241}, "E_DIM_MISMATCH"),
        ({"SOPInstanceUID": None}, "E_UID_MISSING"),
        ({"SamplesPerPixel": 4}, "E_DIM_MISMATCH"),
        ({"PixelRepresentation": 1}, "E_COLOUR_AMBIG"),
        ({"PhotometricInterpretation": "HSV"}, "E_COLOUR_AMBIG"),
        ({"PixelData": None}, "E_NO_PIXELS"),
    ],
)
def test_a_header_that_lies_is_refused(values: dict[str, object], code: str) -> None:
    assert code_of(makers.dicom_bytes(makers.loop(3), **values)) == code


@pytest.mark.parametrize("values", [{"NumberOfFrames": 2}, {"NumberOfFrames": 9}])
def test_compressed_frames_are_counted(values: dict[str, object]) -> None:
    assert code_of(makers.dicom_bytes(makers.loop(3), RLE, **values)) == "E_FRAME_COUNT"


def test_codestreams_of_another_size_are_refused_before_decoding() -> None:
    assert code_of(makers.dicom_bytes(makers.loop(2), J2K, Rows=48, Columns=64)) == "E_DIM_MISMATCH"
    assert code_of(makers.dicom_bytes(makers.loop(2), JPEG, Rows=48, Columns=64)) == "E_DIM_MISMATCH"


@pytest.mark.parametrize("syntax", [EXPLICIT, RLE, JPEG])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.99])
def test_a_file_cut_short_is_truncated(syntax: str, share: float) -> None:
    data = makers.dicom_bytes(makers.loop(4), syntax)
    assert code_of(data[: int(len(data) * share)]) == "E_TRUNCATED"


def test_unknown_syntaxes_are_refused_unread() -> None:
    good = makers.dicom_bytes(makers.loop(2))
    for uid in ("1.2.840.10008.1.2.4.95", "1.2.3"):
        assert code_of(_relabelled(good, uid)) == "E_TS_UNSUPPORTED"


def test_damaged_codestreams_are_refused(rng: np.random.Generator) -> None:
    junk = encapsulate([rng.bytes(2000), rng.bytes(2000)])
    for syntax in (RLE, SV1, JPEG_LS, J2K, JPEG):
        data = makers.dicom_bytes(makers.loop(2), syntax, PixelData=junk)
        assert code_of(data) in ("E_FRAME_DECODE", "E_DIM_MISMATCH"), syntax


def test_random_bytes_are_not_dicom(rng: np.random.Generator) -> None:
    assert code_of(rng.bytes(5000)) == "E_NOT_DICOM"
    assert code_of(b"\0" * 128 + b"DICM" + rng.bytes(5000)) == "E_NOT_DICOM"


def _relabelled(data: bytes, uid: str) -> bytes:
    old = EXPLICIT.encode() + b"\0" * (len(EXPLICIT) % 2)
    new = uid.encode() + b"\0" * (len(uid) % 2)
    head, tail = data.split(old, 1)
    # the element's own length precedes its value
    return head[:-2] + len(new).to_bytes(2, "little") + new + tail


def test_warnings_of_the_parser_do_not_repeat_values(recwarn: pytest.WarningsRecorder) -> None:
    data = makers.dicom_bytes(makers.loop(1)).replace(b"CANARY77", b"CAN\\RY\x07\x07")
    opened(data)
    assert not list(recwarn)


def test_a_value_that_does_not_parse_is_one_that_is_not_there() -> None:
    boxes = makers.regions(makers.region())
    data = makers.dicom_bytes(makers.loop(2), SequenceOfUltrasoundRegions=boxes)
    damaged = data.replace(b"\x18\0\x16`UL", b"\x18\0\x16`U\0", 1).replace(
        b"DS\x02\x0040", b"DS\x02\x00xy", 1
    )
    recording = opened(damaged)
    assert recording.frame_times_s is None
    assert recording.uid == "1.2.826.7.1"


def test_damaged_htj2k_is_not_passed_over_in_silence() -> None:
    frame = makers.loop(1)[0]
    stream = bytes(imagecodecs.htj2k_encode(frame, reversible=True))
    syntax = "1.2.840.10008.1.2.4.201"
    for data in (stream[: len(stream) // 2], stream[:-40]):
        whole = makers.dataset(frame[None], PixelData=encapsulate([data + b"\0" * (len(data) % 2)]))
        whole["PixelData"].is_undefined_length = True
        out = io.BytesIO()
        whole.file_meta.TransferSyntaxUID = syntax
        whole.save_as(out)
        assert code_of(out.getvalue()) == "E_FRAME_DECODE"


def test_a_number_that_repeats_the_patients_is_unknown_and_the_clip_says_which(tmp_path: Path) -> None:
    item = makers.region(PhysicalDeltaX=0.0129754)
    names = {
        "PatientID": "129754",
        "FrameTime": "12.9754",
        "SequenceOfUltrasoundRegions": makers.regions(item),
    }
    path = makers.write_dicom(tmp_path / "a.dcm", makers.loop(3), **names)
    with path.open("rb") as file:
        clip = open_dicom(file, path.stat().st_size)
    assert clip.frame_times_s is None
    assert clip.spacing_mm is None
    assert clip.regions[0]["delta_x"] == 0.0
    assert "FrameTime, PhysicalDeltaX" in clip.warning
    assert "1297" not in clip.warning
