"""The areas of a clip that may be trusted, each with the shape it follows.

Declared image boxes are cut with the shape of the tissue inside; without any, the evidence stands alone. A
scanner's own outline of its image goes before both. Traces and curves have rules of their own.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from unisono.ingest.masks.fitting import Fitted, fit_shape
from unisono.ingest.masks.sector import Evidence, pieces, with_still_parts
from unisono.ingest.masks.traces import TRACE_KINDS, declared_trace, ecg_curve
from unisono.ingest.readers.recording import Area, Pixels
from unisono.ingest.readers.regions import overwriting

Regions = Sequence[dict[str, Any]]


def image_areas(evidence: Evidence, regions: Regions, overlay: Area | None) -> Iterator[Fitted]:
    """Yield the areas of 2-D images.

    Parameters
    ----------
    evidence : Evidence
    regions : sequence of dict
        In the order of painting.
    overlay : Area or None
        The active image area that the scanner drew.
    """
    places = _places(regions, "2d")
    if overlay is not None:
        inside = boxes_area(regions, places, overlay.shape) & overlay
        yield Fitted(inside, "overlay", {"kind": "overlay"})
    elif places:
        for place in places:
            yield from _in_box(evidence, boxes_area(regions, [place], evidence.area.shape))
    elif not _places(regions, *TRACE_KINDS):
        yield from (fit_shape(piece, evidence) for piece in pieces(evidence))


def trace_areas(evidence: Evidence, regions: Regions) -> Iterator[Fitted]:
    """Yield the declared spectral and M-mode boxes that hold something."""
    for place in _places(regions, *TRACE_KINDS):
        box = boxes_area(regions, [place], evidence.area.shape)
        found = declared_trace(box, regions[place], evidence.brightest)
        if found is not None:
            yield found


def ecg_areas(sample: Sequence[Pixels], regions: Regions) -> Iterator[Fitted]:
    """Yield the thin curves of the declared waveform boxes."""
    for place in _places(regions, "waveform"):
        found = ecg_curve(boxes_area(regions, [place], sample[0].shape[:2]), sample)
        if found is not None:
            yield found


def boxes_area(regions: Regions, places: Sequence[int], shape: tuple[int, ...]) -> Area:
    """Return the union of the boxes at some places, each without what overwrites it; the frame for none."""
    area = np.full(shape, not places)
    for place in places:
        box = np.zeros(shape, bool)
        box[_slices(regions[place])] = True
        for other in overwriting(regions, place):
            box[_slices(other)] = False
        area |= box
    return area


def image_boxes(regions: Regions, shape: tuple[int, ...]) -> Area:
    """Return all that declared boxes allow: images and traces; the frame when there is none."""
    return boxes_area(regions, _places(regions, "2d", *TRACE_KINDS), shape)


def _in_box(evidence: Evidence, inside: Area) -> Iterator[Fitted]:
    cut = evidence.within(inside)
    for piece in pieces(cut):
        whole = with_still_parts(piece, cut) if evidence.source == "motion" else piece
        fitted = fit_shape(whole, cut)
        yield Fitted(fitted.area & inside, fitted.name, fitted.shape)


def _places(regions: Regions, *kinds: str) -> list[int]:
    return [i for i, region in enumerate(regions) if region["kind"] in kinds]


def _slices(region: dict[str, Any]) -> tuple[slice, slice]:
    return slice(region["y0"], region["y1"] + 1), slice(region["x0"], region["x1"] + 1)
