"""Saving: each finished gesture, and that an item is finished. Answered after a durable commit."""

from functools import partial

from fastapi import APIRouter, Request

from unisono.annotate.run import saving
from unisono.web.auth import House, Signed
from unisono.web.wire import Uuid
from unisono.web.wire_saving import AnswerIn, AnswerSaved, SubmissionIn, SubmissionSaved

router = APIRouter(tags=["saving"])


@router.put("/answers/{answer_id}")
async def save_answer(
    answer_id: Uuid, body: AnswerIn, person: Signed, catalog: House, request: Request
) -> AnswerSaved:
    """Save one answer; sending it again changes nothing."""
    answer = saving.Answer(
        id=answer_id,
        project=body.project,
        item=body.item,
        question=body.question,
        expert=person.id,
        label=body.label.model_dump(),
        supersedes=body.supersedes,
        protocol_version=body.protocol_version,
        gesture=body.gesture.model_dump(mode="json"),
        display=body.display.model_dump(),
    )
    saved, is_correction = await catalog.awrite(
        lambda connection: (saving.save_answer(connection, answer), saving.is_submitted(connection, answer))
    )
    if is_correction:
        request.app.state.bus.moved(body.project)
    return AnswerSaved(
        id=saved.id,
        seq=saved.seq,
        saved_at=saved.at,
        label_sha256=saved.sha256,
        known=saved.known,
        forked=saved.forked,
    )


@router.put("/submissions/{submission_id}")
async def save_submission(
    submission_id: Uuid, body: SubmissionIn, person: Signed, catalog: House, request: Request
) -> SubmissionSaved:
    """Save that I am done with an item, or that it cannot be used; sending it again changes nothing."""
    submission = saving.Submission(
        id=submission_id,
        project=body.project,
        item=body.item,
        expert=person.id,
        outcome=body.outcome,
        reason=body.reason,
        comment=body.comment,
        protocol_version=body.protocol_version,
        gesture=body.gesture.model_dump(mode="json"),
    )
    saved, next_item = await catalog.awrite(partial(saving.save_submission, submission=submission))
    request.app.state.bus.moved(body.project)
    return SubmissionSaved(
        id=saved.id, seq=saved.seq, saved_at=saved.at, known=saved.known, next_item=next_item
    )
