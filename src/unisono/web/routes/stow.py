"""STOW-RS: devices and archives store recordings, of any study or of one, ``POST /dicomweb/studies``."""

import re
from functools import partial
from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Depends, Header, HTTPException, Request
from fastapi.responses import JSONResponse, Response
from starlette.requests import ClientDisconnect

from unisono.annotate.run import Catalog
from unisono.base.errors import IngestError
from unisono.ingest.doors.inbox import Inbox
from unisono.ingest.doors.multipart import boundary_of
from unisono.ingest.doors.stow import KIND, Store, Stored
from unisono.ingest.doors.tokens import Device, device_of
from unisono.ingest.limits import LIMITS
from unisono.web.auth import House

router = APIRouter(tags=["DICOMweb"])
PIECE_BYTES = 1024 * 1024
MOST_AT_ONCE = 8
ANSWER = "application/dicom+json"
_UID = re.compile(r"[0-9.]{1,64}")


async def device(catalog: House, authorization: Annotated[str, Header()] = "") -> Device:
    """Return which device sends.

    Raises
    ------
    fastapi.HTTPException
        401 without a device's token.
    """
    scheme, _, token = authorization.partition(" ")
    found = None
    if scheme.lower() == "bearer" and token:
        found = await anyio.to_thread.run_sync(device_of, catalog.settings.home, token.strip())
    if found is None:
        hint = {"WWW-Authenticate": 'Bearer realm="unisono"'}
        raise HTTPException(401, "send a device's token; `unisono token add` makes one", hint)
    return found


@router.post("/dicomweb/studies", response_class=Response)
async def store_instances(
    request: Request, sender: Annotated[Device, Depends(device)], catalog: House
) -> Response:
    """Store DICOM objects; success is said when they are on the disk for good."""
    return await _store(request, sender, catalog)


@router.post("/dicomweb/studies/{study}", response_class=Response)
async def store_instances_of_study(
    study: str, request: Request, sender: Annotated[Device, Depends(device)], catalog: House
) -> Response:
    """Store DICOM objects of one study; those of another are refused."""
    if not _UID.fullmatch(study):
        raise HTTPException(400, "a Study Instance UID has 1 to 64 digits and dots; got another address")
    return await _store(request, sender, catalog, study)


async def _store(request: Request, sender: Device, catalog: Catalog, study: str = "") -> Response:
    try:
        boundary = boundary_of(request.headers.get("content-type", ""), KIND)
    except IngestError as error:
        raise HTTPException(415, error.message) from None
    limiter: anyio.CapacityLimiter = request.app.state.stow_limiter
    if limiter.available_tokens < 1:
        raise HTTPException(503, f"{MOST_AT_ONCE} senders are at work; try again", {"Retry-After": "5"})
    async with limiter:
        inbox = await anyio.to_thread.run_sync(Inbox, catalog.settings.home, sender.dataset_class)
        stored = await _receive(request, Store(inbox, boundary, study))
    if stored.stored:
        request.app.state.intake.drain_soon(sender.dataset_class)
    return JSONResponse(stored.to_json(), stored.http_status, media_type=ANSWER)


async def _receive(request: Request, store: Store) -> Stored:
    held, n_bytes = bytearray(), 0
    try:
        async for piece in request.stream():
            held += piece
            n_bytes += len(piece)
            if n_bytes > LIMITS.archive_bytes:
                raise HTTPException(413, f"a request has at most {LIMITS.archive_bytes} bytes")
            if len(held) >= PIECE_BYTES:
                await _aside(store.feed, bytes(held))
                held.clear()
        await _aside(store.feed, bytes(held))
        result: Stored = await _aside(store.finish)
    except IngestError as error:
        raise HTTPException(413 if error.code == "E_LIMIT_SIZE" else 400, error.message) from None
    except ClientDisconnect:
        raise HTTPException(400, "the connection ended before the body did") from None
    finally:
        store.drop()
    return result


async def _aside(fn: Any, *given: object) -> Any:  # noqa: ANN401  # passes through what fn takes and returns
    return await anyio.to_thread.run_sync(partial(fn, *given))
