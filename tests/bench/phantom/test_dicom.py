from dataclasses import replace
from pathlib import Path

import numpy as np
import pydicom
import pytest

from unisono.bench.phantom import Heart, make_heart, write_dicom
from unisono.bench.phantom.dicom import write_strip
from unisono.bench.phantom.strip import make_strip
from unisono.ingest.readers.regions import read_regions


@pytest.fixture(scope="module")
def heart() -> Heart:
    return make_heart(np.random.default_rng(9), frames=5, rows=121, columns=161)


def test_pixels_come_back_exactly(heart: Heart, tmp_path: Path) -> None:
    data = pydicom.dcmread(write_dicom(heart, tmp_path / "p.dcm"))
    np.testing.assert_array_equal(data.pixel_array, heart.images)
    assert data.PhotometricInterpretation == "MONOCHROME2"


def test_calibration_and_timing_are_in_the_header(heart: Heart, tmp_path: Path) -> None:
    data = pydicom.dcmread(write_dicom(heart, tmp_path / "p.dcm"))
    (region,) = data.SequenceOfUltrasoundRegions
    assert region.PhysicalUnitsXDirection == region.PhysicalUnitsYDirection == 3  # cm
    assert float(region.PhysicalDeltaX) * 10 == pytest.approx(heart.spacing_mm[0])
    assert float(region.PhysicalDeltaY) * 10 == pytest.approx(heart.spacing_mm[1])
    assert float(data.FrameTime) == pytest.approx(200.0)
    assert data.HeartRate == 60


def test_region_holds_every_lit_pixel(heart: Heart, tmp_path: Path) -> None:
    (region,) = pydicom.dcmread(write_dicom(heart, tmp_path / "p.dcm")).SequenceOfUltrasoundRegions
    inside = np.zeros(heart.images.shape[1:], dtype=bool)
    inside[
        region.RegionLocationMinY0 : region.RegionLocationMaxY1 + 1,
        region.RegionLocationMinX0 : region.RegionLocationMaxX1 + 1,
    ] = True
    assert not heart.images[:, ~inside].any()


def test_nobody_could_take_it_for_a_patient(heart: Heart, tmp_path: Path) -> None:
    data = pydicom.dcmread(write_dicom(heart, tmp_path / "p.dcm", "PHANTOM-07"))
    assert data.PatientID == "PHANTOM-07"
    assert str(data.PatientName) == "PHANTOM-07"
    assert "ynthetic" in data.SeriesDescription


def test_equal_hearts_give_equal_files_and_names_tell_them_apart(heart: Heart, tmp_path: Path) -> None:
    one, same, other = (
        write_dicom(heart, tmp_path / f"{i}.dcm", name) for i, name in enumerate(("P-1", "P-1", "P-2"))
    )
    assert one.read_bytes() == same.read_bytes()
    assert pydicom.dcmread(one).SOPInstanceUID != pydicom.dcmread(other).SOPInstanceUID


def test_another_loop_under_the_same_name_is_another_instance(heart: Heart, tmp_path: Path) -> None:
    images = heart.images.copy()
    images[-1, 60, 80] ^= 1
    one, other = (
        pydicom.dcmread(write_dicom(h, tmp_path / f"{i}.dcm"))
        for i, h in enumerate((heart, replace(heart, images=images)))
    )
    assert one.SOPInstanceUID != other.SOPInstanceUID
    assert one.StudyInstanceUID == other.StudyInstanceUID


def test_a_strip_comes_back_with_its_baseline_and_its_scale(tmp_path: Path) -> None:
    strip = make_strip(np.random.default_rng(5))
    data = pydicom.dcmread(write_strip(strip, tmp_path / "strip.dcm"))
    (found,) = read_regions(data, *strip.image.shape)
    assert found == strip.regions[0]
    np.testing.assert_array_equal(data.pixel_array, strip.image)
