"""Signing in and out."""

from functools import partial

import anyio.to_thread
from fastapi import APIRouter, HTTPException, Request, Response

from unisono.annotate import secrets
from unisono.annotate.run import Catalog, people
from unisono.web import views
from unisono.web.auth import (
    COOKIE,
    MAX_FOR_ADDRESS,
    MAX_FOR_NAME,
    Brake,
    House,
    Signed,
    end_session,
    start_session,
)
from unisono.web.wire import Me, NewPassword, SignInLink, SignInPassword

router = APIRouter(tags=["session"])


@router.post("/session/link")
async def sign_in_by_link(body: SignInLink, request: Request, response: Response, catalog: House) -> Me:
    """Sign in with a one-time link's token, which is used up."""
    # Not braked: nobody guesses 256 random bits, and a stale link opened often must not shut out a hospital.
    job = partial(people.sign_in_by_link, token=body.token, settings=catalog.settings)
    token = await catalog.awrite(job)
    return await _welcome(catalog, token, request, response)


@router.post("/session/password")
async def sign_in_by_password(
    body: SignInPassword, request: Request, response: Response, catalog: House
) -> Me:
    """Sign in with a name and its password."""
    brake: Brake = request.app.state.brake
    address = request.client.host if request.client else "unknown"
    keys = {f"{body.name} from {address}": MAX_FOR_NAME, f"anybody from {address}": MAX_FOR_ADDRESS}
    attempt = brake.begin(keys)
    stored = await catalog.aread(partial(people.password_hash_of, name=body.name))
    if not await anyio.to_thread.run_sync(secrets.is_password, body.password, stored):
        raise HTTPException(401, "name or password is wrong")
    brake.take_back(keys, attempt)
    token = await catalog.awrite(partial(people.sign_in_checked, name=body.name, settings=catalog.settings))
    return await _welcome(catalog, token, request, response)


@router.delete("/session", status_code=204)
async def sign_out(request: Request, response: Response, catalog: House) -> None:
    """End this session; does nothing when there is none."""
    token = request.cookies.get(COOKIE, "")
    await catalog.awrite(partial(people.sign_out, token=token))
    end_session(response)


@router.get("/me")
async def me(person: Signed) -> Me:
    """Return who is signed in."""
    return views.me(person)


@router.post("/me/password", status_code=204)
async def change_password(body: NewPassword, person: Signed, request: Request, catalog: House) -> None:
    """Set the own password; other devices are signed out."""
    hashed = await anyio.to_thread.run_sync(secrets.hash_password, body.password)
    token = request.cookies.get(COOKIE, "")
    job = partial(people.set_password, expert=person.id, password_hash=hashed, keep_token=token)
    await catalog.awrite(job)


async def _welcome(catalog: Catalog, token: str, request: Request, response: Response) -> Me:
    person = await catalog.aread(partial(people.who_is, token=token, settings=catalog.settings))
    if person is None:
        raise HTTPException(401, "this account is closed")
    start_session(request, response, token)
    return views.me(person)
