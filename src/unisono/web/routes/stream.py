"""The stream of events."""

from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from unisono.web.auth import Signed
from unisono.web.events import Bus, stream

router = APIRouter(tags=["events"])


@router.get("/events", response_class=EventSourceResponse)
async def events(person: Signed, request: Request) -> AsyncIterator[ServerSentEvent]:
    """Tell a lead which of the projects led has moved; experts hear nothing of one another."""
    bus: Bus = request.app.state.bus
    with bus.listen(person.leads) as queue:
        yield ServerSentEvent(comment="listening")  # some browsers open a stream only at its first bytes
        async for project in stream(queue):
            yield ServerSentEvent(event="progress", data={"project": project})
