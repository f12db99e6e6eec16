"""Notes to the lead: a flag, a comment, feedback. An expert reads his own, a lead reads all."""

from functools import partial

from fastapi import APIRouter, Request

from unisono.annotate.run import access, lead, notes
from unisono.web.auth import House, Signed
from unisono.web.wire import Uuid
from unisono.web.wire_notes import MyNote, NoteIn, NoteSaved, ToldNote

router = APIRouter(tags=["notes"])


@router.put("/notes/{note_id}")
async def save_note(
    note_id: Uuid, body: NoteIn, person: Signed, catalog: House, request: Request
) -> NoteSaved:
    """Tell the lead something about an item; sending it again changes nothing."""
    note = notes.Submission(
        id=note_id,
        project=body.project,
        item=body.item,
        expert=person.id,
        outcome="done",
        reason=body.kind,
        comment=body.text,
        protocol_version=body.protocol_version,
        gesture=body.gesture.model_dump(mode="json"),
    )
    saved = await catalog.awrite(partial(notes.save_note, note=note))
    request.app.state.bus.moved(body.project)
    return NoteSaved(id=saved.id, seq=saved.seq, saved_at=saved.at, known=saved.known)


@router.get("/items/{item}/notes")
async def my_notes(item: str, person: Signed, catalog: House) -> list[MyNote]:
    """Return what I told the lead about an item, newest first."""
    found, _ = await catalog.aread(partial(access.item_for, item=item, person=person.id))
    told = await catalog.aread(partial(notes.my_notes, project=found.project, item=item, expert=person.id))
    return [MyNote.model_validate({"id": n.id, "kind": n.kind, "text": n.text, "at": n.at}) for n in told]


@router.get("/projects/{slug}/notes")
async def told(slug: str, person: Signed, catalog: House) -> list[ToldNote]:
    """Return everything that experts told the lead of a project, newest first."""
    await catalog.aread(partial(lead.require_lead, slug=slug, expert=person.id))
    return [_told(n) for n in await catalog.aread(partial(notes.told, project=slug))]


def _told(note: notes.Note) -> ToldNote:
    shown = ("id", "item", "pseudonym", "name", "kind", "reason", "text", "at")
    return ToldNote.model_validate({key: getattr(note, key) for key in shown})
