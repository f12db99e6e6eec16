"""The frame times: which of the header's answers wins, and when there is none."""

import pytest
from pydicom.dataset import Dataset

from unisono.ingest.readers.timing import from_presentation, read_timing


def header(**values: object) -> Dataset:
    data = Dataset()
    for name, value in values.items():
        setattr(data, name, value)
    return data


@pytest.mark.parametrize(
    ("values", "step_s", "rule"),
    [
        ({"FrameTime": "40"}, 0.04, "FrameTime"),
        ({"FrameTime": "33.3", "RecommendedDisplayFrameRate": "30"}, 0.0333, "FrameTime"),
        (
            {"FrameTime": "20", "RecommendedDisplayFrameRate": "25"},
            0.02,
            "FrameTime, shorter than RecommendedDisplayFrameRate",
        ),
        (
            {"FrameTime": "33", "RecommendedDisplayFrameRate": "60"},
            1 / 60,
            "RecommendedDisplayFrameRate, shorter than FrameTime",
        ),
        ({"RecommendedDisplayFrameRate": "50"}, 0.02, "RecommendedDisplayFrameRate"),
        ({"CineRate": "25"}, 0.04, "CineRate"),
        ({"FrameTime": "0", "CineRate": "25"}, 0.04, "CineRate"),
        ({"FrameTimeVector": ["0", "20", "20"], "FrameTime": "40"}, 0.02, "FrameTimeVector"),
        ({"FrameTimeVector": ["0", "20"], "FrameTime": "40"}, 0.04, "FrameTime"),
        ({"FrameTimeVector": ["0", "0", "0"], "FrameTime": "40"}, 0.04, "FrameTime"),
    ],
)
def test_rule(values: dict[str, object], step_s: float, rule: str) -> None:
    timing = read_timing(header(**values), 3)
    assert timing.times_s == pytest.approx((0.0, step_s, 2 * step_s))
    assert timing.rule == rule


def test_uneven_vectors_add_up_and_their_first_delay_is_dropped() -> None:
    timing = read_timing(header(FrameTimeVector=["5", "20", "30.5"]), 3)
    assert timing.times_s == pytest.approx((0.0, 0.02, 0.0505))


def test_unknown_is_none_and_not_a_default() -> None:
    assert read_timing(header(), 3).times_s is None
    assert read_timing(header(FrameTime="-4"), 3).times_s is None
    assert read_timing(header(), 1).times_s == (0.0,)


def test_presentation_times_start_at_zero_and_must_rise() -> None:
    assert from_presentation([1.5, 1.54, 1.6]).times_s == pytest.approx((0.0, 0.04, 0.1))
    assert from_presentation([0.0, 0.1, 0.1]).times_s is None
    assert from_presentation([0.0, None, 0.1]).times_s is None
    assert from_presentation([None]).times_s is None


def test_an_interval_has_no_room_for_a_number_of_a_record() -> None:
    data = Dataset()
    data.FrameTime = "40.8899447"
    assert read_timing(data, 2).times_s == (0.0, 0.04089)
    data.FrameTimeVector = ["0", "40.8899447"]
    assert read_timing(data, 2).times_s == (0.0, 0.04089)
    assert read_timing(header(RecommendedDisplayFrameRate="12975"), 2).times_s is None


@pytest.mark.parametrize("n_frames", [2, 200, 201, 999, 10_000])
@pytest.mark.parametrize("step_ms", ["16.6666667", "33.3333333", "16.949153", "54.241", "0.83335"])
def test_the_last_of_any_number_of_frames_is_right_to_a_tenth_of_a_millisecond(
    n_frames: int, step_ms: str
) -> None:
    times_s = read_timing(header(FrameTime=step_ms), n_frames).times_s
    assert times_s is not None
    assert times_s[-1] == pytest.approx(float(step_ms) * (n_frames - 1) / 1000, abs=1e-4)
