"""Pictures: a clip's pack, its lossless frames, its thumbnail. Only for those who work on it."""

from functools import partial
from itertools import chain
from typing import Annotated

import anyio.to_thread
import cv2
import numpy as np
from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import FileResponse, Response, StreamingResponse

from unisono.annotate.run import access, work
from unisono.web.auth import House, Signed

router = APIRouter(tags=["clips"])
FOR_EVER = {"Cache-Control": "private, max-age=31536000, immutable"}
FOR_AN_HOUR = {"Cache-Control": "private, max-age=3600"}
THUMBNAIL_PX = 320
OCTETS = "application/octet-stream"


@router.get("/clips/{code}/pack/{sha256}", response_class=FileResponse)
async def pack(code: str, sha256: str, person: Signed, catalog: House) -> Response:
    """Return all frames of a clip in one file; its address bears its hash, so it may be kept for ever."""
    clip = await catalog.aread(partial(access.clip_for, code=code, expert=person.id))
    missing = HTTPException(404, f"there is no pack {sha256!r} of clip {code!r}")
    if sha256 != clip.pack_sha256:
        raise missing
    if not catalog.files.is_local:
        pieces = catalog.files.pack_pieces(code, sha256, clip.pack_bytes)
        # The length is said only once the object was found.
        first = await anyio.to_thread.run_sync(next, pieces, b"")
        headers = FOR_EVER | {"Content-Length": str(clip.pack_bytes)}
        return StreamingResponse(chain((first,), pieces), media_type=OCTETS, headers=headers)
    path = catalog.files.pack_path(code, sha256)
    if not path.is_file():
        raise missing
    return FileResponse(path, media_type=OCTETS, headers=FOR_EVER)


@router.get("/clips/{code}/frames/{index}.png", response_class=FileResponse)
async def frame(code: str, index: int, person: Signed, catalog: House) -> Response:
    """Return one lossless frame."""
    clip = await catalog.aread(partial(access.clip_for, code=code, expert=person.id))
    name = _frame_code(clip, index)
    if catalog.files.is_local:
        return FileResponse(catalog.files.frame_path(name), media_type="image/png", headers=FOR_AN_HOUR)
    png = await anyio.to_thread.run_sync(catalog.files.read_frame, name)
    return Response(png, media_type="image/png", headers=FOR_AN_HOUR)


@router.get("/clips/{code}/thumbnail.jpg", response_class=Response)
async def thumbnail(
    code: str, person: Signed, catalog: House, frame: Annotated[int, Query(ge=0)] = 0
) -> Response:
    """Return a small picture of one frame."""
    clip = await catalog.aread(partial(access.clip_for, code=code, expert=person.id))
    name = _frame_code(clip, frame)
    jpeg = await anyio.to_thread.run_sync(lambda: _small_jpeg(catalog.files.read_frame(name)))
    return Response(jpeg, media_type="image/jpeg", headers=FOR_AN_HOUR)


def _frame_code(clip: work.Clip, index: int) -> str:
    if not 0 <= index < clip.n_frames:
        raise HTTPException(404, f"clip has frames 0 to {clip.n_frames - 1}; got {index}")
    return f"{clip.code}-{index:04d}"


def _small_jpeg(png: bytes) -> bytes:
    image = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise HTTPException(404, "the frame cannot be read")
    scale = min(1.0, THUMBNAIL_PX / max(image.shape[:2]))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return bytes(cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 85])[1])
