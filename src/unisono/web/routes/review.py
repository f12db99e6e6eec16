"""Clips that wait for a person's look: only those with the right to review ever receive a byte of them."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Literal

import anyio
import anyio.to_thread
from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import Response

from unisono.annotate.run import Catalog
from unisono.annotate.run.people import Person
from unisono.base.errors import IngestError, NotFoundError
from unisono.ingest.masks.outline import checked_polygons
from unisono.ingest.run import looking, rechecking, redrawing, review, shown
from unisono.web import views
from unisono.web.auth import House, Signed
from unisono.web.wire_review import (
    AgainIn,
    ApproveIn,
    Decided,
    Decision,
    GateBox,
    LookIn,
    RedrawIn,
    RejectIn,
    ReviewClip,
    ReviewList,
    ReviewRow,
    State,
)

NEVER_KEPT = {"Cache-Control": "private, no-store"}
NO_DARKEST = "this clip has no darkest picture: it is a still, or it was taken in before such were kept"
GONE = "the pictures for the review of this clip are gone: somebody decided on it, or they were never kept"
REDRAWN_AT_ONCE = 1
CODE_LENGTH = 67
Picture = Literal["before", "after", "dark-before", "dark-after", "mask"]
PLACE = r"^(written|gated|quarantined|approved|rejected):[0-9]{2}-[0-9a-f]{64}$"


async def reviewing(person: Signed) -> Person:
    """Return who asks, when that person may see what is not de-identified yet.

    Raises
    ------
    fastapi.HTTPException
        403 for everybody else, whether the clip exists or not.
    """
    if not person.reviewer:
        raise HTTPException(403, "you may not review clips; who runs this site can give you the right")
    return person


Reviewer = Annotated[Person, Depends(reviewing)]
router = APIRouter(tags=["review"], dependencies=[Depends(reviewing)])


@router.get("/review")
async def review_list(
    catalog: House,
    state: Annotated[list[State] | None, Query()] = None,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = looking.PAGE,
    after: Annotated[str | None, Query(pattern=PLACE)] = None,
) -> ReviewList:
    """Return one page of the clips that wait, or of those in the states asked for; quarantined ones first.

    ``after`` is the state and the code of a row, with a colon: the page begins behind its place, whatever was
    decided meanwhile about the rows before.
    """
    place = (after[: -CODE_LENGTH - 1], after[-CODE_LENGTH:]) if after else None
    job = partial(looking.listed, catalog, state or review.WAITING, offset=offset, limit=limit)
    page = await _aside(partial(job, after=place))
    rows = [_row(found) for found in page.clips]
    return ReviewList(counts=page.counts, total=page.total, offset=offset, clips=rows)


@router.get("/review/{code}")
async def review_clip(code: str, person: Reviewer, catalog: House) -> ReviewClip:
    """Return one clip with what the gate read, its mask and its history; the look is put on record."""
    return _clip(await _aside(partial(looking.look, catalog, code, person.pseudonym)))


@router.get("/review/{code}/pack", response_class=Response)
async def review_pack(code: str, person: Reviewer, catalog: House) -> Response:
    """Return all masked frames of a clip, held or not, in one file; the look is put on record."""
    await _aside(partial(review.one_waiting, catalog, code))
    try:
        pack = await _aside(partial(review.pictures, catalog, code, person.pseudonym))
    except NotFoundError as error:
        raise HTTPException(410, str(error)) from None
    return Response(pack, media_type="application/octet-stream", headers=NEVER_KEPT)


@router.get("/review/{code}/{what}.png", response_class=Response)
async def review_picture(code: str, what: Picture, person: Reviewer, catalog: House) -> Response:
    """Return the brightest or darkest of all frames, before or after the mask, or the mask; it is noted."""
    seen = await _aside(partial(looking.evidence_of, catalog, code, person.pseudonym, what))
    if seen is None:
        raise HTTPException(410, GONE)
    png = {
        "before": seen.before_png,
        "after": seen.after_png,
        "dark-before": seen.dark_before_png,
        "dark-after": seen.dark_after_png,
        "mask": seen.mask_png,
    }[what]
    if not png:
        raise HTTPException(410, NO_DARKEST if what.startswith("dark") else GONE)
    return Response(png, media_type="image/png", headers=NEVER_KEPT)


@router.post("/review/{code}/look")
async def look_at_clip(code: str, body: LookIn, person: Reviewer, catalog: House) -> Decided:
    """Note that this person had the masked picture on the screen; that it was sent does not count."""
    await _aside(partial(shown.look_at, catalog, code, person.pseudonym, body.mask_version))
    found = await _aside(partial(review.one_waiting, catalog, code))
    return Decided(code=code, state=found.clip.state)


@router.post("/review/{code}/approval")
async def approve_clip(code: str, body: ApproveIn, person: Reviewer, catalog: House) -> Decided:
    """Let a clip out of the ingest room, when this person looked at it under the mask in force."""
    job = partial(shown.approve_seen, catalog, code, person.pseudonym, body.reason)
    await _aside(partial(job, mask_version=body.mask_version))
    return Decided(code=code, state="approved")


@router.post("/review/{code}/rejection")
async def reject_clip(code: str, body: RejectIn, person: Reviewer, catalog: House) -> Decided:
    """Keep a clip out for good, or take an approved one back; its pixels are deleted."""
    await _aside(partial(review.reject, catalog, code, person.pseudonym, body.reason))
    return Decided(code=code, state="rejected")


@router.post("/review/{code}/mask")
async def redraw_mask(
    code: str, body: RedrawIn, person: Reviewer, catalog: House, request: Request
) -> ReviewClip:
    """Read a clip again under a mask that was drawn, and return how it stands then."""
    found = await _aside(partial(review.one_waiting, catalog, code))
    try:
        polygons = checked_polygons(body.polygons, found.clip.rows, found.clip.columns)
    except IngestError as error:
        raise HTTPException(422, error.message) from None
    job = partial(redrawing.redraw, catalog, code, polygons, person.pseudonym, mask_version=body.mask_version)
    return await _again(job, code, person, catalog, request)


@router.post("/review/{code}/remask")
async def remask_clip(
    code: str, body: AgainIn, person: Reviewer, catalog: House, request: Request
) -> ReviewClip:
    """Find a clip's mask anew by the rules in force, and return how it stands then."""
    job = partial(redrawing.remask, catalog, code, person.pseudonym, mask_version=body.mask_version)
    return await _again(job, code, person, catalog, request)


