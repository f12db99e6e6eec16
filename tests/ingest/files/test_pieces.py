"""Joined pieces read like their concatenation."""

import io

from hypothesis import given
from hypothesis import strategies as st

from unisono.ingest.files.pieces import joined

DATA = bytes(range(256))
SPANS = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 56)), max_size=6)


@given(SPANS, st.integers(0, 400), st.integers(0, 400))
def test_joined_pieces_are_their_concatenation(spans: list[tuple[int, int]], at: int, n: int) -> None:
    whole = b"".join(DATA[a : a + length] for a, length in spans)
    file = joined(io.BytesIO(DATA), spans)
    assert file.read() == whole
    assert file.seek(0, io.SEEK_END) == len(whole)
    file.seek(at)
    assert file.read(n) == whole[at : at + n]
    assert file.tell() == max(at, min(at + n, len(whole)))
