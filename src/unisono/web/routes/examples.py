"""Pictures of examples that come with the protocols: drawn ones, that name nobody."""

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from unisono.annotate.examples import picture_bytes
from unisono.web.auth import Signed

router = APIRouter(tags=["examples"])
TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}
FOR_A_DAY = {"Cache-Control": "private, max-age=86400"}


@router.get("/examples/{picture}", response_class=Response)
async def example(picture: str, person: Signed) -> Response:  # noqa: ARG001  # only who is signed in
    """Return a picture that a question's example names."""
    found = picture_bytes(picture)
    if found is None:
        raise HTTPException(404, f"there is no example {picture!r}")
    return Response(found, media_type=TYPES[picture.rpartition(".")[2]], headers=FOR_A_DAY)
