"""The web application: the API under ``/api``, the page at ``/``."""

from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

import anyio
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from unisono import __version__
from unisono.annotate.run import Catalog
from unisono.base.errors import (
    AccessError,
    CatalogError,
    ConflictError,
    LabelError,
    NotFoundError,
    ProtocolError,
    SettingsError,
    UnisonoError,
)
from unisono.web.auth import Brake, is_cross_site
from unisono.web.background import Background
from unisono.web.events import Bus
from unisono.web.intake import Intake
from unisono.web.routes import (
    answers,
    clips,
    examples,
    lead,
    notes,
    review,
    session,
    site,
    stow,
    stream,
    uploads,
    work,
)
from unisono.web.uploads import Uploads
from unisono.web.wire import Problem

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

MAX_BODY = 2 * 1024 * 1024
"""A label of 5000 nodes takes 300 kB."""
STREAMED = ("/dicomweb/studies", "/api/uploads/")
"""Bodies here go to the disk as they come, and have limits of their own."""
STATUS: dict[type[UnisonoError], int] = {
    NotFoundError: 404,
    AccessError: 403,
    ConflictError: 409,
    LabelError: 422,
    ProtocolError: 422,
    SettingsError: 422,
    CatalogError: 503,
}
HEADERS = {
    b"content-security-policy": b"default-src 'self'; img-src 'self' blob: data:; style-src 'self' "
    b"'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=()",
}
NOT_BUILT = (
    "<!doctype html><title>unisono</title><h1>The page is not built</h1>"
    "<p>The API is up. Build the page with <code>make page</code>, then load this address again.</p>"
)


def make_app(catalog: Catalog) -> FastAPI:
    """Make the application over an open catalog, which it closes when the server stops."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        yield
        app.state.bus.close()
        app.state.background.close()
        app.state.intake.close()
        catalog.close()

    app = FastAPI(
        title="unisono",
        version=__version__,
        lifespan=life,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        responses={"4XX": {"model": Problem, "description": "What came, what is legal, where."}},
    )
    app.state.catalog, app.state.bus, app.state.brake = catalog, Bus(), Brake()
    app.state.background, app.state.seen = Background(catalog), {}
    app.state.intake = Intake(catalog)
    app.state.uploads = Uploads(catalog.settings.home, app.state.intake)
    app.state.stow_limiter = anyio.CapacityLimiter(stow.MOST_AT_ONCE)
    app.state.redrawing = anyio.CapacityLimiter(review.REDRAWN_AT_ONCE)
    for resource in (session, work, answers, clips, examples, lead, notes, review, stream, uploads):
        app.include_router(resource.router, prefix="/api")
    app.include_router(site.router)
    app.include_router(stow.router)
    app.add_exception_handler(UnisonoError, _refuse)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_middleware(Guard)
    _serve_page(app)
    return app


class Guard:
    """Puts the safety headers on, refuses other sites' unsafe requests and bodies past `MAX_BODY`."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        refusal = _refusal(scope["method"], scope["path"], headers)
        sending = _with_headers(send, private=scope["path"].startswith("/api"))
        if refusal is not None:
            await refusal(scope, receive, sending)
            return
        await self.app(scope, receive, sending)


def _refusal(method: str, path: str, headers: dict[str, str]) -> JSONResponse | None:
    if method in ("GET", "HEAD", "OPTIONS"):
        return None
    if is_cross_site(headers):
        return _problem(HTTPStatus.FORBIDDEN, "this request came from another site's page", "CrossSite")
    if path.startswith(STREAMED):
        return None
    length = headers.get("content-length")
    if length is None and "transfer-encoding" in headers:
        return _problem(HTTPStatus.LENGTH_REQUIRED, "send the length of the body", "NoLength")
    if length is not None and (not length.isdigit() or int(length) > MAX_BODY):
        return _problem(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a body has at most {MAX_BODY} bytes", "TooLarge"
        )
    return None


def _with_headers(send: Send, *, private: bool) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = message.setdefault("headers", [])
            present = {k.lower() for k, _ in headers}
            headers.extend((k, v) for k, v in HEADERS.items() if k not in present)
            if private and b"cache-control" not in present:
                headers.append((b"cache-control", b"private, no-store"))
        await send(message)

    return sending


def _problem(status: int, detail: str, kind: str, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(Problem(detail=detail, kind=kind).model_dump(), status, headers)


async def _refuse(_request: Request, error: Exception) -> JSONResponse:
    status = next((s for kind, s in STATUS.items() if isinstance(error, kind)), 500)
    return _problem(status, str(error), type(error).__name__)


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    rows = (f"{'.'.join(map(str, f['loc']))}: {f['msg']}" for f in faults[:5])
    return _problem(422, "; ".join(rows), "Invalid")


async def _http(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    headers = dict(error.headers) if error.headers else None
    return _problem(error.status_code, str(error.detail), HTTPStatus(error.status_code).phrase, headers)


def _serve_page(app: FastAPI) -> None:
    if site.is_page_built():
        app.mount("/", StaticFiles(directory=site.STATIC, html=True), name="page")
        return

    @app.get("/", include_in_schema=False)
    async def not_built() -> HTMLResponse:
        return HTMLResponse(NOT_BUILT, 503)
