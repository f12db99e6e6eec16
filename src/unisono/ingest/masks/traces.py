"""Areas that hold a curve over time rather than an image: spectral Doppler, M-mode, ECG.

A declared spectral or M-mode box is kept as the rectangle it is: the trace fills it, and scanners print its
axes outside. Its thin curves cannot be told from letters by their strokes, so nothing is taken out of it. A
trace that no header declares is looked for beside the image, and its keeping asks for a person's look. An ECG
is kept as the thin curve alone, since heart rate and names are printed within its box.

Pure. Kinds: DICOM PS3.3 C.8.5.5.1.1.
"""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from unisono.ingest.masks.fitting import Fitted
from unisono.ingest.masks.sector import Evidence, lit_outside, stroke_px
from unisono.ingest.readers.recording import Area, Pixels

TRACE_KINDS = ("m-mode", "spectral")
LEAST_LIT = 0.02
LIT_LEVEL = 24
LEAST_WIDTH, LEAST_HEIGHT = 0.5, 0.08
"""A trace spans this share of the frame's columns and rows."""
LEAST_OVERLAP = 0.5
SPAN_SHARE = 0.15
"""A piece of curve is at least so wide, over its box; letters are narrower."""
CURVE_LEVEL = 60
CURVE_SHARE = 0.25
"""A curve lights at most this share of its box in any one frame; a picture more."""


def declared_trace(box: Area, region: dict[str, Any], brightest: Pixels) -> Fitted | None:
    """Return a declared box as a rectangle, or None when it is dark.

    Parameters
    ----------
    box : Area
        The pixels of the box that nothing overwrites.
    region : dict
        Its kind and bounds.
    brightest : uint8 ndarray of shape (rows, columns)
    """
    if float(np.mean(brightest[box] >= LIT_LEVEL)) < LEAST_LIT:
        return None
    bounds = [float(region[side]) for side in ("x0", "y0", "x1", "y1")]
    return Fitted(box, "rectangle", {"kind": "rectangle", "of": region["kind"], "bounds_px": bounds})


def found_trace(keep: Area, evidence: Evidence, *, lossless: bool) -> Fitted | None:
    """Return the rectangle of a trace beside the image by its own evidence: wide, lit and uneven.

    Parameters
    ----------
    keep : Area
        The image.
    evidence : Evidence
    lossless : bool
    """
    pieces = sorted(lit_outside(keep, evidence, lossless=lossless), key=lambda a: -int(np.count_nonzero(a)))
    if not pieces:
        return None
    level = [piece for piece in pieces if _shares_rows(pieces[0], piece)]
    trace = np.logical_or.reduce(level)
    rows, columns = trace.shape
    ys, xs = np.flatnonzero(trace.any(axis=1)), np.flatnonzero(trace.any(axis=0))
    if xs.size < LEAST_WIDTH * columns or ys.size < LEAST_HEIGHT * rows:
        return None
    x0, x1, y0, y1 = int(xs[0]), int(xs[-1]), int(ys[0]), int(ys[-1])
    reach = stroke_px(rows, columns)
    y0, y1 = max(0, y0 - reach), min(rows - 1, y1 + reach)
    area = np.zeros_like(keep)
    area[y0 : y1 + 1, x0 : x1 + 1] = True
    bounds = [float(side) for side in (x0, y0, x1, y1)]
    return Fitted(area & ~keep, "rectangle", {"kind": "rectangle", "of": "trace", "bounds_px": bounds})


def ecg_curve(box: Area, sample: Sequence[Pixels]) -> Fitted | None:
    """Return the thin curve in a waveform's box, over all frames; None when there is none.

    A part of the curve is wide; letters are not, whatever their colour.

    Parameters
    ----------
    box : Area
    sample : sequence of Pixels
    """
    curve = np.zeros_like(box)
    ys, xs = np.flatnonzero(box.any(axis=1)), np.flatnonzero(box.any(axis=0))
    if not xs.size:
        return None
    window = slice(int(ys[0]), int(ys[-1]) + 1), slice(int(xs[0]), int(xs[-1]) + 1)
    least_px = max(2.0, SPAN_SHARE * xs.size)
    for frame in sample:
        part = frame[window]
        lit = (part.max(axis=-1) if part.ndim == 3 else part) >= CURVE_LEVEL  # noqa: PLR2004  # RGB
        if 0 < np.mean(lit) <= CURVE_SHARE:
            curve[window] |= _wide_parts(lit, least_px)
    curve &= box
    if not curve.any():
        return None
    wide = cv2.dilate(curve.view(np.uint8), np.ones((3, 3), np.uint8)).astype(bool) & box
    return Fitted(wide, "curve", {"kind": "curve", "of": "waveform", "px": int(np.count_nonzero(wide))})


def _wide_parts(lit: Area, least_px: float) -> Area:
    joined = cv2.dilate(lit.view(np.uint8), np.ones((3, 3), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    is_wide = stats[:, cv2.CC_STAT_WIDTH] >= least_px
    is_wide[0] = False
    return np.asarray(is_wide[labels] & lit)


def _shares_rows(one: Area, other: Area) -> bool:
    first, second = np.flatnonzero(one.any(axis=1)), np.flatnonzero(other.any(axis=1))
    common = min(first[-1], second[-1]) - max(first[0], second[0]) + 1
    return bool(common >= LEAST_OVERLAP * min(first.size, second.size))
