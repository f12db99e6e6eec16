"""What only a lead sees: everyone's progress, everyone's answers, the consensus."""

from functools import partial

from fastapi import APIRouter

from unisono.annotate.run import lead
from unisono.web import views
from unisono.web.auth import House, Signed
from unisono.web.wire import Progress, ReviewIn, ReviewSaved, Uuid

router = APIRouter(tags=["lead"])


@router.get("/projects/{slug}/progress")
async def progress(slug: str, person: Signed, catalog: House) -> Progress:
    """Return how a project stands, by expert and by item, worst agreement first."""
    await catalog.aread(partial(lead.require_lead, slug=slug, expert=person.id))
    found = await catalog.aread(partial(lead.progress, slug=slug))
    return views.progress(found, {})


@router.put("/reviews/{review_id}")
async def save_review(review_id: Uuid, body: ReviewIn, person: Signed, catalog: House) -> ReviewSaved:
    """Save a verdict on an answer; sending it again changes nothing."""
    review = lead.Review(review_id, body.answer, person.id, body.verdict, body.comment)
    saved = await catalog.awrite(partial(lead.save_review, review=review))
    return ReviewSaved(id=saved.id, saved_at=saved.at, known=saved.known)
