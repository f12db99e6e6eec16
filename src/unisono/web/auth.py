"""Who asks: sessions in a cookie, requests from our own page only, and a brake on guessing.

Source: OWASP ASVS 5, V7 (sessions); Fetch Metadata (W3C) for cross-site requests.
"""

import time
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request, Response

from unisono.annotate.run import Catalog, people
from unisono.annotate.run.people import Person

COOKIE = "unisono_session"
TOUCH_EVERY_S = 60.0
MAX_FOR_NAME, MAX_FOR_ADDRESS, FORGET_AFTER_S = 5, 60, 300.0


@dataclass
class Brake:
    """Counts the sign-ins of the last five minutes that failed or still run; who has too many must wait.

    A name is braked where it failed, so nobody can shut another person out from elsewhere; an address, behind
    which a whole hospital may sit, only at a rate that no people reach.

    Parameters
    ----------
    attempts : dict of str to deque of float
        Instants of the attempts of each key.
    """

    attempts: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def begin(self, limits: Mapping[str, int]) -> float:
        """Count an attempt against each key and let it pass, or answer 429.

        It is counted before the password is looked at: guesses that are sent at once would else all pass.

        Parameters
        ----------
        limits : mapping of str to int
            How many attempts each key may have.

        Returns
        -------
        float
            The instant of the attempt, to take it back by.

        Raises
        ------
        fastapi.HTTPException
            429 when one of the keys has too many; then nothing is counted.
        """
        at = time.monotonic()
        since = at - FORGET_AFTER_S
        for key, most in limits.items():
            recent = self._recent(key, since)
            if len(recent) >= most:
                wait_s = int(recent[0] - since) + 1
                raise HTTPException(
                    429, f"too many failed sign-ins; try again in {wait_s} s", {"Retry-After": str(wait_s)}
                )
        for key in limits:
            self.attempts[key].append(at)
        return at

    def take_back(self, keys: Iterable[str], at: float) -> None:
        """Count an attempt no more: its password was right."""
        for key in keys:
            recent = self.attempts.get(key)
            if recent and at in recent:
                recent.remove(at)

    def _recent(self, key: str, since: float) -> Sequence[float]:
        recent = self.attempts.get(key, deque())
        while recent and recent[0] < since:
            recent.popleft()
        if not recent:
            self.attempts.pop(key, None)
        return recent


def catalog_of(request: Request) -> Catalog:
    """Return the site's catalog."""
    catalog: Catalog = request.app.state.catalog
    return catalog


House = Annotated[Catalog, Depends(catalog_of)]


async def signed_in(request: Request, catalog: House) -> Person:
    """Return who asks.

    Raises
    ------
    fastapi.HTTPException
        401 when nobody is signed in.
    """
    token = request.cookies.get(COOKIE, "")
    person = None
    if token:
        person = await catalog.aread(partial(people.who_is, token=token, settings=catalog.settings))
    if person is None:
        raise HTTPException(401, "you are not signed in")
    await _touch(request, catalog, token)
    return person


Signed = Annotated[Person, Depends(signed_in)]


def start_session(request: Request, response: Response, token: str) -> None:
    """Hand the session's token to the browser, out of reach of scripts."""
    max_age_s = int(request.app.state.catalog.settings.session_max_h * 3600)
    response.set_cookie(
        COOKIE,
        token,
        max_age=max_age_s,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def end_session(response: Response) -> None:
    """Take the session's token back from the browser."""
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")


def is_cross_site(headers: dict[str, str]) -> bool:
    """Say whether an unsafe request came from another site's page.

    Browsers say so in ``Sec-Fetch-Site``; older ones send ``Origin``. Programs send neither and pass: they
    hold no cookie that somebody else's page could ride on.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != headers.get("host", "")


async def _touch(request: Request, catalog: Catalog, token: str) -> None:
    seen: dict[str, float] = request.app.state.seen
    at = time.monotonic()
    if at - seen.get(token, -TOUCH_EVERY_S) >= TOUCH_EVERY_S:
        seen[token] = at
        job: Any = partial(people.still_here, token=token)
        await catalog.awrite(job)
