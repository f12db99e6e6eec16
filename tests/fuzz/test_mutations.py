"""Whole recordings with some bytes changed: taken, or refused with a code; nothing else, whatever the bytes.

`mutate` does the same for as many minutes as it is given, in limited workers.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.mutate import (
    ARCHIVES,
    CHANGES,
    Counts,
    asked,
    edited,
    mutant,
    mutated,
    packed,
    run_batch,
    seeds_of_files,
    seeds_of_images,
    take,
)
from unisono.ingest.workers import Workers

N_EXAMPLES = 300
CODES = {
    "taken", "E_NOT_RECORDING", "E_NOT_DICOM", "E_TRUNCATED", "E_NO_PIXELS", "E_MODALITY", "E_STORE_IO",
    "E_FRAME_COUNT", "E_FRAME_DECODE", "E_DIM_MISMATCH", "E_COLOUR_AMBIG", "E_UID_MISSING",
    "E_TS_UNSUPPORTED", "E_NOT_ULTRASOUND", "E_LIMIT_SIZE", "E_LIMIT_DIM", "E_LIMIT_FRAMES",
    "E_LIMIT_DEPTH", "E_LIMIT_INFLATE",
}  # fmt: skip


@cache
def files() -> tuple[bytes, ...]:
    return (*seeds_of_files(), *seeds_of_images())


def test_the_files_that_are_changed_are_themselves_taken() -> None:
    assert {take(data) for data in files()} == {"taken"}


@pytest.mark.parametrize("kind", ARCHIVES)
def test_every_member_of_an_archive_is_taken_in(kind: str) -> None:
    assert take(packed(files()[0], kind)) == "E_NOT_RECORDING taken"


def places(size: int) -> st.SearchStrategy[int]:
    """Half of them near the start, where headers are."""
    return st.integers(0, min(size, 1500) - 1) | st.integers(0, size - 1)


@st.composite
def changed_files(draw: st.DrawFn) -> bytes:
    data = files()[draw(st.integers(0, len(files()) - 1))]
    for _ in range(draw(st.integers(1, 6))):
        at = draw(places(len(data)))
        data = edited(data, draw(st.sampled_from(CHANGES)), at, draw(st.binary(min_size=1, max_size=8)))
    return data


@settings(
    max_examples=N_EXAMPLES, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(changed_files())
def test_whatever_is_changed_it_is_taken_or_refused_with_a_code(data: bytes) -> None:
    assert take(data) in CODES


@settings(max_examples=N_EXAMPLES // 3, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_whatever_is_packed_and_changed_is_taken_or_refused_with_codes(seed: int) -> None:
    found = take(mutant(list(files()), np.random.default_rng(seed)))
    assert set(found.split()) <= CODES


def test_a_batch_goes_the_way_of_the_product(tmp_path: Path) -> None:
    counts = Counts()
    with Workers(1, "", isolated=False) as pool:
        run_batch(pool, list(files()), 7, tmp_path, counts)
    assert counts.codes.total() >= 20
    assert set(counts.codes) <= CODES


def test_the_command_says_what_it_takes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        asked(["--help"])
    assert ended.value.code == 0
    assert "minutes" in capsys.readouterr().out
    found = asked(["2.5", "7", str(tmp_path)])
    assert (found.minutes, found.seed, found.folders) == (2.5, 7, [tmp_path])
    assert (asked([]).minutes, asked([]).seed, asked([]).folders) == (1.0, 1, [])


@pytest.mark.parametrize("words", [["long"], ["0"], ["1", "x"], ["1", "1", "/nowhere/at/all"], ["1", "-1"]])
def test_a_wrong_word_ends_in_a_sentence(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        asked(words)
    assert ended.value.code == 2
    assert "error:" in capsys.readouterr().err


def test_the_mutator_changes_files_and_can_be_repeated() -> None:

    data = files()[0]
    one, again, other = (mutated(data, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert one == again
    assert len({one, other, data}) == 3
