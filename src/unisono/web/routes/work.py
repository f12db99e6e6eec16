"""An expert's own projects, queue and items."""

from functools import partial

from fastapi import APIRouter

from unisono.annotate.run import work
from unisono.web import views
from unisono.web.auth import House, Signed
from unisono.web.wire import ItemView, MyProject, QueueEntry

router = APIRouter(tags=["work"])


@router.get("/projects")
async def my_projects(person: Signed, catalog: House) -> list[MyProject]:
    """Return the projects where I work, with my own numbers."""
    found = await catalog.aread(partial(work.my_projects, expert=person.id))
    return [views.my_project(p) for p in found]


@router.get("/projects/{slug}")
async def my_project(slug: str, person: Signed, catalog: House) -> MyProject:
    """Return one of my projects."""
    return views.my_project(await catalog.aread(partial(work.my_project, slug=slug, expert=person.id)))


@router.get("/projects/{slug}/queue")
async def my_queue(slug: str, person: Signed, catalog: House) -> list[QueueEntry]:
    """Return the items of a project in my own order."""
    return views.queue(await catalog.aread(partial(work.my_queue, slug=slug, expert=person.id)))


@router.get("/items/{item}")
async def my_item(item: str, person: Signed, catalog: House) -> ItemView:
    """Return an item with my own answers."""
    return views.my_item(await catalog.aread(partial(work.my_item, item_id=item, expert=person.id)))
