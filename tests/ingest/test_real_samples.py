"""Real recordings: the four that pydicom's wheel carries, and the sample data where it lies."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from pydicom.data import get_testdata_file

from unisono.base.settings import Settings
from unisono.catalog.db import Catalog, open_catalog
from unisono.ingest.run import clips, ingest

SAMPLES = Path(__file__).parents[3] / "shared" / "data"
SHIPPED = ("examples_ybr_color.dcm", "examples_rgb_color.dcm", "examples_palette.dcm", "examples_jpeg2k.dcm")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Catalog]:
    opened = open_catalog(Settings(home=tmp_path / "home"))
    yield opened
    opened.close()


def first_frame(catalog: Catalog, code: str) -> np.ndarray:
    data = catalog.files.read_frame(f"{code}-0000")
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)[..., ::-1]


def banner_is_black(frame: np.ndarray, rows: int) -> bool:
    return not frame[:rows].any()


@pytest.mark.parametrize(
    ("name", "n_frames", "banner_rows"), list(zip(SHIPPED, (30, 1, 1, 1), (14, 50, 50, 100), strict=True))
)
def test_shipped_files_come_out_without_their_banner(
    home: Catalog, name: str, n_frames: int, banner_rows: int
) -> None:
    path = get_testdata_file(name, download=False)
    assert path is not None
    report = ingest(home, [Path(path)], "01", workers=1)
    assert (len(report.codes), report.frames, report.withheld) == (1, n_frames, ())
    frame = first_frame(home, report.codes[0])
    assert banner_is_black(frame, banner_rows)
    assert frame.any()


def test_power_doppler_is_orange_and_tissue_grey(home: Catalog) -> None:
    for name in ("examples_rgb_color.dcm", "examples_jpeg2k.dcm"):
        report = ingest(home, [Path(str(get_testdata_file(name, download=False)))], "01", workers=1)
        frame = first_frame(home, report.codes[0]).astype(int)
        lit = frame[frame.max(axis=-1) > 60]
        grey = np.ptp(lit, axis=1) < 12
        coloured = lit[np.ptp(lit, axis=1) > 120]
        assert grey.mean() > 0.5
        assert (coloured[:, 0] > coloured[:, 2] + 60).mean() > 0.9  # red well above blue


@pytest.mark.sample_data
@pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"no sample data beside the checkout: {SAMPLES.name}")
def test_all_sample_dicom_is_taken_or_withheld_with_its_reason(home: Catalog) -> None:
    report = ingest(home, [SAMPLES / "dicom"], "01", workers=1)
    assert len(report.codes) == 6
    assert [(Path(w.path).name, w.code) for w in report.withheld] == [
        ("us_renal_s2000_rgb_fakephi.dcm", "E_MASK_IMPLAUSIBLE")
    ]
    by_model = {clip.header.get("model", ""): clip for clip in clips(home)}
    assert banner_is_black(first_frame(home, by_model["EPIQ 5G"].code), 40)
    assert banner_is_black(first_frame(home, by_model["SSD-4000"].code), 20)
    plax = by_model["Affiniti 70G"]
    assert "samples lay plane by plane" in plax.decoder
    assert plax.spacing_mm == pytest.approx((0.3076, 0.3076), abs=1e-4)
    assert plax.frame_times_s is not None
    assert plax.frame_times_s[1] == pytest.approx(0.054241)
    again = ingest(home, [SAMPLES / "dicom"], "01", workers=1)
    assert (again.codes, again.known, len(again.withheld)) == ((), 6, 1)
