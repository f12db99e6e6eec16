"""Which pixels of a clip may be kept: one mask for all its frames, or a refusal.

Black is the default and everything kept needs a reason: the declared ultrasound boxes, when they fit the
frame, cut with the shape fitted to the tissue inside each. A frame that is tissue from edge to edge, with
nothing lit outside, is kept whole. Boxes alone are not enough (scanners print names inside them), and an area
that is implausibly small or large is no evidence. Words typed on the tissue itself are not found here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from unisono.base.errors import IngestError
from unisono.ingest.fitting import Fitted, fit_shape
from unisono.ingest.plausible import check_coverage, check_grey, fills_frame, is_picture
from unisono.ingest.recording import Pixels
from unisono.ingest.regions import IMAGE_KINDS, overwriting
from unisono.ingest.sector import Area, Evidence, find_evidence, lit_outside_share, pieces, with_still_parts

VERSION = 2
STRAY_LEVEL, STRAY_PX = 40, 4
LOST_SHARE = 0.15


@dataclass(frozen=True, slots=True)
class MaskPlan:
    """The pixels to keep, and why those.

    Parameters
    ----------
    keep : Area
        True where pixels are kept.
    record : dict
        JSON: ``source``, ``shape`` (one entry a piece, in px and degrees), ``evidence``, ``coverage`` (share
        of the frame), ``boxes``, ``pieces``, ``version``, ``lit_outside_share`` and, when something needs a
        look, ``warning``.
    """

    keep: Area
    record: dict[str, Any]

    def apply(self, frame: Pixels) -> Pixels:
        """Return a frame with everything else black; kept pixels are not changed."""
        return np.asarray(cv2.bitwise_and(frame, frame, mask=self.keep.view(np.uint8)), dtype=np.uint8)


def plan_mask(
    sample: Sequence[Pixels],
    regions: Sequence[dict[str, Any]],
    *,
    lossless: bool,
    is_declared: bool = False,
) -> MaskPlan:
    """Return the mask of a clip.

    Parameters
    ----------
    sample : sequence of Pixels
        Frames spread over the clip.
    regions : sequence of dict
        Declared areas that fit the frame.
    lossless : bool
        False when a lossy codec left noise.
    is_declared : bool, default=False
        A header says that this is ultrasound. Without one a picture that is mostly coloured is taken for a
        photograph.

    Raises
    ------
    IngestError
        ``E_NO_MASK`` when nothing speaks for ultrasound, ``E_NOT_ULTRASOUND`` for a photograph,
        ``E_MASK_IMPLAUSIBLE`` when the area is under 10 % or over 98 % without reason.
    """
    evidence = find_evidence(sample, lossless=lossless)
    places = [i for i, r in enumerate(regions) if r["kind"] in IMAGE_KINDS]
    found = list(_areas(evidence, regions, places))
    if not found or not is_picture(evidence.brightest):
        raise IngestError("E_NO_MASK", "no area that moves or is textured like ultrasound was found")
    keep = np.logical_or.reduce([part.area for part in found])
    trusted = _boxes_area(regions, places, keep.shape)
    source = " and ".join(sorted({part.name for part in found}))
    fills = not places and fills_frame(keep)
    if fills and np.count_nonzero(evidence.brightest[~keep] >= STRAY_LEVEL) <= STRAY_PX:
        keep, source = np.ones_like(keep), "edge to edge"
    check_coverage(keep, trusted, fills=fills)
    record: dict[str, Any] = {
        "source": source,
        "evidence": evidence.source,
        "shape": [part.shape for part in found],
        "coverage": round(float(keep.mean()), 4),
        "boxes": len(places),
        "pieces": len(found),
        "version": VERSION,
    }
    plan = MaskPlan(keep, record | _losses(lit_outside_share(keep, evidence, lossless=lossless)))
    if not is_declared:
        check_grey([plan.apply(frame) for frame in sample])
    return plan


def _losses(share: float) -> dict[str, Any]:
    losses: dict[str, Any] = {"lit_outside_share": round(share, 4)}
    if share > LOST_SHARE:
        losses["warning"] = (
            f"lit, textured area of {share:.0%} of what is kept was made black; "
            "look whether a trace or a part of the image is missing"
        )
    return losses


def _areas(evidence: Evidence, regions: Sequence[dict[str, Any]], places: Sequence[int]) -> Iterator[Fitted]:
    if not places:
        yield from (fit_shape(piece, evidence) for piece in pieces(evidence))
        return
    for place in places:
        inside = _boxes_area(regions, [place], evidence.area.shape)
        cut = evidence.within(inside)
        for piece in pieces(cut):
            whole = with_still_parts(piece, cut) if evidence.source == "motion" else piece
            fitted = fit_shape(whole, cut)
            yield Fitted(fitted.area & inside, fitted.name, fitted.shape)


def _boxes_area(regions: Sequence[dict[str, Any]], places: Sequence[int], shape: tuple[int, ...]) -> Area:
    """Return the union of the boxes at some places, each without what overwrites it; the frame for none."""
    area = np.full(shape, not places)
    for place in places:
        box = np.zeros(shape, bool)
        box[_slices(regions[place])] = True
        for other in overwriting(regions, place):
            box[_slices(other)] = False
        area |= box
    return area


def _slices(region: dict[str, Any]) -> tuple[slice, slice]:
    return slice(region["y0"], region["y1"] + 1), slice(region["x0"], region["x1"] + 1)
