"""What only a lead sees: everyone's progress, everyone's answers, the consensus."""

from functools import partial

from fastapi import APIRouter, Request

from unisono.agree import run as agree
from unisono.annotate.run import lead
from unisono.web import consensus, views
from unisono.web.auth import House, Signed
from unisono.web.wire import Uuid
from unisono.web.wire_lead import ItemConsensus, Progress, ReviewIn, ReviewSaved

router = APIRouter(tags=["lead"])


@router.get("/projects/{slug}/progress")
async def progress(slug: str, person: Signed, catalog: House) -> Progress:
    """Return how a project stands, by expert and by item, worst agreement first."""
    await catalog.aread(partial(lead.require_lead, slug=slug, expert=person.id))
    found = await catalog.aread(partial(lead.progress, slug=slug))
    spreads = await catalog.aread(partial(agree.spreads_of, project=slug))
    agreed = await catalog.aread(partial(agree.agreed, project=slug))
    return views.progress(found, spreads, agreed)


@router.post("/projects/{slug}/agreement")
async def agree_now(slug: str, person: Signed, catalog: House, request: Request) -> Progress:
    """Agree on the answers as they stand now, and return how the project stands then."""
    await catalog.aread(partial(lead.require_lead, slug=slug, expert=person.id))
    await request.app.state.background.agree(slug)
    request.app.state.bus.moved(slug)
    return await progress(slug, person, catalog)


@router.get("/items/{item}/consensus")
async def item_consensus(item: str, person: Signed, catalog: House) -> ItemConsensus:
    """Return everyone's answers to an item, and the consensus as it stands now."""
    clip = await catalog.aread(partial(lead.clip_of_item, item=item, expert=person.id))
    settled = await catalog.aread(partial(agree.item_consensus_of, item=item))
    verdicts = await catalog.aread(partial(lead.reviews, slug=settled.project, item=item))
    return consensus.item_consensus(settled, clip, verdicts)


@router.put("/reviews/{review_id}")
async def save_review(review_id: Uuid, body: ReviewIn, person: Signed, catalog: House) -> ReviewSaved:
    """Save a verdict on an answer; sending it again changes nothing."""
    review = lead.Review(review_id, body.answer, person.id, body.verdict, body.comment)
    saved = await catalog.awrite(partial(lead.save_review, review=review))
    return ReviewSaved(id=saved.id, saved_at=saved.at, known=saved.known)
