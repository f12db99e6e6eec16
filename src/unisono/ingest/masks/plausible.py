"""Is what was kept ultrasound at all: neither too little nor too much, and no photograph.

A header that says ultrasound is believed about the picture's colours; a file without one is not.
"""

from collections.abc import Sequence

import numpy as np

from unisono.base.errors import IngestError
from unisono.ingest.readers.colour import hue_scatter, neutral_share
from unisono.ingest.readers.recording import Area, Pixels

LEAST_COVERAGE, MOST_COVERAGE = 0.10, 0.98
LEAST_LIGHT = 32
FEWEST_LEVELS = 8
TINTED, LEAST_GREY, FRAMES_TO_JUDGE = 48, 0.5, 6
MOST_SCATTER = 0.1
EDGE_SHARE, EDGES_NEEDED, EDGE_TO_EDGE_COVERAGE = 0.5, 3, 0.7


def is_picture(brightest: Pixels) -> bool:
    """Return whether a picture has light and shades, which a blank or a printed page has not."""
    counts = np.bincount(brightest.ravel())  # as long as the brightest value and one
    return counts.size > LEAST_LIGHT and int(np.count_nonzero(counts)) >= FEWEST_LEVELS


def fills_frame(keep: Area) -> bool:
    """Return whether an area lies along three edges of the frame and covers most of it."""
    edges = (keep[0], keep[-1], keep[:, 0], keep[:, -1])
    n_touched = sum(float(edge.mean()) >= EDGE_SHARE for edge in edges)
    return n_touched >= EDGES_NEEDED and float(keep.mean()) >= EDGE_TO_EDGE_COVERAGE


def check_coverage(keep: Area, trusted: Area, *, fills: bool) -> None:
    """Refuse an area under 10 % of what may be kept, or over 98 % of the frame.

    Parameters
    ----------
    keep : Area
    trusted : Area
        The declared boxes, or the frame.
    fills : bool
        The picture is known to reach from edge to edge.

    Raises
    ------
    IngestError
        ``E_MASK_IMPLAUSIBLE``.
    """
    share = int(np.count_nonzero(keep)) / max(1, int(np.count_nonzero(trusted)))
    coverage = float(keep.mean())
    if share < LEAST_COVERAGE or coverage > (1.0 if fills else MOST_COVERAGE):
        shown = share if share < LEAST_COVERAGE else coverage
        raise IngestError(
            "E_MASK_IMPLAUSIBLE",
            f"the ultrasound area found is {shown:.0%} of what may be kept; "
            f"legal is {LEAST_COVERAGE:.0%} to {MOST_COVERAGE:.0%}",
        )


def check_grey(frames: Sequence[Pixels]) -> None:
    """Refuse masked frames that are coloured as a photograph or as noise is.

    Raises
    ------
    IngestError
        ``E_NOT_ULTRASOUND``.
    """
    some = [f for f in frames[:: max(1, len(frames) // FRAMES_TO_JUDGE)] if f.ndim == 3]  # noqa: PLR2004  # RGB
    shares = [share for share in map(_neutral, some) if not np.isnan(share)]
    if shares and float(np.median(shares)) < LEAST_GREY:
        raise IngestError("E_NOT_ULTRASOUND", "the picture is mostly coloured, as a photograph is")
    scatters = [scatter for scatter in map(hue_scatter, some) if not np.isnan(scatter)]
    if scatters and float(np.median(scatters)) > MOST_SCATTER:
        raise IngestError("E_NOT_ULTRASOUND", "the colours change from pixel to pixel, as in noise")


def _neutral(frame: Pixels) -> float:
    return neutral_share(frame, TINTED)
