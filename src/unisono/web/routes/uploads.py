"""Uploads: who may bring recordings in drops them on the page, and hears of each what became of it."""

from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi import Path as InPath
from starlette.requests import ClientDisconnect

from unisono.annotate.run.people import Person
from unisono.base.errors import IngestError
from unisono.ingest.doors.inbox import Arrival
from unisono.web.auth import Signed
from unisono.web.intake import progress_of
from unisono.web.uploads import Upload, Uploads
from unisono.web.wire import Uuid
from unisono.web.wire_doors import UploadedFile, UploadIn, UploadStarted, UploadState

router = APIRouter(tags=["uploads"])
PIECE_BYTES = 1024 * 1024
STATUS = {"E_LIMIT_SIZE": 413, "E_STORE_IO": 503}


async def bringing(person: Signed) -> Person:
    """Return who asks, when that person may bring recordings in.

    Raises
    ------
    fastapi.HTTPException
        403 for everybody else.
    """
    if not person.may_bring:
        raise HTTPException(403, "only who leads a project or reviews clips may bring recordings in")
    return person


Bringer = Annotated[Person, Depends(bringing)]


@router.post("/uploads")
async def begin_upload(body: UploadIn, person: Bringer, request: Request) -> UploadStarted:
    """Begin an upload."""
    made = _uploads(request).begin(person.id, body.dataset_class, body.origin, body.licence)
    return UploadStarted(upload=made.id)


@router.put("/uploads/{upload}/files/{position}", status_code=204)
async def put_file(
    upload: Uuid,
    position: Annotated[int, InPath(ge=0, lt=100_000)],
    person: Bringer,
    request: Request,
    group: Annotated[int, Query(ge=0, lt=100_000)],
    frame: Annotated[int | None, Query(ge=0, lt=100_000)] = None,
) -> None:
    """Store one file, sent as it is; sending it again replaces it."""
    uploads = _uploads(request)
    path = uploads.find(upload, person.id).path_of(position, group, frame)
    arrival = uploads.arrival(uploads.find(upload, person.id))
    try:
        await _write(request, arrival)
        await anyio.to_thread.run_sync(arrival.deliver, path)
    except IngestError as error:
        raise HTTPException(STATUS.get(error.code, 400), error.message) from None
    except ClientDisconnect:
        raise HTTPException(400, "the connection ended before the file did") from None
    finally:
        arrival.close()


@router.post("/uploads/{upload}/reading")
async def read_upload(upload: Uuid, person: Bringer, request: Request) -> UploadState:
    """Take in what was uploaded; how that stands is asked for by GET."""
    found = _uploads(request).find(upload, person.id)
    _uploads(request).read(found)
    return _state(found)


@router.get("/uploads/{upload}")
async def upload_state(upload: Uuid, person: Bringer, request: Request) -> UploadState:
    """Return how an upload stands, file by file."""
    return _state(_uploads(request).find(upload, person.id))


def _uploads(request: Request) -> Uploads:
    uploads: Uploads = request.app.state.uploads
    return uploads


async def _write(request: Request, arrival: Arrival) -> None:
    held = bytearray()
    async for piece in request.stream():
        held += piece
        if len(held) >= PIECE_BYTES:
            await anyio.to_thread.run_sync(arrival.write, bytes(held))
            held.clear()
            if arrival.error is not None:
                raise arrival.error
    await anyio.to_thread.run_sync(arrival.write, bytes(held))


def _state(upload: Upload) -> UploadState:
    done, found = progress_of(upload.folder)
    figures = upload.taken.figures if upload.taken else None
    return UploadState.model_validate(
        {
            "state": upload.state,
            "n_done": done,
            "n_found": found,
            "n_clips": figures.clips if figures else 0,
            "n_frames": figures.frames if figures else 0,
            "n_known": figures.known if figures else 0,
            "problem": upload.problem,
            "files": [_file(upload, position) for position in sorted(upload.files)],
        }
    )


def _file(upload: Upload, position: int) -> UploadedFile:
    why = upload.why().get(upload.files[position], ())
    if why:
        # An archive may be withheld in part; the first reason stands for all, and their number is told.
        more = f" (and {len(why) - 1} more inside)" if len(why) > 1 else ""
        reason = why[0].reason + more
        return UploadedFile(position=position, state="withheld", code=why[0].code, reason=reason)
    state = "in" if upload.state == "done" else "received"
    return UploadedFile.model_validate({"position": position, "state": state, "code": "", "reason": ""})
