"""The sample is spread over the whole clip."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from unisono.ingest.readers.recording import SAMPLE_FRAMES, spread


@given(st.integers(1, 10_000))
def test_first_and_last_are_in_and_steps_are_even(n_frames: int) -> None:
    chosen = spread(n_frames)
    assert len(chosen) == min(n_frames, SAMPLE_FRAMES)
    assert chosen[0] == 0
    assert chosen[-1] == n_frames - 1
    steps = {b - a for a, b in pairwise(chosen)}
    assert not steps or max(steps) - min(steps) <= 1
