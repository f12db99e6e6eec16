"""What stands before a reviewer's eyes, and that nothing else counts as seen."""

import re

from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.person import Person, until
from tests.browser.test_review import at, held, rita
from unisono.catalog import evidence as rows
from unisono.ingest.run.review import vault_of

__all__ = ["held", "rita"]


def test_the_darkest_pair_stands_below_the_brightest_and_all_fits_the_screen(rita: Person) -> None:
    names = ("before", "after", "dark-before", "dark-after")
    pictures = [rita.page.get_by_test_id(name) for name in names]
    assert len({picture.locator("image").get_attribute("href") for picture in pictures}) == 4
    for picture in pictures[2:]:
        expect(picture).to_have_attribute("aria-label", re.compile("darkest of all frames"))
    for width, height in ((1280, 800), (1920, 1080), (1366, 768)):
        rita.page.set_viewport_size({"width": width, "height": height})
        ends = [picture.bounding_box() for picture in pictures]
        assert all(box is not None and box["y"] + box["height"] <= height for box in ends), (width, ends)
    small = pictures[1].bounding_box()
    rita.press("e")
    expect(rita.page.get_by_test_id("darkest")).to_have_attribute("aria-pressed", "false")
    expect(pictures[2]).to_have_count(0)
    assert rita.page.get_by_test_id("after").bounding_box()["width"] > small["width"]
    rita.press("e")
    expect(pictures[3]).to_be_visible()


def looks(house: House, code: str) -> list[str]:
    with house.catalog.read() as connection:
        return [d.decision for d in rows.inspections_of(connection, code)]


def test_the_next_clip_is_fetched_ahead_and_counts_as_seen_once_it_is_shown(
    rita: Person, house: House, held: list[str]
) -> None:
    def sent() -> set[str]:
        with vault_of(house.catalog) as vault:
            return {e["what"] for e in vault.audit() if e.get("code") == held[1]}

    until(sent, lambda s: {"before", "after"} <= s, "pictures of the next clip")
    until(lambda: looks(house, held[0]), lambda s: s == ["look"], "look at the first")
    rita.page.wait_for_timeout(1000)
    assert looks(house, held[1]) == []
    rita.press("j")
    at(rita, held[1])
    until(lambda: looks(house, held[1]), lambda s: s == ["look"], "look at the second")


def test_a_page_in_the_background_shows_nobody_anything(rita: Person, house: House, held: list[str]) -> None:
    rita.ask(
        "Object.defineProperty(document, 'visibilityState', { get: () => window.__seen, configurable: true })"
    )
    rita.ask("(window.__seen = 'hidden') && document.dispatchEvent(new Event('visibilitychange'))")
    rita.press("j")
    expect(rita.page.get_by_test_id("after")).to_have_attribute("aria-label", re.compile(held[1][:11]))
    rita.page.wait_for_timeout(1500)
    expect(rita.page.get_by_test_id("approve")).to_be_disabled()
    assert looks(house, held[1]) == []
    rita.ask("(window.__seen = 'visible') && document.dispatchEvent(new Event('visibilitychange'))")
    at(rita, held[1])
    until(lambda: looks(house, held[1]), lambda s: s == ["look"], "look")
