"""What may be known before signing in, and whether the server is well."""

from pathlib import Path

from fastapi import APIRouter, HTTPException

from unisono import __version__
from unisono.annotate.run import probe
from unisono.web.auth import House
from unisono.web.wire import Health, Site

router = APIRouter(tags=["site"])
STATIC = Path(__file__).parent.parent / "static"


def is_page_built() -> bool:
    """Say whether the page lies ready to be served."""
    return (STATIC / "index.html").is_file()


@router.get("/api/site")
async def site() -> Site:
    """Return what this server is."""
    return Site(name="unisono", version=__version__, page_built=is_page_built())


@router.get("/healthz")
async def healthz() -> Health:
    """Say that the process answers."""
    return Health(status="ok")


@router.get("/readyz")
async def readyz(catalog: House) -> Health:
    """Say that the database takes a write and that there is room on the disk."""
    await catalog.awrite(probe.can_write)
    if probe.free_share(catalog.settings.home) < probe.MIN_FREE_SHARE:
        raise HTTPException(503, "less than 1 % of the disk is free")
    return Health(status="ok")
