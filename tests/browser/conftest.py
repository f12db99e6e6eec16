"""Fixtures of the browser tests: Chromium and Firefox, a server, people."""

import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.house import House
from tests.browser.person import MAY_HAPPEN, Person
from unisono.web.routes.site import is_page_built

PATHS = {"chromium": "/usr/bin/chromium", "firefox": "/usr/bin/firefox-esr"}
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember a failure, so that the screens are photographed."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


def launch(playwright: Playwright, name: str) -> Browser:
    """Start a browser of the operating system."""
    if name == "firefox":
        return playwright.firefox.launch(channel="moz-firefox", executable_path=PATHS[name])
    return playwright.chromium.launch(executable_path=PATHS[name], args=CHROMIUM)


def _must(is_there: bool, what: str) -> None:
    if is_there:
        return
    if os.environ.get("CI"):
        pytest.fail(f"CI must have {what}: make test puts it there")
    pytest.skip(f"{what} is not there")


@pytest.fixture(scope="package", params=[pytest.param(n, marks=pytest.mark.browser) for n in PATHS])
def browser_name(request: pytest.FixtureRequest) -> str:
    """Return each browser's name in turn."""
    name: str = request.param
    _must(Path(PATHS[name]).exists(), PATHS[name])
    _must(is_page_built(), "the built page")
    return name


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Return the driver; gone after these tests, because its event loop would stop others from having one."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="package")
def browser(playwright: Playwright, browser_name: str) -> Iterator[Browser]:
    """Return a running browser."""
    started = launch(playwright, browser_name)
    yield started
    started.close()


@pytest.fixture(scope="package")
def only_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Return the site with its server."""
    house = House(tmp_path_factory.mktemp("house"))
    yield house
    house.close()


@pytest.fixture
def house(only_house: House) -> Iterator[House]:
    """Return the site; a test that takes the server down need not bring it up."""
    yield only_house
    only_house.up()


@pytest.fixture
def person(
    browser: Browser, house: House, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[..., Person]]:
    """Return how to seat somebody at a browser; what their browsers complained about fails the test."""
    seated: list[Person] = []

    def seat(name: str, address: str | None = None) -> Person:
        seated.append(Person(browser, house, name, address))
        return seated[-1]

    yield seat
    if request.node.stash.get(FAILED, False):
        for k, one in enumerate(seated):
            one.page.screenshot(path=tmp_path / f"{k}.png")
    faults = []
    for one in seated:
        one.context.close()
        faults += [f"{one.name}: {fault}" for fault in one.faults]
    assert not faults


@pytest.fixture
def project(house: House) -> str:
    """Return a project over three frames of the phantom."""
    return house.project()


@pytest.fixture(scope="package")
def only_ada(browser: Browser, only_house: House) -> Iterator[Person]:
    """Return an expert who stays signed in from test to test."""
    name = only_house.member(only_house.project(), "Ada")
    one = Person(browser, only_house, name).sign_in()
    yield one
    one.context.close()


@pytest.fixture
def ada(only_ada: Person, house: House, project: str) -> Iterator[Person]:
    """Return an expert at the first item of a project of its own, stopped at the frame that is asked."""
    house.add_role(project, only_ada.name)
    only_ada.context.set_offline(False)  # a test that failed half-way leaves its network to nobody
    only_ada.context.unroute_all()
    only_ada.faults.clear()
    only_ada.allowed[:] = MAY_HAPPEN
    yield only_ada.visit(project).still()
    for key in ("Alt", "h", "w"):
        only_ada.page.keyboard.up(key)
    assert not only_ada.faults
