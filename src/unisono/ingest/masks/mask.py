"""Which pixels of a clip may be kept: one mask for all its frames, or a refusal.

Black is the default and everything kept needs a reason: the declared ultrasound boxes, when they fit the
frame, cut with the shape fitted to the tissue inside each. A frame that is tissue from edge to edge, with
nothing lit outside, is kept whole. Boxes alone are not enough (scanners print names inside them), and an area
that is implausibly small or large is no evidence. Words typed on the tissue itself are not found here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from unisono.base.errors import IngestError
from unisono.ingest.masks.fitting import Fitted
from unisono.ingest.masks.plausible import check_coverage, check_grey, fills_frame, is_picture
from unisono.ingest.masks.sector import Evidence, find_evidence, lit_outside_share
from unisono.ingest.masks.template import template_for
from unisono.ingest.masks.traces import TRACE_KINDS, found_trace
from unisono.ingest.masks.trusted import Regions, ecg_areas, image_areas, image_boxes, trace_areas
from unisono.ingest.readers.recording import Area, Pixels

VERSION = 2
STRAY_LEVEL, STRAY_PX = 40, 4
LOST_SHARE = 0.15
_SHAPE_NAMES = ("fan", "rectangle", "trapezium", "hull", "curve")


@dataclass(frozen=True, slots=True)
class MaskPlan:
    """The pixels to keep, and why those.

    Parameters
    ----------
    keep : Area
        True where pixels are kept.
    record : dict
        JSON: ``source``, ``shape`` (one entry a piece, in px and degrees), ``kinds`` (what was kept: ``2d``,
        ``m-mode``, ``spectral``, ``trace``, ``waveform``), ``evidence``, ``coverage`` (share of the frame),
        ``boxes``, ``pieces``, ``version``, ``lit_outside_share`` and, when something needs a look,
        ``warning``.
    """

    keep: Area
    record: dict[str, Any]

    def stencil(self, ndim: int) -> Pixels:
        """Return 255 where pixels are kept and 0 elsewhere, for frames of 2 dimensions, or of 3 with RGB."""
        stencil = np.where(self.keep, np.uint8(255), np.uint8(0))
        is_grey = ndim == self.keep.ndim
        return stencil if is_grey else np.asarray(cv2.merge([stencil] * 3), np.uint8)

    def apply(self, frame: Pixels) -> Pixels:
        """Return a frame with everything else black; kept pixels are not changed."""
        return blackened(frame, self.stencil(frame.ndim))


def blackened(frame: Pixels, stencil: Pixels) -> Pixels:
    """Return a frame that is black wherever a `MaskPlan.stencil` of its shape is 0.

    Four times as fast as a masked copy; a stencil serves all frames of a clip.
    """
    return np.asarray(cv2.bitwise_and(frame, stencil), dtype=np.uint8)


def plan_mask(
    sample: Sequence[Pixels],
    regions: Regions,
    *,
    lossless: bool,
    is_declared: bool = False,
    overlay: Area | None = None,
    header: dict[str, Any] | None = None,
    keep_ecg: bool | None = None,
) -> MaskPlan:
    """Return the mask of a clip.

    Parameters
    ----------
    sample : sequence of Pixels
        Frames spread over the clip.
    regions : sequence of dict
        Declared areas that fit the frame, in the order of painting.
    lossless : bool
        False when a lossy codec left noise.
    is_declared : bool, default=False
        A header says that this is ultrasound. Without one a picture that is mostly coloured is taken for a
        photograph.
    overlay : Area, optional
        The active image area that the scanner drew.
    header : dict, optional
        ``manufacturer`` and ``model``, to find a screen's template by when nothing else gives a sector.
    keep_ecg : bool, optional
        Keep the curves in waveform boxes; by default only beside a spectral or M-mode trace.

    Raises
    ------
    IngestError
        ``E_NO_MASK`` when nothing speaks for ultrasound, ``E_NOT_ULTRASOUND`` for a photograph,
        ``E_MASK_IMPLAUSIBLE`` when the area is under 10 % or over 98 % without reason.
    """
    evidence = find_evidence(sample, lossless=lossless)
    try:
        plan = _by_evidence(evidence, sample, regions, overlay=overlay, lossless=lossless, keep_ecg=keep_ecg)
    except IngestError:
        known = template_for(header or {}, *evidence.area.shape)
        if known is None:
            raise
        area = known.fill() & image_boxes(regions, evidence.area.shape)
        plan = _planned([Fitted(area, "template", known.describe())], evidence, regions, lossless=lossless)
    if not is_declared:
        check_grey([plan.apply(frame) for frame in sample])
    return plan


def _by_evidence(
    evidence: Evidence,
    sample: Sequence[Pixels],
    regions: Regions,
    *,
    overlay: Area | None,
    lossless: bool,
    keep_ecg: bool | None,
) -> MaskPlan:
    found = [*image_areas(evidence, regions, overlay), *trace_areas(evidence, regions)]
    if not found or not is_picture(evidence.brightest):
        raise IngestError("E_NO_MASK", "no area that moves or is textured like ultrasound was found")
    if not regions and overlay is None:
        beside = found_trace(_union(found), evidence, lossless=lossless)
        found += [] if beside is None else [beside]
    if keep_ecg or (keep_ecg is None and any(part.shape.get("of") in TRACE_KINDS for part in found)):
        found += ecg_areas(sample, regions)
    return _planned(found, evidence, regions, lossless=lossless)


def _planned(parts: Sequence[Fitted], evidence: Evidence, regions: Regions, *, lossless: bool) -> MaskPlan:
    keep = _union(parts)
    trusted = image_boxes(regions, keep.shape)
    source = " and ".join(dict.fromkeys(part.name for part in parts))
    is_alone = bool(trusted.all()) and all(part.name in _SHAPE_NAMES for part in parts)
    fills = is_alone and fills_frame(keep)
    if fills and np.count_nonzero(evidence.brightest[~keep] >= STRAY_LEVEL) <= STRAY_PX:
        keep, source = np.ones_like(keep), "edge to edge"
    check_coverage(keep, trusted, fills=fills)
    kinds = [str(part.shape.get("of", "2d")) for part in parts]
    record: dict[str, Any] = {
        "source": source,
        "evidence": evidence.source,
        "shape": [part.shape for part in parts],
        "kinds": list(dict.fromkeys(kinds)),
        "coverage": round(float(keep.mean()), 4),
        "boxes": sum(region["kind"] in ("2d", *TRACE_KINDS) for region in regions),
        "pieces": len(parts),
        "version": VERSION,
    }
    lost = lit_outside_share(keep, evidence, lossless=lossless)
    return MaskPlan(keep, record | _needs_a_look(lost, kinds, source))


def _needs_a_look(lost: float, kinds: Sequence[str], source: str) -> dict[str, Any]:
    reasons = []
    if "trace" in kinds:
        reasons.append("a trace that no header declares was found beside the image and kept")
    if source == "template":
        reasons.append("no sector was found, so the template of this screen was taken")
    if lost > LOST_SHARE:
        reasons.append(
            f"lit, textured area of {lost:.0%} of what is kept was made black; "
            "look whether a trace or a part of the image is missing"
        )
    seen: dict[str, Any] = {"lit_outside_share": round(lost, 4)}
    return seen | ({"warning": "; ".join(reasons)} if reasons else {})


def _union(parts: Sequence[Fitted]) -> Area:
    return np.asarray(np.logical_or.reduce([part.area for part in parts]))
