"""Cards are put in order by drag, by keys and by taps; two side by side; a reload loses nothing."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.person import Person, until
from tests.browser.test_access import NARROW_PX, assert_clean, assert_fits
from tests.make import make_clip
from unisono.annotate.run import projects
from unisono.annotate.run.projects import SetPlan, Target

AXIS = "rank-a4c-foreshortening"
QUESTION = "a4c-foreshortening"
SEEDS = range(500, 508)
WANTED = "FBADCE"
"""The cards in the order in which every hand puts them; they are lettered as they are shown."""


@pytest.fixture(scope="package")
def clips(only_house: House) -> list[str]:
    """Return eight clips of different lengths."""
    return [make_clip(only_house.catalog, seed=s, n_frames=4 + s % 3).code for s in SEEDS]


def ranked(house: House, clips: list[str], n: int = 6, plan: SetPlan | None = None, axis: str = AXIS) -> str:
    """Make a project of its own over sets of some clips."""
    slug = f"rank{next(house.numbers)}"
    job = partial(
        projects.create_project,
        slug=slug,
        protocol_text=projects.shipped_protocols()[axis],
        targets=[Target(code) for code in clips[:n]],
        seed="seed",
        plan=plan or SetPlan(repeats=0),
    )
    house.catalog.write(job)
    return slug


@pytest.fixture
def seated(house: House, person: Callable[..., Person], clips: list[str]) -> Callable[..., Person]:
    """Return how to seat somebody at the first set of a project of its own."""

    def seat(n: int = 6, **plan: Any) -> Person:
        slug = ranked(house, clips, n, SetPlan(**{"repeats": 0, **plan}))
        one = person(house.member(slug, "Ada")).sign_in().begin(slug)
        one.project = slug
        return one

    return seat


def order(ada: Person) -> str:
    """Return the cards as they stand on the screen, level ones joined by "="."""
    shown = ada.ask(
        "[...document.querySelectorAll('[data-member]')].map((e) => e.dataset.testid.slice(5)).join('')"
    )
    said = ada.labels().get(QUESTION, {}).get("instances")
    if said:
        letter = {code: chr(65 + i) for i, code in enumerate(said[0]["shown"])}
        groups = ["=".join(letter[code] for code in group) for group in said[0]["groups"]]
        assert "".join(groups).replace("=", "") + "".join(letter[c] for c in said[0]["aside"]) == shown
        return " ".join(groups)
    return " ".join(shown)


def becomes(ada: Person, wanted: str) -> None:
    until(lambda: order(ada), lambda got: got == wanted, f"order {wanted}, order")


def middle(ada: Person, letter: str, share: float = 0.5) -> tuple[float, float]:
    box = ada.page.get_by_test_id(f"card-{letter}").bounding_box()
    return box["x"] + share * box["width"], box["y"] + box["height"] / 2


def drag(ada: Person, letter: str, onto: str, share: float) -> None:
    mouse = ada.page.mouse
    mouse.move(*middle(ada, letter))
    mouse.down()
    mouse.move(*middle(ada, onto, share), steps=5)
    mouse.up()


def by_drag(ada: Person) -> None:
    drag(ada, "F", "A", 0.1)
    becomes(ada, "F A B C D E")
    drag(ada, "B", "A", 0.1)
    becomes(ada, "F B A C D E")
    drag(ada, "C", "D", 0.9)


def by_keys(ada: Person) -> None:
    ada.press("ArrowDown", "ArrowRight", "ArrowRight")
    ada.press(*["Shift+ArrowLeft"] * 5)
    becomes(ada, "F A B C D E")
    ada.press("3", "2")
    becomes(ada, "F B A C D E")
    ada.press("4", "5")


def by_taps(ada: Person) -> None:
    for card, place in ("FA", "BA", "CD"):
        ada.page.get_by_test_id(f"card-{card}").click()
        ada.page.get_by_test_id(f"card-{place}").click()


@pytest.mark.parametrize("hand", [by_drag, by_keys, by_taps])
def test_six_in_order_are_the_same_by_drag_by_keys_and_by_taps(
    seated: Callable[..., Person], house: House, hand: Callable[[Person], None]
) -> None:
    ada = seated()
    becomes(ada, "A B C D E F")
    hand(ada)
    becomes(ada, " ".join(WANTED))
    ada.all_saved()
    stored = house.labels(ada.project, ada.name)[QUESTION]["instances"][0]
    letter = {code: chr(65 + i) for i, code in enumerate(stored["shown"])}
    assert ["".join(letter[c] for c in group) for group in stored["groups"]] == list(WANTED)
    ada.press("Control+z")
    becomes(ada, "F B A C D E")
    ada.press("Control+Shift+z")
    ada.all_saved().reload()
    becomes(ada, " ".join(WANTED))
    ada.press("Enter")
    expect(ada.page.get_by_role("heading", name="My work")).to_be_visible()
    until(lambda: house.outcomes(ada.project, ada.name), lambda done: len(done) == 1, "finished items")


def test_level_ones_and_what_cannot_be_judged(seated: Callable[..., Person], house: House) -> None:
    ada = seated()
    drag(ada, "C", "A", 0.5)
    becomes(ada, "A=C B D E F")
    ada.press("3", "t")
    becomes(ada, "A=C=B D E F")
    ada.press("t")
    becomes(ada, "A=C B D E F")
    ada.page.get_by_test_id("card-F").click()
    ada.page.get_by_test_id("set-aside").click()
    becomes(ada, "A=C B D E")
    ada.page.get_by_test_id("no-difference").click()
    becomes(ada, "A=B=C=D=E")
    ada.press("x")
    becomes(ada, "A B C D E F")
    ada.all_saved()
    assert house.labels(ada.project, ada.name)[QUESTION]["visibility"] == "unasked"


def test_an_order_that_nobody_touched_is_right_only_when_that_is_said(
    seated: Callable[..., Person], house: House
) -> None:
    ada = seated()
    ada.press("Enter")
    expect(ada.page.get_by_test_id("hint")).to_contain_text("press Enter once more")
    assert house.outcomes(ada.project, ada.name) == {}
    ada.press("Enter")
    expect(ada.page.get_by_role("heading", name="My work")).to_be_visible()
    until(lambda: house.outcomes(ada.project, ada.name), lambda done: len(done) == 1, "finished items")
    assert len(house.labels(ada.project, ada.name)[QUESTION]["instances"][0]["groups"]) == 6


def test_of_two_an_arrow_says_which_and_a_repeat_is_mirrored(
    seated: Callable[..., Person], house: House
) -> None:
    ada = seated(2, size=2, repeats=0.5)
    ada.press("Enter")
    expect(ada.page.get_by_test_id("hint")).to_contain_text("no visible difference")
    ada.press("ArrowRight")
    expect(ada.page.get_by_test_id("side-right")).to_have_attribute("aria-pressed", "true")
    ada.press("=")
    expect(ada.page.get_by_test_id("no-difference")).to_have_attribute("aria-pressed", "true")
    ada.press("ArrowLeft")
    first = ada.item
    ada.press("Enter")
    until(lambda: ada.item, lambda item: item != first, "item")
    ada.at_desk().press("ArrowLeft", "Enter")
    expect(ada.page.get_by_role("heading", name="My work")).to_be_visible()
    ada.all_saved()
    one, two = (a.label["instances"][0] for a in house.answers(ada.project, ada.name))
    assert one["shown"] == two["shown"][::-1]
    assert one["groups"] == two["groups"][::-1] == [[code] for code in one["shown"]]


def test_loops_play_in_step_and_the_axis_is_in_sight(seated: Callable[..., Person]) -> None:
    ada = seated(8, size=8)
    expect(ada.page.get_by_test_id("axis-sentence")).to_have_text("How foreshortened is the left ventricle?")
    expect(ada.page.get_by_text("most foreshortened", exact=True)).to_be_visible()
    until(lambda: ada.ask("__unisono.playing()"), bool, "playing")
    ada.press("Space")
    until(lambda: ada.ask("__unisono.playing()"), lambda playing: not playing, "playing")
    before = ada.ask("__unisono.frame()")
    ada.press("]")
    until(lambda: ada.ask("__unisono.frame()"), lambda frame: frame != before, "frame")
    ada.press("z")
    expect(ada.page.get_by_test_id("large")).to_be_visible()
    ada.press("Escape")
    expect(ada.page.get_by_test_id("large")).to_have_count(0)
    ada.press("?")
    expect(ada.page.get_by_test_id("key-sheet")).to_contain_text("no visible difference at all")


def test_no_screen_of_ranking_keeps_anybody_out(
    seated: Callable[..., Person], house: House, person: Callable[..., Person], clips: list[str]
) -> None:
    ada = seated()
    ada.press("3", "1")
    assert_clean(ada, "six in order")
    ada.page.set_viewport_size({"width": NARROW_PX, "height": 844})
    assert_fits(ada)
    assert_clean(seated(2, size=2), "two side by side")
    slug = ranked(house, clips, axis="rank-a4c-segment-apex")
    ben = person(house.member(slug, "Ben")).sign_in()
    assert_clean(ben, "the map of segments")
    ben.page.get_by_test_id("segment-apex").focus()
    ben.press("Enter").at_desk()
    expect(ben.page.get_by_test_id("axis-sentence")).to_contain_text("endocardium of the apex")


def test_without_a_network_an_order_waits_and_arrives_once(
    seated: Callable[..., Person], house: House
) -> None:
    ada = seated(3, size=2, times=2)
    first = ada.item
    ada.page.wait_for_load_state("networkidle")  # the next set is there
    with ada.allowing(r"Failed to load resource|NetworkError|net::ERR_"):
        ada.context.set_offline(True)
        ada.press("ArrowRight", "=", "Control+z", "Enter")
        until(lambda: ada.item, lambda item: item != first, "item")
        ada.at_desk().press("ArrowLeft")
        ada.context.set_offline(False)
        ada.all_saved()
    assert set(house.outcomes(ada.project, ada.name)) == {first}
    stored = house.labels(ada.project, ada.name, first)[QUESTION]["instances"][0]
    assert stored["groups"] == [[code] for code in stored["shown"][::-1]]
    assert len(house.answers(ada.project, ada.name)) == 2