@router.post("/review/{code}/recheck")
async def recheck_clip(
    code: str, body: AgainIn, person: Reviewer, catalog: House, request: Request
) -> ReviewClip:
    """Look for text in a clip again under its mask; an approved one that shows text is withdrawn."""
    job = partial(rechecking.recheck, catalog, code, person.pseudonym, mask_version=body.mask_version)
    return await _again(job, code, person, catalog, request)


async def _again(
    job: Callable[[], object], code: str, person: Person, catalog: Catalog, request: Request
) -> ReviewClip:
    # Reading a clip takes as much of the machine as a run does: one at once.
    try:
        await anyio.to_thread.run_sync(job, limiter=request.app.state.redrawing)
    except IngestError as error:
        raise HTTPException(422, error.message) from None
    return _clip(await _aside(partial(looking.look, catalog, code, person.pseudonym)))


async def _aside(job: Any) -> Any:  # noqa: ANN401  # passes through what the job returns
    return await anyio.to_thread.run_sync(job)


def _row(found: review.Waiting) -> ReviewRow:
    clip = found.clip
    return ReviewRow.model_validate(
        {
            "code": clip.code,
            "state": clip.state,
            "verdict": found.verdict,
            "n_boxes": len(found.boxes),
            "held": found.held,
            "kind": clip.kind,
            "n_frames": clip.n_frames,
            "mask_source": str(clip.mask.get("source", "")),
            "created_at": clip.created_at,
        }
    )


def _clip(seen: looking.Look) -> ReviewClip:
    found, clip = seen.found, seen.found.clip
    shown = views.clip(clip).model_copy(
        update={"pack_url": f"api/review/{clip.code}/pack?mask={clip.mask_version}"}
    )
    return ReviewClip.model_validate(
        {
            "clip": shown.model_dump(),
            "state": clip.state,
            "verdict": found.verdict,
            "held": found.held,
            "subject": clip.subject,
            "dataset_class": clip.dataset_class,
            "kind": clip.kind,
            "timing": clip.timing,
            "decoder": clip.decoder,
            "header": clip.header,
            "mask": clip.mask,
            "mask_version": clip.mask_version,
            "part": clip.part,
            "outline": seen.outline,
            "corners": seen.corners,
            "boxes": _boxes(found.boxes, seen.texts),
            "decisions": [_decision(row) for row in seen.decisions],
            "has_evidence": seen.has_evidence,
            "needs_reason": clip.state == "quarantined",
        }
    )


def _boxes(boxes: tuple[dict[str, Any], ...], texts: tuple[str, ...]) -> list[GateBox]:
    # The texts are dropped with the evidence; the boxes stay.
    read = texts if len(texts) == len(boxes) else ("",) * len(boxes)
    return [GateBox.model_validate({**box, "text": text}) for box, text in zip(boxes, read, strict=True)]


def _decision(row: Any) -> Decision:  # noqa: ANN401  # a catalog row; web may not name its class
    return Decision.model_validate(
        {
            "by": row.by,
            "decision": row.decision,
            "mask_version": row.mask_version,
            "reason": row.reason,
            "at": row.at,
        }
    )
