"""GE private movies: beams in ``GEMS_Ultrasound_MovieGroup_001``, laid out as the picture they were.

A raw export of a Vivid scanner holds no Pixel Data but, in group 7FE1, segments of frames of beams: their
size in 1086, frame counts in 1037, time stamps in 1043, samples in 1060. The picture's geometry is that of
the largest 2-D region in the standard header: its upper edge's middle is the apex, its height the depth,
and its width gives the opening angle. Beam 0 lies at the right. Where no region is declared nothing is
guessed.

Source: the structure that GDCM (movie group dump) and SlicerHeart's GeUsMovieReader publish; beam order and
sector layout as in the Unity group's ``mdicom/gems.py``. Only a synthesised file was read so far.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from unisono.base.errors import IngestError
from unisono.ingest.identity.header import read_header
from unisono.ingest.limits import LIMITS, check_size
from unisono.ingest.readers.elements import Element, walk
from unisono.ingest.readers.fragments import Span
from unisono.ingest.readers.peek import Peeked
from unisono.ingest.readers.private_data import PrivateReader
from unisono.ingest.readers.recording import Pixels, Recording, spread
from unisono.ingest.readers.regions import read_regions, spacing_mm
from unisono.ingest.readers.timing import Timing

CREATOR = b"GEMS_Ultrasound_MovieGroup_001"
_GROUP, _CREATOR_TAG = 0x7FE1, 0x7FE10010
_SIZE, _N_FRAMES, _TIMES, _SAMPLES, _TEXT = 0x1086, 0x1037, 0x1043, 0x1060, 0x1057
_CURVED = b"CurvedSurface"
_EVERYTHING = 1 << 32
_MOST_SAMPLES = 8192
Maps = tuple[NDArray[np.float32], NDArray[np.float32]]


@dataclass(slots=True)
class _Segment:
    n_frames: int
    times: Span = (0, 0)
    samples: Span = (0, 0)


@dataclass(slots=True)
class _Movie:
    """What the movie group says: (samples, beams) of a frame, its segments, and whether beams fan out."""

    sizes: set[tuple[int, int]] = field(default_factory=set)
    segments: list[_Segment] = field(default_factory=list)
    is_fan: bool = False


def _recognises(peeked: Peeked) -> bool:
    for element in _elements(peeked, _CREATOR_TAG):
        if element.depth == 0 and element.tag == _CREATOR_TAG:
            return _value(peeked, element).startswith(CREATOR)
    return False


def _read(peeked: Peeked, uid: str, patient: str | None) -> Recording:
    movie = _movie(peeked)
    if len(movie.sizes) != 1 or not movie.segments:
        raise IngestError("E_DIM_MISMATCH", "a GE movie has frames of one size; got none or several")
    n_samples, n_beams = next(iter(movie.sizes))
    region = _declared(peeked)
    rows, columns = region["y1"] - region["y0"] + 1, region["x1"] - region["x0"] + 1
    places = _places(movie, n_samples * n_beams)
    check_size(rows, columns, len(places))
    timing = _timing(peeked, movie)
    maps = _maps(region, n_samples, n_beams, is_fan=movie.is_fan)
    region |= {"x0": 0, "y0": 0, "x1": columns - 1, "y1": rows - 1}
    region = {key: value for key, value in region.items() if not key.startswith("zero_")}

    def frame(index: int) -> Pixels:
        peeked.file.seek(places[index])
        beams = np.frombuffer(peeked.file.read(n_samples * n_beams), np.uint8).reshape(n_beams, n_samples)
        return np.asarray(cv2.remap(beams, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT), np.uint8)

    def frames() -> Iterator[Pixels]:
        return (frame(i) for i in range(len(places)))

    shape = "sector" if movie.is_fan else "rectangle"
    return Recording(
        kind="dicom",
        rows=rows,
        columns=columns,
        n_frames=len(places),
        frames=frames,
        sample=[frame(i) for i in spread(len(places))],
        frame_times_s=timing.times_s,
        timing=timing.rule,
        regions=(region,),
        spacing_mm=spacing_mm((region,)),
        header=read_header(peeked.dataset),
        decoder=f"OpenCV {cv2.__version__}, GE movie, {n_beams} beams as a {shape}, MONOCHROME2",
        lossless=True,
        uid=uid,
        patient=patient,
        content=peeked.content,
    )


def _elements(peeked: Peeked, stop: int) -> Iterator[Element]:
    syntax = peeked.syntax
    return walk(
        peeked.file, peeked.start, peeked.size, implicit=syntax.implicit, little=syntax.little, stop=stop
    )


def _value(peeked: Peeked, element: Element) -> bytes:
    if element.length > LIMITS.element_bytes:
        raise IngestError("E_LIMIT_SIZE", "an element of a GE movie is larger than is taken")
    peeked.file.seek(element.start)
    return peeked.file.read(element.length)


def _movie(peeked: Peeked) -> _Movie:
    movie = _Movie()
    for element in _elements(peeked, _EVERYTHING):
        number = element.tag & 0xFFFF
        if element.tag >> 16 != _GROUP:
            continue
        if number == _SIZE and element.length >= 8:  # noqa: PLR2004  # two whole numbers at least
            samples, beams = struct.unpack_from("<2i", _value(peeked, element))
            if not (1 < samples <= _MOST_SAMPLES and 1 < beams <= _MOST_SAMPLES):
                raise IngestError("E_LIMIT_DIM", f"a GE movie has at most {_MOST_SAMPLES} beams and samples")
            movie.sizes.add((samples, beams))
        elif number == _TEXT:
            movie.is_fan |= _value(peeked, element).startswith(_CURVED)
        elif number == _N_FRAMES and element.length == 4:  # noqa: PLR2004  # one UL
            movie.segments.append(_Segment(*struct.unpack("<I", _value(peeked, element))))
        elif movie.segments and number in (_TIMES, _SAMPLES):
            name = "times" if number == _TIMES else "samples"
            setattr(movie.segments[-1], name, (element.start, element.length))
    return movie


def _declared(peeked: Peeked) -> dict[str, Any]:
    found = [
        r
        for r in read_regions(peeked.dataset, LIMITS.side_px, LIMITS.side_px)
        if r["kind"] == "2d" and r["delta_x"] and r["delta_y"]
    ]
    if not found:
        raise IngestError(
            "E_NO_PIXELS", "a GE movie of beams, and no calibrated 2-D region to lay them out in"
        )
    return dict(max(found, key=lambda r: (r["x1"] - r["x0"]) * (r["y1"] - r["y0"])))


def _places(movie: _Movie, frame_bytes: int) -> list[int]:
    for segment in movie.segments:
        if segment.n_frames > LIMITS.frames:
            raise IngestError("E_LIMIT_FRAMES", f"a clip has at most {LIMITS.frames} frames")
        if segment.samples[1] - segment.n_frames * frame_bytes not in (0, 1):
            raise IngestError(
                "E_FRAME_COUNT",
                f"the frames of a GE movie need other than the {segment.samples[1]} bytes there are",
            )
    return list(
        chain.from_iterable(
            range(s.samples[0], s.samples[0] + s.n_frames * frame_bytes, frame_bytes) for s in movie.segments
        )
    )


def _timing(peeked: Peeked, movie: _Movie) -> Timing:
    stamps: list[float] = []
    for segment in movie.segments:
        peeked.file.seek(segment.times[0])
        data = peeked.file.read(min(segment.times[1], 8 * segment.n_frames))
        stamps += struct.unpack(f"<{len(data) // 8}d", data[: len(data) // 8 * 8])
    n_frames = sum(s.n_frames for s in movie.segments)
    if n_frames == 1:
        return Timing((0.0,), "single frame")
    if len(stamps) != n_frames or not all(0 < b - a < np.inf for a, b in pairwise(stamps)):
        return Timing(None, "the GE movie's time stamps do not rise")
    return Timing(tuple(stamp - stamps[0] for stamp in stamps), "GE movie time stamps")


def _maps(region: dict[str, Any], n_samples: int, n_beams: int, *, is_fan: bool) -> Maps:
    """Return for each pixel its place along a beam and among the beams; outside the sector, nowhere."""
    rows, columns = region["y1"] - region["y0"] + 1, region["x1"] - region["x0"] + 1
    y, x = np.mgrid[:rows, :columns].astype(np.float32)
    across = (x - (columns - 1) / 2) * abs(region["delta_x"])
    down = y * abs(region["delta_y"])
    half_width, depth = (columns - 1) / 2 * abs(region["delta_x"]), (rows - 1) * abs(region["delta_y"])
    if is_fan:
        half_angle = np.arcsin(min(1.0, half_width / depth))
        along, aside = np.hypot(across, down) / depth, np.arctan2(across, down) / half_angle
    else:
        along, aside = down / depth, across / half_width
    is_outside = (along > 1) | (np.abs(aside) > 1)
    sample = np.where(is_outside, -2, along * (n_samples - 1)).astype(np.float32)
    beam = np.where(is_outside, -2, (1 - aside) / 2 * (n_beams - 1)).astype(np.float32)
    return sample, beam


READER = PrivateReader("ge", _recognises, _read)
