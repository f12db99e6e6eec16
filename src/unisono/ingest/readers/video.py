"""Read one video (mp4, mov, avi, gif, mkv, wmv) as a clip: pixels and presentation times, nothing else.

The container's metadata (titles, places, dates) is never read. Frames are counted by decoding them; what the
container says is only used to notice that some are missing.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, BinaryIO

import av
import numpy as np

from unisono.base.errors import IngestError
from unisono.ingest.children import still_alive
from unisono.ingest.files.wholeness import check_whole
from unisono.ingest.limits import LIMITS, Limits, check_size
from unisono.ingest.readers.recording import SAMPLE_FRAMES, Pixels, Recording, spread
from unisono.ingest.readers.timing import from_presentation

QUARTER_TURN = 90
_FULL_RANGE = 2
_MATRICES = {0: "RGB", 1: "BT.709", 5: "BT.601", 6: "BT.601", 9: "BT.2020"}
"""Of ITU-T H.273 table 4, those in use; where a stream is silent the scaler takes BT.601."""
LOSSLESS = frozenset({"ffv1", "rawvideo", "huffyuv", "ffvhuff", "png", "bmp", "utvideo", "qtrle"})
"""Not GIF: its pixels are exact, but its dithered palette shimmers as a lossy codec does."""
MISSING_FRAMES = 3
"""An edit list may hide a few frames at either end; more are a broken file."""
MISSING_GAPS = 2
"""A stream without a size may end this many of its longest gaps before its stated duration."""

UNMEASURED = "the container does not say how long the video is; look whether its end is missing"


@dataclass(slots=True)
class _Survey:
    """What one pass over a video found."""

    rows: int = 0
    columns: int = 0
    n_frames: int = 0
    stamps_s: list[float | None] = field(default_factory=list)
    kept: dict[int, Pixels] = field(default_factory=dict)
    stride: int = 1
    codec: str = ""
    warning: str = ""
    limits: Limits = LIMITS

    def add(self, frame: Pixels, stamp_s: float | None) -> None:
        if self.n_frames == 0:
            self.rows, self.columns = frame.shape[:2]
        if frame.shape[:2] != (self.rows, self.columns):
            raise IngestError("E_DIM_MISMATCH", f"frame {self.n_frames} has another size than the first")
        if self.n_frames % self.stride == 0:
            self.kept[self.n_frames] = frame
        if len(self.kept) > 2 * SAMPLE_FRAMES:  # the length is unknown: thin out as it grows
            self.stride *= 2
            self.kept = {i: f for i, f in self.kept.items() if i % self.stride == 0}
        self.n_frames += 1
        self.stamps_s.append(stamp_s)
        check_size(self.rows, self.columns, self.n_frames, self.limits)


def open_video(file: BinaryIO, limits: Limits = LIMITS) -> Recording:
    """Return a video clip.

    Parameters
    ----------
    file : binary file
        Stays open while frames are read.
    limits : Limits

    Raises
    ------
    IngestError
        ``E_FRAME_DECODE``, ``E_NO_PIXELS``, ``E_TRUNCATED``, ``E_DIM_MISMATCH`` or a limit.
    """
    survey = _survey(file, limits)
    timing = from_presentation(survey.stamps_s)
    kept = list(survey.kept.values())
    return Recording(
        kind="video",
        rows=survey.rows,
        columns=survey.columns,
        n_frames=survey.n_frames,
        frames=lambda: (frame for frame, _ in decoded(file)),
        sample=[kept[i] for i in spread(len(kept))],
        frame_times_s=timing.times_s,
        timing=timing.rule,
        regions=(),
        spacing_mm=None,
        header={},
        decoder=f"PyAV {av.__version__}, {survey.codec}, to RGB",
        lossless=survey.codec in LOSSLESS,
        warning=survey.warning,
    )


def _survey(file: BinaryIO, limits: Limits) -> _Survey:
    survey = _Survey(limits=limits)
    whole = check_whole(file)
    with _opened(file) as container:
        stream = container.streams.video[0]
        survey.codec = str(stream.codec_context.name)
        promised = int(stream.frames or 0)
        check_size(int(stream.height or 1), int(stream.width or 1), max(promised, 1), limits)
        is_alone = len(container.streams) == 1 and "matroska" in container.format.name
        duration_s = float(container.duration or 0) / av.time_base if is_alone else 0.0
    for frame, stamp_s in decoded(file):
        survey.add(frame, stamp_s)
    if survey.n_frames == 0:
        raise IngestError("E_NO_PIXELS", "the video holds no frame")
    if whole.n_images is not None and survey.n_frames < whole.n_images:
        raise IngestError("E_FRAME_DECODE", f"of {whole.n_images} images {survey.n_frames} decode")
    if promised - survey.n_frames > MISSING_FRAMES:
        raise IngestError("E_TRUNCATED", f"the video promises {promised} frames; got {survey.n_frames}")
    _check_duration(survey.stamps_s, duration_s)
    survey.warning = "" if whole.states_end or duration_s else UNMEASURED
    return survey


def _check_duration(stamps_s: Sequence[float | None], duration_s: float) -> None:
    known = sorted(stamp for stamp in stamps_s if stamp is not None)
    gap_s = max((b - a for a, b in pairwise(known)), default=duration_s)
    if known and duration_s - known[-1] > MISSING_GAPS * gap_s:
        raise IngestError(
            "E_TRUNCATED", f"the video says {duration_s:.3f} s; its last frame is at {known[-1]:.3f} s"
        )


def decoded(file: BinaryIO) -> Iterator[tuple[Pixels, float | None]]:
    """Yield the frames of a video in the order of their times, upright, each with its time in s.

    Raises
    ------
    IngestError
        ``E_FRAME_DECODE`` or ``E_NO_PIXELS``.
    """
    with _opened(file) as container:
        for frame in container.decode(video=0):
            if frame.is_corrupt:
                raise IngestError("E_FRAME_DECODE", "a frame of the video is damaged")
            pixels = np.asarray(frame.to_ndarray(format="rgb24"), dtype=np.uint8)
            still_alive()  # a video is decoded whole before its first frame is handed on
            turns = round(float(getattr(frame, "rotation", 0) or 0) / QUARTER_TURN) % 4
            yield (np.ascontiguousarray(np.rot90(pixels, turns)) if turns else pixels), frame.time


def described(file: BinaryIO) -> tuple[str, str]:
    """Return a video's codec and what its stream says of its colours.

    Raises
    ------
    IngestError
        ``E_FRAME_DECODE`` or ``E_NO_PIXELS``.
    """
    with _opened(file) as container:
        context = container.streams.video[0].codec_context
        space = _MATRICES.get(int(context.colorspace), "BT.601 unless stated")
        reach = "full" if int(context.color_range) == _FULL_RANGE else "limited"
        return str(context.name), f"{context.pix_fmt} {space} {reach} range"


@contextmanager
def _opened(file: BinaryIO) -> Iterator[Any]:
    file.seek(0)
    try:
        with av.open(file, mode="r") as container:
            if not container.streams.video:
                raise IngestError("E_NO_PIXELS", "the file holds no video stream")
            stream = container.streams.video[0]
            if stream.codec_context is None:
                raise IngestError("E_TS_UNSUPPORTED", "the video's codec is not known")
            stream.thread_count = 1
            # Without this a decoder paints over what it cannot read, and says nothing.
            stream.codec_context.options = {"err_detect": "explode"}
            yield container
    except (av.FFmpegError, ValueError) as error:
        raise IngestError("E_FRAME_DECODE", f"the video does not decode ({type(error).__name__})") from None
