"""One decoder a syntax, and one kind of error from all of them."""

import numpy as np
import pytest

from tests.ingest.makers import ENCODERS, J2K, JPEG_LS, SV1, in_colour, loop, rle_frame
from unisono.base.errors import IngestError
from unisono.ingest.readers.syntaxes import SYNTAXES, decode_coded, decode_rle_planes, syntax_of


@pytest.mark.parametrize("uid", [J2K, JPEG_LS, SV1])
def test_coded_frames_come_back(uid: str) -> None:
    frame = loop(1)[0]
    assert np.array_equal(decode_coded(SYNTAXES[uid], ENCODERS[uid](frame)), frame)


@pytest.mark.parametrize("uid", [u for u, s in SYNTAXES.items() if s.decode is not None])
def test_rubbish_raises_our_error_only(uid: str, rng: np.random.Generator) -> None:
    for data in (b"", rng.bytes(300)):
        with pytest.raises(IngestError) as caught:
            decode_coded(SYNTAXES[uid], data)
        assert caught.value.code == "E_FRAME_DECODE"


def test_rle_frames_and_their_size() -> None:
    grey, colour = loop(1)[0], in_colour(loop(1))[0]
    assert np.array_equal(decode_rle_planes(rle_frame(grey), 240, 320, 1, 8), grey)
    assert np.array_equal(decode_rle_planes(rle_frame(colour), 240, 320, 3, 8), colour)
    with pytest.raises(IngestError, match="E_DIM_MISMATCH"):
        decode_rle_planes(rle_frame(grey), 240, 320, 3, 8)


def test_unread_syntaxes_are_refused() -> None:
    for uid in ("", "1.2.3"):
        with pytest.raises(IngestError, match="E_TS_UNSUPPORTED"):
            syntax_of(uid)
