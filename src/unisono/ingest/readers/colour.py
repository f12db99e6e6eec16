"""From stored samples to true colour, with the decision written down.

Converting twice turns tissue green, not converting turns it pink, and a header is often wrong about which
it is. What the codestream says goes before what the header says; where neither decides, the picture does:
ultrasound is mostly grey, so of two readings the one whose lit pixels are neutral is right. When that does
not decide either, the clip is refused rather than guessed.

Source: DICOM PS3.3 C.7.6.3.1.2 (photometric interpretation), PS3.5 8.2 (JPEG), ITU-T T.871 (YCbCr matrix).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from unisono.base.errors import IngestError
from unisono.ingest.readers.codestream import StreamFacts
from unisono.ingest.readers.recording import Pixels
from unisono.ingest.readers.syntaxes import Samples

LIT = 24
NEARLY_GREY = 12
FEWEST_LIT = 200
FEWEST_GREY = 0.25
CLEARLY_GREYER = 0.15
MOSTLY_GREY = 0.75
MUCH_SMOOTHER = 0.67
FRAMES_TO_JUDGE = 4
Reading = Callable[[Pixels], Pixels]
_UNDONE_BY_DECODER = ("YBR_RCT", "YBR_ICT", "XYB")


@dataclass(frozen=True, slots=True)
class Layout:
    """How one frame's samples are stored, as the header says.

    Parameters
    ----------
    photometric : str
    n_samples : int
        1 or 3 a pixel.
    bits_allocated, bits_stored, high_bit : int
    planar : bool
        Colour by plane rather than by pixel.
    palette : uint8 ndarray of shape (n_entries, 3), optional
    """

    photometric: str
    n_samples: int
    bits_allocated: int
    bits_stored: int
    high_bit: int
    planar: bool
    palette: NDArray[np.uint8] | None = None


@dataclass(frozen=True, slots=True)
class Colour:
    """How samples become `Pixels`, and why so."""

    convert: Callable[[Samples], Pixels]
    decision: str


def ycc_to_rgb(samples: Pixels) -> Pixels:
    """Return full-range YCbCr as RGB, shape (rows, columns, 3)."""
    swapped = np.ascontiguousarray(samples[..., [0, 2, 1]])  # OpenCV wants Y, Cr, Cb
    return np.asarray(cv2.cvtColor(swapped, cv2.COLOR_YCrCb2RGB), dtype=np.uint8)


def neutral_share(frame: Pixels, tolerance: int = NEARLY_GREY) -> float:
    """Return the share of lit pixels that are grey within a tolerance; NaN when too few are lit."""
    red, green, blue = cv2.split(frame)
    brightest, darkest = cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue)
    lit = brightest > LIT
    if np.count_nonzero(lit) < FEWEST_LIT:
        return float("nan")
    return float(np.mean(cv2.subtract(brightest, darkest)[lit] <= tolerance))


def hue_scatter(frame: Pixels) -> float:
    """Return how far red and blue part from pixel to pixel, relative to brightness; NaN when too few are lit.

    The median absolute deviation of (R - B) / max(R, G, B). Grey has 0, a tint nearly so, colour noise 0.14
    and more.
    """
    red, green, blue = cv2.split(frame)
    brightest = cv2.max(cv2.max(red, green), blue)
    lit = brightest > LIT
    if np.count_nonzero(lit) < FEWEST_LIT:
        return float("nan")
    tint = (red[lit].astype(np.float32) - blue[lit]) / brightest[lit]
    return float(np.median(np.abs(tint - np.median(tint))))


def choose_reading(frames: Sequence[Pixels], as_rgb: Reading, as_ycc: Reading) -> str:
    """Return ``"rgb"`` or ``"ycc"``, whichever reading is clearly the greyer one.

    Raises
    ------
    IngestError
        ``E_COLOUR_AMBIG`` if neither is.
    """
    rgb = float(np.mean([neutral_share(as_rgb(f)) for f in frames]))
    ycc = float(np.mean([neutral_share(as_ycc(f)) for f in frames]))
    if max(rgb, ycc) >= FEWEST_GREY and abs(rgb - ycc) >= CLEARLY_GREYER:  # NaN is neither
        return "rgb" if rgb > ycc else "ycc"
    raise IngestError("E_COLOUR_AMBIG", "neither header, codestream nor picture says if this is RGB or YCbCr")


def settled_by_stream(photometric: str, syntax: str, facts: StreamFacts | None) -> tuple[str, str]:
    """Return how three samples are to be read after a codec that is no lossy JPEG, and why.

    Parameters
    ----------
    photometric : str
        What the header says.
    syntax : str
        Name of the transfer syntax.
    facts : StreamFacts or None
        What the codestream says.

    Returns
    -------
    reading : str
        ``rgb`` or ``ycc``; ``header`` when the stream is silent; ``open`` when they contradict one another.
    decision : str
    """
    says_ycc = photometric.startswith("YBR_FULL")
    undone = photometric in _UNDONE_BY_DECODER
    if syntax.startswith("JPEG XL"):
        # The decoder gives RGB whatever it was coded in; a recompressed JPEG keeps its header's old name.
        is_open = says_ycc and not syntax.endswith("of JPEG")
        return ("open" if is_open else "rgb"), f"{photometric}, decoder gives RGB"
    if facts is not None and facts.transformed:
        return ("open" if says_ycc else "rgb"), f"{photometric}, the codestream's transform undone"
    if undone:
        return "open", f"{photometric} in the header, no transform in the codestream"
    if facts is not None and facts.mark == "rgb":
        return "rgb", f"{photometric}, the codestream says RGB"
    if facts is not None and facts.mark == "ycc" and not says_ycc:
        return "open", f"{photometric} in the header, YCbCr marks in the codestream"
    return "header", photometric


def weigh_header(photometric: str, as_rgb: Pixels, as_ycc: Pixels, *, says_ycc: bool) -> tuple[str, str]:
    """Return ``rgb`` or ``ycc`` as the header says, unless the picture clearly says the other.

    The header's reading must be hardly grey at all and the other one nearly all grey: a tinted map or a
    colour chart is neither, a wrong label on ultrasound is both.
    """
    named, other = (as_ycc, as_rgb) if says_ycc else (as_rgb, as_ycc)
    is_wrong = neutral_share(named) < FEWEST_GREY and neutral_share(other) > MOSTLY_GREY
    if is_wrong:
        reading = "rgb" if says_ycc else "ycc"
        return reading, f"{photometric} in the header, read as {reading} because only that is grey"
    if says_ycc:
        return "ycc", f"{photometric} to RGB"
    return "rgb", photometric


def settle_planes(frames: Sequence[Pixels]) -> tuple[Reading, str]:
    """Find samples whose planes were mixed up with pixels by an earlier transcoding, and the way back.

    In the wrong layout a row holds scattered thirds of the picture, so neighbours differ at least twice as
    much. Roughness must fall by a third in the other layout, on every frame looked at, and leave a picture
    that is partly grey; on intact files it more than doubles.

    Parameters
    ----------
    frames : sequence of uint8 ndarray of shape (rows, columns, 3)

    Returns
    -------
    reading : callable
        Puts a frame right; the identity in the usual case.
    decision : str
        Empty in the usual case.
    """
    judges = frames[:FRAMES_TO_JUDGE]
    for reading, decision in (
        (_planes_in_pixels, "samples lay plane by plane where the header says otherwise"),
        (_pixels_in_planes, "samples lay pixel by pixel where the header says otherwise"),
    ):
        if all(_is_clearly_better(reading(frame), frame) for frame in judges):
            return reading, decision
    return _same, ""


def plan_colour(layout: Layout) -> Colour:
    """Return the conversion that the header calls for, of samples that no codec has converted.

    Raises
    ------
    IngestError
        ``E_COLOUR_AMBIG`` for a photometric interpretation that is not read.
    """
    kind = layout.photometric
    if layout.n_samples == 1 and kind in ("MONOCHROME1", "MONOCHROME2"):
        inverted = kind == "MONOCHROME1"
        return Colour(lambda s: _grey(s, layout, inverted=inverted), kind)
    if layout.n_samples == 1 and kind == "PALETTE COLOR" and layout.palette is not None:
        table = layout.palette
        return Colour(lambda s: table[np.minimum(_stored(s, layout), len(table) - 1)], kind)
    if layout.n_samples == 3:  # noqa: PLR2004  # RGB
        if kind in ("RGB", *_UNDONE_BY_DECODER):
            return Colour(lambda s: _bytes(s, layout), kind)
        if kind in ("YBR_FULL", "YBR_FULL_422"):
            return Colour(lambda s: ycc_to_rgb(_bytes(s, layout)), f"{kind} to RGB")
    raise IngestError(
        "E_COLOUR_AMBIG",
        f"{layout.n_samples} samples of {layout.bits_allocated} bits a pixel are not read so",
    )


def _is_clearly_better(other: Pixels, stored: Pixels) -> bool:
    smoother = _roughness(other) < MUCH_SMOOTHER * _roughness(stored)
    return smoother and neutral_share(other) >= FEWEST_GREY


def _roughness(frame: Pixels) -> float:
    return float(np.mean(cv2.absdiff(frame[1:], frame[:-1])))


def _same(frame: Pixels) -> Pixels:
    return frame


def _planes_in_pixels(frame: Pixels) -> Pixels:
    rows, columns, _ = frame.shape
    return np.ascontiguousarray(
        frame.reshape(3, rows, columns).transpose(1, 2, 0)
    )  # bytes re-read as (samples, y, x)


def _pixels_in_planes(frame: Pixels) -> Pixels:
    return np.ascontiguousarray(frame.transpose(2, 0, 1)).reshape(frame.shape)


def _bytes(samples: Samples, layout: Layout) -> Pixels:
    if layout.bits_stored == layout.bits_allocated == 8:  # noqa: PLR2004  # nothing to scale
        return np.asarray(samples, dtype=np.uint8)
    return _grey(samples, layout, inverted=False)


def _stored(samples: Samples, layout: Layout) -> Samples:
    # Retired overlays lie in the bits above the high bit: shift and mask them off.
    shifted = samples >> (layout.high_bit + 1 - layout.bits_stored)
    return np.asarray(shifted & ((1 << layout.bits_stored) - 1))


def _grey(samples: Samples, layout: Layout, *, inverted: bool) -> Pixels:
    values = _stored(samples, layout)
    if layout.bits_stored > 8:  # noqa: PLR2004
        values = values >> (layout.bits_stored - 8)
    elif layout.bits_stored < 8:  # noqa: PLR2004
        values = values * (255 // ((1 << layout.bits_stored) - 1))
    grey = values.astype(np.uint8)
    return 255 - grey if inverted else grey
