"""A known picture in every photometric interpretation, coded in every transfer syntax that is read."""

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import av
import cv2
import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom.encaps import encapsulate
from pydicom.uid import UID

from tests.ingest import makers

ROWS, COLUMNS, N_FRAMES = 64, 96, 3
Samples = NDArray[Any]
BASE = "1.2.840.10008.1.2"
_STAND_IN = f"{BASE}.4.201"


@dataclass(frozen=True)
class Case:
    """One photometric interpretation, and how the picture is laid out under it."""

    name: str
    photometric: str
    n_samples: int = 3
    bits: int = 8
    planar: bool = False
    header: dict[str, Any] = field(default_factory=dict)


def _palette(bits: int, *, segmented: bool = False) -> dict[str, Any]:
    n_entries = 256
    found: dict[str, Any] = {}
    for colour, table in zip(("Red", "Green", "Blue"), palette_colours().T, strict=True):
        words = (table.astype("<u2") * 257).tobytes()
        found[f"{colour}PaletteColorLookupTableDescriptor"] = [n_entries, 0, 16]
        if segmented:
            # One discrete segment of all entries: opcode 0, its length, the entries.
            words = struct.pack("<HH", 0, n_entries) + words
        found[f"{'Segmented' if segmented else ''}{colour}PaletteColorLookupTableData"] = words
    return found


def palette_colours() -> NDArray[np.uint8]:
    """Return 256 colours, mostly grey, as (n, 3)."""
    grey = np.arange(256)
    table = np.stack([grey, grey, grey], axis=1)
    table[200:] = np.stack([grey[200:], 255 - grey[200:], np.full(56, 30)], axis=1)
    return table.astype(np.uint8)


CASES = (
    Case("MONOCHROME2", "MONOCHROME2", 1),
    Case("MONOCHROME1", "MONOCHROME1", 1),
    Case("MONOCHROME2 12 bits", "MONOCHROME2", 1, 12),
    Case("RGB", "RGB"),
    Case("RGB planar", "RGB", planar=True),
    Case("RGB 16 bits", "RGB", bits=16),
    Case("YBR_FULL", "YBR_FULL"),
    Case("YBR_FULL planar", "YBR_FULL", planar=True),
    Case("YBR_FULL_422", "YBR_FULL_422"),
    Case("YBR_RCT", "YBR_RCT"),
    Case("YBR_ICT", "YBR_ICT"),
    Case("YBR_PARTIAL_420", "YBR_PARTIAL_420"),
    Case("PALETTE 8", "PALETTE COLOR", 1, header=_palette(8)),
    Case("PALETTE 16", "PALETTE COLOR", 1, 16, header=_palette(16)),
    Case("PALETTE segmented", "PALETTE COLOR", 1, header=_palette(8, segmented=True)),
)


def grey_picture() -> NDArray[np.uint8]:
    """Return smooth grey frames, shape (n_frames, rows, columns), that differ from one another."""
    y, x = np.mgrid[:ROWS, :COLUMNS]
    frames = [70 + 50 * np.sin((x + 5 * i) / 19) + 45 * np.cos((y - 3 * i) / 17) for i in range(N_FRAMES)]
    return np.clip(frames, 0, 199).astype(np.uint8)


def colour_picture() -> NDArray[np.uint8]:
    """Return the grey frames as RGB with a smooth red and a smooth blue spot."""
    frames = np.repeat(grey_picture()[..., None], 3, axis=-1).astype(float)
    y, x = np.mgrid[:ROWS, :COLUMNS]
    for (at_y, at_x), tint in (((20, 30), (90, -40, -40)), ((44, 66), (-30, -20, 90))):
        spot = np.exp(-((y - at_y) ** 2 + (x - at_x) ** 2) / 60)
        frames += spot[None, ..., None] * np.array(tint)
    return np.clip(np.rint(frames), 0, 255).astype(np.uint8)


