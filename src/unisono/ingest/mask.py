"""Which pixels of a clip may be kept: one mask for all its frames, or a refusal.

Black is the default and everything kept needs a reason: the declared ultrasound boxes, when they fit the
frame, cut with the area where tissue was found inside each. A frame that is tissue from edge to edge, with
nothing lit outside, is kept whole. Boxes alone are not enough (scanners print names inside them), and an area
that is implausibly small or large is no evidence. Words typed on the tissue itself are not found here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from unisono.base.errors import IngestError
from unisono.ingest.colour import hue_scatter, neutral_share
from unisono.ingest.recording import Pixels
from unisono.ingest.regions import IMAGE_KINDS
from unisono.ingest.sector import Area, Evidence, find_evidence, lit_outside_share, pieces, with_still_parts

VERSION = 1
LEAST_COVERAGE, MOST_COVERAGE = 0.10, 0.98
LEAST_LIGHT = 32
FEWEST_LEVELS = 8
EDGE_SHARE = 0.5
EDGES_NEEDED = 3
EDGE_TO_EDGE_COVERAGE = 0.7
STRAY_LEVEL, STRAY_PX = 40, 4
LOST_SHARE = 0.15
TINTED, LEAST_GREY, FRAMES_TO_JUDGE = 48, 0.5, 6
MOST_SCATTER = 0.1


@dataclass(frozen=True, slots=True)
class MaskPlan:
    """The pixels to keep, and why those.

    Parameters
    ----------
    keep : Area
        True where pixels are kept.
    record : dict
        ``source``, ``coverage`` (share of the frame), ``boxes``, ``pieces``, ``version``,
        ``lit_outside_share`` and, when that is large, ``warning``.
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
        ``E_MASK_IMPLAUSIBLE`` when the area is under 10 % or over 98 % of the frame without reason.
    """
    evidence = find_evidence(sample, lossless=lossless)
    boxes = [r for r in regions if r["kind"] in IMAGE_KINDS]
    found = list(_areas(evidence, boxes))
    if not found or not _is_picture(evidence.brightest):
        raise IngestError("E_NO_MASK", "no area that moves or is textured like ultrasound was found")
    keep = np.logical_or.reduce(found)
    source = f"{'boxes and ' if boxes else ''}{evidence.source}"
    fills = not boxes and _fills_frame(keep)
    if fills and np.count_nonzero(evidence.brightest[~keep] >= STRAY_LEVEL) <= STRAY_PX:
        keep, source = np.ones_like(keep), f"{evidence.source} from edge to edge, nothing lit outside"
    coverage = float(keep.mean())
    if not LEAST_COVERAGE <= coverage <= (1.0 if fills else MOST_COVERAGE):
        raise _implausible(coverage)
    record: dict[str, Any] = {
        "source": source,
        "coverage": round(coverage, 4),
        "boxes": len(boxes),
        "pieces": len(found),
        "version": VERSION,
    }
    plan = MaskPlan(keep, record | _losses(lit_outside_share(keep, evidence, lossless=lossless)))
    if not is_declared:
        _check_grey([plan.apply(frame) for frame in sample[:: max(1, len(sample) // FRAMES_TO_JUDGE)]])
    return plan


def _losses(share: float) -> dict[str, Any]:
    losses: dict[str, Any] = {"lit_outside_share": round(share, 4)}
    if share > LOST_SHARE:
        losses["warning"] = (
            f"lit, textured area of {share:.0%} of what is kept was made black; "
            "look whether a trace or a part of the image is missing"
        )
    return losses


def _areas(evidence: Evidence, boxes: Sequence[dict[str, Any]]) -> Iterator[Area]:
    if not boxes:
        yield from pieces(evidence)
        return
    for box in boxes:
        inside = np.zeros_like(evidence.area)
        inside[box["y0"] : box["y1"] + 1, box["x0"] : box["x1"] + 1] = True
        cut = Evidence(
            evidence.area & inside, evidence.source, np.where(inside, evidence.brightest, np.uint8(0))
        )
        for piece in pieces(cut):
            grown = with_still_parts(piece, cut) if evidence.source == "motion" else piece
            yield grown & inside


def _is_picture(brightest: Pixels) -> bool:
    return int(brightest.max()) >= LEAST_LIGHT and np.unique(brightest).size >= FEWEST_LEVELS


def _check_grey(frames: Sequence[Pixels]) -> None:
    shares = [neutral_share(f, TINTED) for f in frames if f.ndim == 3]  # noqa: PLR2004  # RGB
    known = [share for share in shares if not np.isnan(share)]
    if known and float(np.median(known)) < LEAST_GREY:
        raise IngestError("E_NOT_ULTRASOUND", "the picture is mostly coloured, as a photograph is")
    scatters = [s for s in (hue_scatter(f) for f in frames if f.ndim == 3) if not np.isnan(s)]  # noqa: PLR2004  # RGB
    if scatters and float(np.median(scatters)) > MOST_SCATTER:
        raise IngestError("E_NOT_ULTRASOUND", "the colours change from pixel to pixel, as in noise")


def _fills_frame(keep: Area) -> bool:
    edges = (keep[0], keep[-1], keep[:, 0], keep[:, -1])
    n_touched = sum(float(edge.mean()) >= EDGE_SHARE for edge in edges)
    return n_touched >= EDGES_NEEDED and float(keep.mean()) >= EDGE_TO_EDGE_COVERAGE


def _implausible(coverage: float) -> IngestError:
    return IngestError(
        "E_MASK_IMPLAUSIBLE",
        f"the ultrasound area found is {coverage:.0%} of the frame; "
        f"legal is {LEAST_COVERAGE:.0%} to {MOST_COVERAGE:.0%}",
    )
