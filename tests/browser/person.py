"""A person at a browser: what tests ask somebody to do, and what that person sees."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from playwright.sync_api import Browser, ConsoleMessage, ViewportSize, expect

from tests.browser.house import House

T = TypeVar("T")
Place = tuple[float, float]

WITHIN_S = 30.0
SCREEN = ViewportSize(width=1280, height=800)
NOTHING_WAITS = re.compile(r"\b0 waiting")
# A clip may be withdrawn while its thumbnail is on its way.
MAY_HAPPEN = [r"404 .*/thumbnail\.jpg"]
NO_NETWORK = r"Failed to load resource|NetworkError|net::ERR_"
expect.set_options(timeout=WITHIN_S * 1000)
TELL_CSP = """document.addEventListener("securitypolicyviolation", (e) =>
  console.error("content security policy", e.violatedDirective, e.blockedURI, e.sourceFile, e.lineNumber))"""


def until(read: Callable[[], T], is_right: Callable[[T], bool], what: str = "state") -> T:
    """Read until it is right; fail with what was read last."""
    end = time.monotonic() + WITHIN_S
    while True:
        got = read()
        if is_right(got):
            return got
        assert time.monotonic() < end, f"{what} stayed {got!r} for {WITHIN_S} s"
        time.sleep(0.02)


class Person:
    """Somebody with a browser context of their own.

    Parameters
    ----------
    browser : Browser
    house : House
    name : str
        Of a member of the site.
    address : str, optional
        Where the site is reached; the server's own address by default.
    """

    def __init__(self, browser: Browser, house: House, name: str, address: str | None = None) -> None:
        self.house, self.name = house, name
        self.address = address or house.address
        self.faults: list[str] = []
        self.allowed: list[str] = [*MAY_HAPPEN]
        self.context = browser.new_context(viewport=SCREEN, locale="en-GB", reduced_motion="reduce")
        self.context.set_default_timeout(WITHIN_S * 1000)
        self.context.add_init_script(TELL_CSP)
        self.page = self.open_tab()

    def open_tab(self) -> Any:
        """Return a new tab whose errors are kept."""
        page = self.context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._fault(f"page error: {error}"))
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            where = message.location.get("url", "")
            self._fault(f"console {message.type}: {message.text} {where}")

    def _fault(self, text: str) -> None:
        if not any(re.search(pattern, text) for pattern in self.allowed):
            self.faults.append(text)

    @contextmanager
    def allowing(self, pattern: str) -> Iterator[None]:
        """Expect complaints of the browser that this test provokes, from here to its end: some come late."""
        self.allowed.append(pattern)
        yield

    # --- where ---------------------------------------------------------------------------------------

    def sign_in(self) -> "Person":
        """Use a fresh one-time link."""
        self.page.goto(f"{self.address}/#/link/{self.house.token(self.name)}")
        expect(self.page.get_by_role("heading", name="My work")).to_be_visible()
        return self

    def begin(self, project: str, page: Any = None) -> "Person":
        """Open the next item of a project from the queue and wait for its first picture."""
        (page or self.page).get_by_test_id(f"go-on-{project}").click()
        return self.at_desk(page)

    def visit(self, project: str) -> "Person":
        """Go to the next item of a project without loading the page anew."""
        self.page.evaluate("location.hash = '#/'")
        expect(self.page.get_by_role("heading", name="My work")).to_be_visible()
        project_now = f"fetch('api/projects/{project}').then((r) => r.json())"
        self.ask(f"{project_now}.then((p) => location.hash = '#/p/{project}/i/' + p.next_item)")
        return self.at_desk()

    def at_desk(self, page: Any = None) -> "Person":
        """Wait for the labelling screen."""
        shown = "window.__unisono && location.hash.endsWith(__unisono.item()) ? __unisono.frame() : -1"
        until(lambda: self.ask(shown, page), lambda f: f >= 0, "frame of the item of the address")
        return self

    def still(self, frame: int | None = None) -> "Person":
        """Stop playing, on a frame or on the one that is asked."""
        if frame is None:
            self.press("[")
        else:
            self.page.get_by_test_id("scrub").fill(str(frame))
        until(lambda: self.ask("__unisono.playing()"), lambda playing: not playing, "playing")
        if frame is None:
            expect(self.page.locator("[data-testid=item-frame].off")).to_have_count(0)
        return self

    @property
    def item(self) -> str:
        """The item in the address."""
        return str(self.page.url.rpartition("/i/")[2])

    def reload(self) -> "Person":
        """Load the page anew and wait for the desk."""
        self.page.reload()
        return self.at_desk()

    def reload_list(self) -> "Person":
        """Load the list of work anew."""
        self.page.reload()
        expect(self.page.get_by_role("heading", name="My work")).to_be_visible()
        return self

    # --- hands ---------------------------------------------------------------------------------------

    def at(self, place: Place) -> Place:
        """Return where a place of the frame lies in the window."""
        point = self.ask(f"__unisono.toScreen({place[0]!r}, {place[1]!r})")
        return point["x"], point["y"]

    def click(self, place: Place, **how: Any) -> "Person":
        """Click a place of the frame."""
        self.page.mouse.click(*self.at(place), **how)
        return self

    def drag(self, start: Place, end: Place, steps: int = 6, button: Any = "left") -> "Person":
        """Drag from one place of the frame to another."""
        mouse = self.page.mouse
        a, b = self.at(start), self.at(end)
        mouse.move(*a)
        mouse.down(button=button)
        mouse.move(*b, steps=steps)
        mouse.up(button=button)
        return self

    def press(self, *keys: str) -> "Person":
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def draw(self, nodes: Sequence[Place], *, finish: bool = True) -> "Person":
        """Click a curve, and end it."""
        for node in nodes:
            self.click(node)
        if finish:
            self.press("Enter")
            self.settled(lambda labels: len(labels.get("mv-post-hinge", {}).get("instances", ())) == 1)
        return self

    # --- eyes ----------------------------------------------------------------------------------------

    def ask(self, script: str, page: Any = None) -> Any:
        """Evaluate a script in the page."""
        return (page or self.page).evaluate(script)

    def labels(self) -> dict[str, Any]:
        """Return the labels on the screen."""
        labels: dict[str, Any] = self.ask("__unisono.labels()")
        return labels

    def curve(self) -> dict[str, Any]:
        """Return the first curve on the screen; no nodes when there is none."""
        instances = self.labels().get("curve-lv-endo", {}).get("instances") or [{"nodes": []}]
        curve: dict[str, Any] = instances[0]
        return curve

    def nodes(self) -> list[Place]:
        """Return the places of the first curve's nodes, px."""
        return [(n["x"], n["y"]) for n in self.curve()["nodes"]]

    def settled(self, is_right: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Wait until the labels are right and return them."""
        return until(self.labels, is_right, "labels")

    def has_nodes(self, n: int) -> list[Place]:
        """Wait until the curve has so many nodes and return them."""
        return until(self.nodes, lambda nodes: len(nodes) == n, f"{n} wanted, nodes")

    def all_saved(self) -> "Person":
        """Wait until nothing waits on this device."""
        line = self.page.get_by_test_id("saved-line")
        until(
            line.all_inner_texts,
            lambda texts: texts != [] and all(NOTHING_WAITS.search(t) for t in texts),
            "saved line",
        )
        return self

    def state(self, question: str) -> Any:
        """Return the word beside a question, to be expected."""
        return expect(self.page.get_by_test_id(f"state-{question}"))

    def close(self) -> None:
        """Close the browser context; complaints that nobody expected fail the test."""
        self.context.close()
        assert not self.faults, f"{self.name}'s browser complained: {self.faults}"