def truth(case: Case) -> NDArray[np.uint8]:
    """Return the frames that must come out."""
    if case.photometric == "PALETTE COLOR":
        return np.asarray(palette_colours()[grey_picture()])
    return grey_picture() if case.n_samples == 1 else colour_picture()


def stored(case: Case) -> Samples:
    """Return the samples as the photometric interpretation has them, by pixel."""
    if case.n_samples == 1:
        frames: Samples = grey_picture()
        if case.photometric == "MONOCHROME1":
            frames = 255 - frames
        if case.bits == 12:
            return frames.astype(np.uint16) << 4
        return frames.astype(np.uint16) if case.bits == 16 else frames
    if case.photometric in ("YBR_FULL", "YBR_FULL_422"):
        return np.stack([to_ycc(frame) for frame in colour_picture()])
    return colour_picture().astype(np.uint16) << 8 if case.bits == 16 else colour_picture()


def to_ycc(frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return RGB as full-range YCbCr (ITU-T T.871)."""
    r, g, b = (frame[..., i].astype(float) for i in range(3))
    y = 0.299 * r + 0.587 * g + 0.114 * b
    ycc = np.stack([y, 128 + (b - y) / 1.772, 128 + (r - y) / 1.402], axis=-1)
    return np.clip(np.rint(ycc), 0, 255).astype(np.uint8)


def coded(syntax: str, case: Case) -> bytes:
    """Return the value of Pixel Data.

    Raises
    ------
    ValueError
        If this codec cannot hold such samples at all.
    """
    frames = stored(case)
    if syntax in NATIVE:
        return _native(frames, case, big=syntax == f"{BASE}.2")
    if syntax in MOVIES:
        stream = elementary_stream(colour_picture(), MOVIES[syntax])
        n_fragments = 3 if syntax.endswith(".1") else 1
        return encapsulate([stream], fragments_per_frame=n_fragments, has_bot=False)
    encode = STREAMS[syntax]
    return encapsulate([encode(frame, case) for frame in frames])


def dicom(syntax: str, case: Case, **values: Any) -> bytes:
    """Return the file; ``values`` set further elements."""
    is_big = syntax == f"{BASE}.2"
    header = {
        "PixelData": coded(syntax, case),
        "PhotometricInterpretation": case.photometric,
        "BitsStored": case.bits,
        "HighBit": case.bits - 1,
        "SequenceOfUltrasoundRegions": makers.regions(makers.region(0, 0, COLUMNS - 1, ROWS - 1)),
        **{k: _swapped(v) if is_big and isinstance(v, bytes) else v for k, v in case.header.items()},
        **values,
    }
    if case.planar:
        header["PlanarConfiguration"] = 1
    written_as = syntax if syntax in NATIVE else makers.EXPLICIT
    data = makers.dataset(stored(case), written_as, **header)
    # pydicom does not know JPEG XL: its UID is put in afterwards, for one of the same length.
    known = _STAND_IN if ".4.11" in syntax else syntax
    data.file_meta.TransferSyntaxUID = UID(known)
    data["PixelData"].is_undefined_length = syntax not in NATIVE
    out = io.BytesIO()
    data.save_as(out)
    return out.getvalue().replace(known.encode(), syntax.encode(), 1)


def _swapped(words: bytes) -> bytes:
    return np.frombuffer(words, "<u2").astype(">u2").tobytes()


def _native(frames: Samples, case: Case, *, big: bool) -> bytes:
    if case.photometric == "YBR_FULL_422":
        quads = np.empty((N_FRAMES, ROWS, COLUMNS // 2, 4), np.uint8)
        quads[..., :2] = frames[..., 0].reshape(N_FRAMES, ROWS, COLUMNS // 2, 2)
        quads[..., 2:] = frames[:, :, ::2, 1:]
        return quads.tobytes()
    if case.planar:
        frames = frames.transpose(0, 3, 1, 2)  # (frame, samples, y, x)
    if big and frames.dtype == np.uint16:
        frames = frames.astype(">u2")
    return np.ascontiguousarray(frames).tobytes()


def _rle(frame: Samples, _case: Case) -> bytes:
    # Segments lie plane by plane, the high byte of each sample first (PS3.5 G.2).
    planes = frame[..., None] if frame.ndim == 2 else frame
    return rle_segments([b for i in range(planes.shape[2]) for b in _bytes_of(planes[..., i])])


def _bytes_of(plane: Samples) -> list[NDArray[np.uint8]]:
    if plane.dtype == np.uint8:
        return [plane]
    return [(plane >> 8).astype(np.uint8), (plane & 0xFF).astype(np.uint8)]


def rle_segments(segments: list[NDArray[np.uint8]]) -> bytes:
    """Return an RLE frame of literal runs, row by row."""
    coded_segments = []
    for segment in segments:
        runs = b"".join(
            bytes([len(part) - 1]) + part
            for row in segment
            for part in (row.tobytes()[i : i + 128] for i in range(0, COLUMNS, 128))
        )
        coded_segments.append(runs + b"\0" * (len(runs) % 2))
    offsets = np.cumsum([64, *(len(c) for c in coded_segments[:-1])])
    head = struct.pack("<16I", len(segments), *offsets, *[0] * (15 - len(segments)))
    return head + b"".join(coded_segments)


def _lossy_jpeg(frame: Samples, case: Case, *, twelve: bool = False) -> bytes:
    if case.n_samples == 1:
        if case.bits == 12 and twelve:
            return bytes(imagecodecs.jpeg8_encode(frame, 100, bitspersample=12))
        return bytes(imagecodecs.jpeg8_encode((frame >> max(case.bits - 8, 0)).astype(np.uint8), 100))
    if case.bits != 8:
        frame = (frame >> 8).astype(np.uint8)
    if case.photometric == "RGB":
        return bytes(imagecodecs.jpeg8_encode(frame, 100, colorspace="rgb", outcolorspace="rgb"))
    rgb = frame if not case.photometric.startswith("YBR_FULL") else colour_of(frame)
    subsampling = {"YBR_FULL_422": "422", "YBR_PARTIAL_420": "420"}.get(case.photometric, "444")
    return bytes(
        imagecodecs.jpeg8_encode(rgb, 100, colorspace="rgb", outcolorspace="ycbcr", subsampling=subsampling)
    )


def colour_of(ycc: Samples) -> NDArray[np.uint8]:
    """Return YCbCr as RGB."""
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(ycc[..., [0, 2, 1]]), cv2.COLOR_YCrCb2RGB), np.uint8)


def _lossless_jpeg(frame: Samples, case: Case, *, predictor: int) -> bytes:
    if case.n_samples == 3 and case.bits == 8:
        return bytes(
            imagecodecs.jpeg8_encode(
                frame, lossless=True, predictor=predictor, colorspace="rgb", outcolorspace="rgb"
            )
            if case.photometric == "RGB"
            else _relabelled(frame, predictor)
        )
    return bytes(imagecodecs.jpeg8_encode(frame, lossless=True, predictor=predictor, bitspersample=case.bits))


def _relabelled(frame: Samples, predictor: int) -> bytes:
    # Samples that are not RGB bear no Adobe marker that says so.
    stream = bytes(
        imagecodecs.jpeg8_encode(
            frame, lossless=True, predictor=predictor, colorspace="rgb", outcolorspace="rgb"
        )
    )
    at = stream.index(b"\xff\xee")
    length = int.from_bytes(stream[at + 2 : at + 4], "big") + 2
    plain = bytearray(stream[:at] + stream[at + length :])
    head = plain.index(b"\xff\xc3")
    scan = plain.index(b"\xff\xda")
    for i in range(3):
        plain[head + 10 + 3 * i] = plain[scan + 5 + 2 * i] = i + 1
    return bytes(plain)


def _jpeg2000(frame: Samples, case: Case, *, reversible: bool) -> bytes:
    transform = case.photometric in ("YBR_RCT", "YBR_ICT")
    return bytes(
        imagecodecs.jpeg2k_encode(
            frame,
            level=0 if reversible else 60,
            reversible=reversible,
            codecformat="j2k",
            mct=transform,
            resolutions=3,
            bitspersample=case.bits,
        )
    )


def _htj2k(frame: Samples, case: Case, *, reversible: bool) -> bytes:
    transform = case.photometric in ("YBR_RCT", "YBR_ICT")
    level = {} if reversible else {"level": 0.0005}
    return bytes(
        imagecodecs.htj2k_encode(frame, reversible=reversible, rgb=transform, resolutions=3, **level)
    )


def _jpegxl(frame: Samples, case: Case, *, distance: float) -> bytes:
    if case.bits == 12:
        return bytes(imagecodecs.jpegxl_encode(frame, lossless=distance == 0, bitspersample=12))
    if distance == 0:
        return bytes(imagecodecs.jpegxl_encode(frame, lossless=True))
    # The lossy codec has a colour transform of its own: it is given RGB, whatever the header will say.
    rgb = colour_of(frame) if case.photometric.startswith("YBR_FULL") else frame
    return bytes(imagecodecs.jpegxl_encode(rgb, distance=distance))


def _jpegxl_of_jpeg(frame: Samples, case: Case) -> bytes:
    return bytes(imagecodecs.jpegxl_encode_jpeg(_lossy_jpeg(frame, case)))


def elementary_stream(frames: NDArray[np.uint8], codec: str) -> bytes:
    """Return RGB frames as a bare MPEG-2, H.264 or HEVC stream."""
    container_format = {"mpeg2video": "mpeg2video", "libx264": "h264", "libx265": "hevc"}[codec]
    options = {
        "mpeg2video": {"qmin": "1", "qmax": "1"},
        "libx264": {"qp": "1"},
        "libx265": {"x265-params": "qp=1:log-level=none"},
    }[codec]
    out = io.BytesIO()
    with av.open(out, "w", format=container_format) as container:
        stream = container.add_stream(codec, rate=25, options=options)
        stream.height, stream.width, stream.pix_fmt = frames.shape[1], frames.shape[2], "yuv420p"
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode())
    return out.getvalue()


NATIVE = (BASE, f"{BASE}.1", f"{BASE}.1.99", f"{BASE}.2")
MOVIES = {
    **{f"{BASE}.4.{n}{end}": "mpeg2video" for n in (100, 101) for end in ("", ".1")},
    **{f"{BASE}.4.{n}{end}": "libx264" for n in range(102, 107) for end in ("", ".1")},
    **{f"{BASE}.4.{n}": "libx265" for n in (107, 108)},
}
STREAMS: dict[str, Callable[[Samples, Case], bytes]] = {
    f"{BASE}.5": _rle,
    f"{BASE}.4.50": _lossy_jpeg,
    f"{BASE}.4.51": lambda f, c: _lossy_jpeg(f, c, twelve=True),
    f"{BASE}.4.57": lambda f, c: _lossless_jpeg(f, c, predictor=4),
    f"{BASE}.4.70": lambda f, c: _lossless_jpeg(f, c, predictor=1),
    f"{BASE}.4.80": lambda f, _: bytes(imagecodecs.jpegls_encode(f)),
    f"{BASE}.4.81": lambda f, _: bytes(imagecodecs.jpegls_encode(f, level=1)),
    f"{BASE}.4.90": lambda f, c: _jpeg2000(f, c, reversible=True),
    f"{BASE}.4.91": lambda f, c: _jpeg2000(f, c, reversible=False),
    f"{BASE}.4.201": lambda f, c: _htj2k(f, c, reversible=True),
    f"{BASE}.4.202": lambda f, c: _htj2k(f, c, reversible=True),
    f"{BASE}.4.203": lambda f, c: _htj2k(f, c, reversible=False),
    f"{BASE}.4.110": lambda f, c: _jpegxl(f, c, distance=0),
    f"{BASE}.4.111": _jpegxl_of_jpeg,
    f"{BASE}.4.112": lambda f, c: _jpegxl(f, c, distance=0.01),
}
