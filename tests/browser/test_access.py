"""Every screen is free of what axe finds, in dark and in light, and fits a narrow window."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.browser.house import House
from tests.browser.person import Person

THEMES = ("dark", "light")
NARROW_PX = 360
BEYOND = """(width) => [...document.body.querySelectorAll("*")]
  .filter((e) => !e.closest("svg, .hidden-label") && e.getClientRects().length > 0)
  .filter((e) => e.getBoundingClientRect().right > width + 0.5 || e.getBoundingClientRect().left < -0.5)
  .map((e) => `${e.tagName} ${e.className} ${e.textContent.trim().slice(0, 30)}`)"""
"""No box of the page scrolls sideways, so what lies beyond its edge is out of reach."""
TWO_FRAMES = "() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))"


def assert_clean(one: Person, screen: str) -> None:
    """Look at a screen with axe in both themes."""
    root = one.page.locator("html")
    for _ in THEMES:
        theme = root.get_attribute("data-theme")
        result = Axe().run(one.page)
        assert result.violations_count == 0, f"{screen}, {theme}: {result.generate_report()}"
        other = next(t for t in THEMES if t != theme)
        if one.page.get_by_test_id("theme").count():
            one.page.get_by_test_id("theme").click()
        else:
            root.evaluate("(e, theme) => e.dataset.theme = theme", other)
        expect(root).to_have_attribute("data-theme", other)


def assert_fits(one: Person) -> None:
    """Look for what lies beyond the edge, once the page has been laid out at the narrow width."""
    one.page.wait_for_function("(width) => window.innerWidth === width", arg=NARROW_PX)
    one.page.evaluate(TWO_FRAMES)
    assert one.page.evaluate(BEYOND, NARROW_PX) == []


def test_signing_in(browser: Browser, house: House, person: Callable[..., Person]) -> None:
    nobody = person("Nobody")
    with nobody.allowing("401"):
        nobody.page.goto(house.address)
        expect(nobody.page.get_by_test_id("sign-in")).to_be_visible()
        assert_clean(nobody, "sign in")


def test_my_work_and_labelling(ada: Person, house: House) -> None:
    assert_clean(ada.draw(house.border()[:4], finish=False), "label, drawing")
    ada.draw(house.border()[4:]).press("2", "b")
    ada.state("lv-apex-endo").to_have_text("can't see")
    assert_clean(ada, "label, drawn")
    ada.press("?")
    expect(ada.page.get_by_test_id("key-sheet")).to_be_visible()
    assert_clean(ada, "label, keys")
    ada.press("Escape")
    ada.ask("location.hash = '#/'")
    expect(ada.page.get_by_role("heading", name="My work")).to_be_visible()
    assert_clean(ada, "my work")


def test_a_choice(ada: Person, house: House) -> None:
    project = house.project("view")
    house.add_role(project, ada.name)
    ada.visit(project)
    assert_clean(ada, "label, choice")
    ada.press("1")
    ada.state("view").to_have_text("Apical four chamber")
    second = ada.page.locator("[data-testid^=choice-]").nth(1)
    second.click()
    expect(second).to_have_attribute("aria-pressed", "true")
    ada.all_saved()
    key = second.get_attribute("data-testid").removeprefix("choice-")
    assert house.labels(project, ada.name)["view"]["instances"] == [{"key": key}]


@pytest.fixture
def lead_at_dashboard(house: House, person: Callable[..., Person]) -> Person:
    """Return a lead before a project of one item that three experts finished."""
    project = house.project(frames=(5,))
    (item,) = house.items(project)
    for k, name in enumerate(("Ada", "Ben", "Cy")):
        house.answered(project, house.member(project, name), item, shift_px=2.0 * k)
    lead = person(house.member(project, "Lena", "lead")).sign_in()
    lead.page.get_by_test_id(f"lead-{project}").click()
    expect(lead.page.get_by_test_id(f"item-{item}")).to_be_visible()
    return lead


def to_consensus(lead: Person) -> Person:
    """Open the first item of the dashboard."""
    lead.page.locator("[data-testid^=item-]").first.click()
    expect(lead.page.get_by_test_id("consensus-path")).to_have_count(1)
    return lead


def test_the_screens_of_the_lead(lead_at_dashboard: Person) -> None:
    assert_clean(lead_at_dashboard, "progress")
    assert_clean(to_consensus(lead_at_dashboard), "consensus")


def test_nothing_of_the_lead_is_cut_off_on_a_narrow_screen(lead_at_dashboard: Person) -> None:
    lead = lead_at_dashboard
    lead.page.set_viewport_size({"width": NARROW_PX, "height": 760})
    expect(lead.page.locator("[data-testid^=expert-]")).to_have_count(3)
    assert_fits(lead)
    assert_clean(lead, "progress, narrow")
    to_consensus(lead)
    expect(lead.page.locator("[data-testid^=look-again-]")).to_have_count(3)
    assert_fits(lead)
    assert_clean(lead, "consensus, narrow")
    button = lead.page.locator("[data-testid^=look-again-]").first
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("address", ["#/garbage", "#/p/x/progress"])
def test_an_address_that_leads_nowhere_says_so(ada: Person, address: str) -> None:
    ada.ask(f"location.hash = '{address}'")
    expect(ada.page.get_by_role("heading", name="There is no such page")).to_be_visible()
    ada.page.get_by_test_id("to-my-work").click()
    expect(ada.page.get_by_role("heading", name="My work")).to_be_visible()


def test_an_item_that_is_not_there_is_said_once(ada: Person, project: str) -> None:
    with ada.allowing("404"):
        ada.ask(f"location.hash = '#/p/{project}/i/{2**40}'")
        alert = ada.page.get_by_role("alert")
        expect(alert).to_contain_text(str(2**40))
        expect(alert).not_to_contain_text("on this device")
        expect(alert.get_by_role("link", name="My work")).to_be_visible()


@pytest.mark.parametrize("width", [360, 760])
def test_nothing_is_cut_off_on_a_narrow_screen(ada: Person, width: int) -> None:
    size = ada.page.viewport_size
    ada.page.set_viewport_size({"width": width, "height": 760})
    try:
        expect(ada.page.get_by_test_id("done")).to_be_in_viewport()
        wide = ada.ask("document.documentElement.scrollWidth")
        assert wide <= width
        stage = ada.page.get_by_test_id("stage").bounding_box()
        assert stage["width"] >= 0.9 * min(width, 360)
        assert stage["height"] >= 160
    finally:
        ada.page.set_viewport_size(size)
