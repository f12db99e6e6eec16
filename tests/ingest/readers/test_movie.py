"""Videos inside DICOM: all containers that are met, counted by decoding, in their stream's colours."""

import io

import av
import numpy as np
import pytest
from pydicom.encaps import encapsulate

from tests.ingest import codings
from tests.ingest.codings import BASE, CASES, colour_picture
from unisono.base.errors import IngestError
from unisono.ingest.readers.dicom import open_dicom
from unisono.ingest.readers.recording import Recording

MPEG2, H264, HEVC10 = f"{BASE}.4.100", f"{BASE}.4.102", f"{BASE}.4.108"
PARTIAL = next(case for case in CASES if case.photometric == "YBR_PARTIAL_420")


def opened(data: bytes) -> Recording:
    return open_dicom(io.BytesIO(data), len(data))


def code_of(data: bytes) -> str:
    with pytest.raises(IngestError) as caught:
        list(opened(data).frames())
    return caught.value.code


def stream(codec: str, container_format: str, pixels: str = "yuv420p", n_frames: int = 24) -> bytes:
    out = io.BytesIO()
    options = {"libx265": {"x265-params": "log-level=none"}, "mpeg2video": {"qmin": "1", "qmax": "2"}}
    with av.open(out, "w", format=container_format) as container:
        track = container.add_stream(codec, rate=25, options=options.get(codec, {}))
        track.height, track.width, track.pix_fmt = codings.ROWS, codings.COLUMNS, pixels
        for i in range(n_frames):
            picture = colour_picture()[i % 3]
            container.mux(track.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(track.encode())
    return out.getvalue()


def movie(syntax: str, data: bytes, n_frames: int = 24, pieces: int = 1, **values: object) -> bytes:
    pixels = encapsulate([data], fragments_per_frame=pieces, has_bot=False)
    return codings.dicom(syntax, PARTIAL, PixelData=pixels, NumberOfFrames=n_frames, **values)


@pytest.mark.parametrize(
    ("syntax", "codec", "container_format", "pixels"),
    [
        (MPEG2, "mpeg2video", "mpeg2video", "yuv420p"),
        (MPEG2, "mpeg2video", "mpegts", "yuv420p"),
        (MPEG2, "mpeg2video", "mpeg", "yuv420p"),
        (H264, "libx264", "h264", "yuv420p"),
        (H264, "libx264", "mp4", "yuv420p"),
        (H264, "libx264", "mpegts", "yuv420p"),
        (HEVC10, "libx265", "hevc", "yuv420p10le"),
        (HEVC10, "libx265", "mp4", "yuv420p"),
    ],
)
@pytest.mark.parametrize("pieces", [1, 5])
def test_containers_and_fragments(
    syntax: str, codec: str, container_format: str, pixels: str, pieces: int
) -> None:
    recording = opened(movie(syntax, stream(codec, container_format, pixels), pieces=pieces))
    frames = np.stack(list(recording.frames()))
    assert len(frames) == 24
    assert len(recording.sample) == 24
    assert np.array_equal(frames[-1], recording.sample[-1])
    assert np.abs(frames.astype(int) - np.tile(colour_picture(), (8, 1, 1, 1))).mean() < 4
    assert recording.frame_times_s is not None
    assert recording.frame_times_s[1] == pytest.approx(0.04)
    assert not recording.lossless
    assert pixels in recording.decoder


@pytest.mark.parametrize("claimed", [23, 25])
@pytest.mark.parametrize(
    ("syntax", "codec", "form"), [(MPEG2, "mpeg2video", "mpeg2video"), (H264, "libx264", "mp4")]
)
def test_the_stream_is_counted(claimed: int, syntax: str, codec: str, form: str) -> None:
    assert code_of(movie(syntax, stream(codec, form), n_frames=claimed)) == "E_FRAME_COUNT"


def test_lies_about_size_codec_and_samples() -> None:
    h264 = stream("libx264", "h264")
    assert code_of(movie(H264, h264, Rows=codings.ROWS * 2)) == "E_DIM_MISMATCH"
    assert code_of(movie(MPEG2, h264)) == "E_TS_UNSUPPORTED"
    assert code_of(movie(H264, h264, SamplesPerPixel=1, PhotometricInterpretation="MONOCHROME2")) == (
        "E_COLOUR_AMBIG"
    )


def test_half_a_stream_rubbish_and_nothing(rng: np.random.Generator) -> None:
    h264 = stream("libx264", "mp4")
    assert code_of(movie(H264, h264[: len(h264) // 2])) in ("E_FRAME_DECODE", "E_FRAME_COUNT")
    assert code_of(movie(H264, rng.bytes(5000))) in ("E_FRAME_DECODE", "E_NO_PIXELS", "E_TS_UNSUPPORTED")
    assert code_of(movie(H264, b"\0\0")) in ("E_FRAME_DECODE", "E_NO_PIXELS")
