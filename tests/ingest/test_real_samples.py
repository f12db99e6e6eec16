"""Real recordings: each comes out with right colours, times and calibration, or is held or refused as stated.

The table is in `real_samples` and in ``docs/reading.md``. Colours are compared with a second decoder on the
stored frames, inside the mask; for a file of which nothing is kept, on the frames as they were read.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.ingest.real_samples import HEADING, SAMPLES, SECOND, TABLE, WHEEL, Sample, by_opencv
from unisono.base.errors import IngestError
from unisono.base.settings import Settings
from unisono.catalog import evidence
from unisono.catalog.clips import Clip, all_clips
from unisono.catalog.db import Catalog, open_catalog
from unisono.catalog.names import frame_code
from unisono.ingest.files.sources import scan
from unisono.ingest.masks.drawn import decode_mask
from unisono.ingest.readers.reading import opened
from unisono.ingest.run import ingest

PAGE = Path(__file__).parents[2] / "docs" / "reading.md"
LEVELS = 3
BANNERS = {
    "examples_ybr_color.dcm": 14,
    "examples_palette.dcm": 50,
    "examples_rgb_color.dcm": 50,
    "examples_jpeg2k.dcm": 100,
    "dicom/us_linear_cine_epiq5g_fakephi.zip": 40,
    "dicom/gdcm-US-ALOKA-16.dcm": 20,
    "dicom/us_renal_s2000_rgb_fakephi.dcm": 40,
}
"""Upper rows that hold a name, a site or a date."""
HERE = [
    pytest.param(
        sample,
        id=sample.name,
        marks=[
            pytest.mark.sample_data,
            pytest.mark.skipif(not SAMPLES.is_dir(), reason="no sample data beside the checkout"),
        ]
        if sample.path.is_relative_to(SAMPLES)
        else [],
    )
    for sample in TABLE
]


@dataclass(frozen=True)
class Outcome:
    """The clip that a file became, its mask and some of its stored frames by their numbers."""

    clip: Clip
    answer: str
    keep: NDArray[np.bool_]
    frames: dict[int, NDArray[np.uint8]]


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Sample], Outcome]]:
    with ExitStack() as stack:

        @cache
        def once(sample: Sample) -> Outcome:
            home = open_catalog(Settings(home=tmp_path_factory.mktemp("samples") / "home"))
            stack.callback(home.close)
            report = ingest(home, [sample.path], "01", workers=1, isolated=False, policy="person")
            with home.read() as connection:
                (clip,) = all_clips(connection)
                keep = decode_mask(evidence.mask_of(connection, clip.code).png)
            assert report.codes == (() if clip.state == "quarantined" else (clip.code,))
            answer = report.withheld[0].code if clip.state == "quarantined" else clip.state
            numbers = sorted({0, clip.n_frames // 2, clip.n_frames - 1})
            return Outcome(clip, answer, keep, {i: stored(home, clip.code, i) for i in numbers})

        yield once


def stored(home: Catalog, code: str, index: int) -> NDArray[np.uint8]:
    data = home.files.read_frame(frame_code(code, index), held=True)
    return colours(data)


def colours(png: bytes) -> NDArray[np.uint8]:
    return np.asarray(cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)[..., ::-1], dtype=np.uint8)


def as_rgb(frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return frame if frame.ndim == 3 else np.repeat(frame[..., None], 3, axis=2)


def as_read(sample: Sample) -> dict[int, NDArray[np.uint8]]:
    (source,) = scan([sample.path])
    with opened(source) as recording:
        return {i: as_rgb(frame) for i, frame in enumerate(recording.frames())}


@pytest.mark.parametrize("sample", HERE)
def test_colours_are_those_of_a_second_decoder(
    sample: Sample, take: Callable[[Sample], Outcome], tmp_path: Path
) -> None:
    outcome = take(sample)
    data = sample.content()
    others = by_opencv(data, tmp_path) if sample.second == "OpenCV" else SECOND[sample.second](data)
    assert len(others) == sample.shape[0]
    nothing_kept = sample.answer == "E_NO_MASK"
    assert nothing_kept != outcome.keep.any()
    keep = np.ones_like(outcome.keep) if nothing_kept else outcome.keep
    for i, frame in (as_read(sample) if nothing_kept else outcome.frames).items():
        apart = np.abs(frame.astype(int) - as_rgb(others[i]))[keep]
        assert apart.max() <= LEVELS, i
    for frame in outcome.frames.values():
        assert not frame[~outcome.keep].any()
        assert not frame[: BANNERS.get(sample.name, 0)].any()


@pytest.mark.parametrize("sample", HERE)
def test_times_and_calibration_are_as_stated(sample: Sample, take: Callable[[Sample], Outcome]) -> None:
    clip = take(sample).clip
    assert (clip.n_frames, clip.rows, clip.columns) == sample.shape
    assert clip.timing == sample.timing
    assert clip.frame_times_s is not None
    assert clip.frame_times_s[0] == 0.0
    assert clip.frame_times_s[-1] == pytest.approx(sample.last_s, abs=1e-4)
    if sample.spacing_mm is None:
        assert clip.spacing_mm is None
    else:
        assert clip.spacing_mm == pytest.approx((sample.spacing_mm,) * 2, abs=1e-6)


@pytest.mark.parametrize("sample", HERE)
def test_each_waits_for_a_person_or_is_held_as_stated(
    sample: Sample, take: Callable[[Sample], Outcome]
) -> None:
    assert take(sample).answer == sample.answer


@pytest.mark.parametrize("name", ["examples_palette.dcm", "examples_ybr_color.dcm"])
def test_where_no_review_is_asked_for_the_same_pixels_are_out_at_once(
    name: str, take: Callable[[Sample], Outcome], tmp_path: Path
) -> None:
    (sample,) = [s for s in TABLE if s.name == name]
    home = open_catalog(Settings(home=tmp_path / "home"))
    try:
        (code,) = ingest(home, [sample.path], "01", workers=1, isolated=False, policy="none").codes
        frame = colours(home.files.read_frame(frame_code(code, 0)))
    finally:
        home.close()
    assert np.array_equal(frame, take(sample).frames[0])


@pytest.mark.parametrize("name", ["examples_rgb_color.dcm", "examples_jpeg2k.dcm"])
def test_power_doppler_is_orange_and_tissue_grey(name: str, take: Callable[[Sample], Outcome]) -> None:
    (sample,) = [s for s in TABLE if s.name == name]
    frame = take(sample).frames[0].astype(int)
    lit = frame[frame.max(axis=-1) > 60]
    grey = np.ptp(lit, axis=1) < 12
    coloured = lit[np.ptp(lit, axis=1) > 120]
    assert grey.mean() > 0.5
    assert (coloured[:, 0] > coloured[:, 2] + 60).mean() > 0.9  # red well above blue


def test_every_other_file_of_the_wheel_is_refused_with_a_code() -> None:
    taken, codes = set(), Counter[str]()
    for source in scan([WHEEL]):
        if source.refusal:
            codes[source.refusal[0]] += 1
            continue
        try:
            with opened(source):
                taken.add(Path(source.label).name)
        except IngestError as error:
            codes[error.code] += 1
    assert taken == {s.name for s in TABLE if s.path.is_relative_to(WHEEL)}
    assert set(codes) <= {"E_MODALITY", "E_NOT_RECORDING", "E_TRUNCATED", "E_NOT_DICOM"}
    assert codes["E_MODALITY"] > 100
    assert codes["E_TRUNCATED"] == 1  # rtplan_truncated.dcm; palettes, which have no modality, are whole


@pytest.mark.sample_data
@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no sample data beside the checkout")
def test_every_sample_is_in_the_table() -> None:
    there = {f"{p.parent.name}/{p.name}" for kind in ("dicom", "video") for p in (SAMPLES / kind).iterdir()}
    assert there == {s.name for s in TABLE if s.path.is_relative_to(SAMPLES)}


def test_the_page_has_this_table() -> None:
    assert HEADING + "".join(sample.row() for sample in TABLE) in PAGE.read_text(encoding="utf-8")
