"""The labelling screen around the curve: points, can't see, keys, zoom, finishing an item."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.person import Person, Place, until
from unisono.catalog.projects import item_by_id

QUESTIONS = ("curve-lv-endo", "lv-apex-endo", "mv-ant-hinge", "mv-post-hinge")
APEX: Place = (170.0, 60.0)


def point(ada: Person, key: str = "lv-apex-endo") -> Place:
    instances = ada.labels().get(key, {}).get("instances") or [{"x": -1.0, "y": -1.0}]
    return instances[0]["x"], instances[0]["y"]


def placed(ada: Person) -> Place:
    """Set the apex and return where it is."""
    ada.press("2").click(APEX)
    return until(lambda: point(ada), lambda p: p[0] > 0, "apex")


def scale(ada: Person) -> float:
    """Return px of the screen for one px of the frame."""
    return ada.at((1, 0))[0] - ada.at((0, 0))[0]


def test_a_point_is_set_moved_and_taken_back(ada: Person) -> None:
    first = placed(ada)
    assert abs(first[0] - APEX[0]) < 1
    assert abs(first[1] - APEX[1]) < 1
    ada.state("lv-apex-endo").to_have_text("drawn")
    ada.press("2").drag(first, (first[0] + 10, first[1] + 6))
    moved = until(lambda: point(ada), lambda p: p != first, "apex")
    assert abs(moved[0] - first[0] - 10) < 1
    ada.press("2", "Backspace")
    ada.state("lv-apex-endo").to_have_text("to do")


def test_a_tap_on_a_point_and_a_tap_elsewhere_move_it(ada: Person) -> None:
    first = placed(ada)
    ada.press("2").click(first).click((first[0] + 25, first[1] + 20))
    moved = until(lambda: point(ada), lambda p: p != first, "apex")
    assert abs(moved[0] - first[0] - 25) < 1
    assert abs(moved[1] - first[1] - 20) < 1


def test_arrows_nudge_by_one_px_of_the_screen_and_with_shift_by_ten(ada: Person) -> None:
    x, y = placed(ada)
    px = 1 / scale(ada)
    ada.press("2", "ArrowRight")
    until(lambda: point(ada)[0], lambda now: abs(now - x - px) < 1e-9, "x")
    ada.press("Shift+ArrowDown")
    until(lambda: point(ada)[1], lambda now: abs(now - y - 10 * px) < 1e-9, "y")


@pytest.mark.parametrize(
    ("key", "button", "word"), [("b", "blurred", "can't see"), ("o", "off", "not there")]
)
def test_what_cannot_be_seen_is_said(
    ada: Person, house: House, project: str, key: str, button: str, word: str
) -> None:
    ada.press("3", key)
    ada.state("mv-ant-hinge").to_have_text(word)
    ada.all_saved()
    assert house.labels(project, ada.name)["mv-ant-hinge"] == {"visibility": button, "instances": []}
    ada.press("3", key)
    ada.state("mv-ant-hinge").to_have_text("to do")
    ada.press("4")
    ada.page.get_by_test_id(button).click()
    ada.state("mv-post-hinge").to_have_text(word)
    ada.press("4", "x")
    ada.state("mv-post-hinge").to_have_text("to do")
    ada.all_saved()
    assert house.labels(project, ada.name)["mv-post-hinge"]["visibility"] == "unasked"


@pytest.mark.parametrize("place", [(40.0, 50.0), (160.0, 120.0), (250.5, 90.25)])
def test_zoom_keeps_what_lies_under_the_pointer(ada: Person, place: Place) -> None:
    where, before = ada.at(place), scale(ada)
    ada.page.mouse.move(*where)
    under = ((round(where[0]) - where[0]) / before, (round(where[1]) - where[1]) / before)
    held = (place[0] + under[0], place[1] + under[1])
    where = ada.at(held)
    ada.page.mouse.move(*where)
    ada.page.mouse.wheel(0, -400)
    until(lambda: scale(ada), lambda now: now > 1.3 * before, "scale")
    now = ada.at(held)
    assert abs(now[0] - where[0]) < 0.01
    assert abs(now[1] - where[1]) < 0.01
    ada.press("z")
    until(lambda: scale(ada), lambda s: abs(s - before) < 1e-9, "scale")


@pytest.mark.parametrize("button", ["right", "middle"])
def test_the_picture_moves_with_the_right_or_middle_button_and_nothing_is_drawn(
    ada: Person, button: str
) -> None:
    ada.page.mouse.move(*ada.at((160, 120)))
    ada.page.mouse.wheel(0, -400)
    before = until(lambda: ada.at((160, 120)), lambda _: scale(ada) > 3, "scale")
    ada.drag((160, 120), (140, 110), button=button)
    until(lambda: ada.at((160, 120)), lambda now: now != before, "place")
    now, step = ada.at((160, 120)), scale(ada)
    assert abs(now[0] - before[0] + 20 * step) < 2
    assert abs(now[1] - before[1] + 10 * step) < 2
    assert ada.labels() == {}


def test_light_and_contrast_change_the_picture_and_go_back(ada: Person) -> None:
    canvas = ada.page.locator("canvas").first
    ada.page.keyboard.down("w")
    began_ms = ada.ask("performance.now()")
    ada.drag((100, 100), (130, 80))
    expect(canvas).to_have_css("filter", re.compile("brightness"))
    # A shorter press of the key means "as it was".
    until(lambda: ada.ask("performance.now()") - began_ms, lambda passed: passed > 300, "ms")
    ada.page.keyboard.up("w")
    expect(canvas).to_have_css("filter", re.compile("brightness"))
    assert ada.labels() == {}
    ada.press("w")
    expect(canvas).to_have_css("filter", "none")


def test_keys_of_the_recording(ada: Person) -> None:
    def frame() -> int:
        return int(ada.ask("__unisono.frame()"))

    def comes(key: str, wanted: int) -> None:
        ada.press(key)
        until(frame, lambda f: f == wanted, f"after {key} the frame")

    comes("Home", 0)
    comes("ArrowRight", 1)
    comes("ArrowLeft", 0)
    comes("ArrowLeft", 11)
    comes("End", 11)
    comes("Shift+ArrowLeft", 1)
    comes("[", asked(ada))
    speed = ada.page.get_by_test_id("speed")
    ada.press(".")
    expect(speed).to_have_value("2")
    ada.press(",", ",")
    expect(speed).to_have_value("0.5")
    ada.press("Space")
    expect(ada.page.get_by_test_id("play")).to_contain_text("Pause")
    ada.press("Space")
    expect(ada.page.get_by_test_id("play")).to_contain_text("Play")


def asked(ada: Person) -> int:
    """Return the frame that the item asks about."""
    with ada.house.catalog.read() as connection:
        frame = item_by_id(connection, ada.item).frame
    assert frame is not None
    return frame


def test_h_hides_the_labels_while_it_is_held(ada: Person, house: House) -> None:
    ada.draw(house.border())
    path = ada.page.get_by_test_id("curve-path")
    expect(path).to_have_count(1)
    ada.page.keyboard.down("h")
    expect(path).to_have_count(0)
    ada.page.keyboard.up("h")
    expect(path).to_have_count(1)


def test_the_key_sheet_opens_and_closes(ada: Person) -> None:
    sheet = ada.page.get_by_test_id("key-sheet")
    ada.press("?")
    expect(sheet).to_be_visible()
    ada.press("Escape")
    expect(sheet).to_have_count(0)


def test_an_item_is_done_by_keyboard_alone(ada: Person, house: House, project: str) -> None:
    first = ada.item
    ada.press("1", "b")
    ada.state("curve-lv-endo").to_have_text("can't see")
    ada.press("o", "n")
    ada.state("lv-apex-endo").to_have_text("not there")
    ada.press("b", "Enter")
    expect(ada.page.get_by_test_id("hint")).to_contain_text(re.compile("Still to do"))
    ada.press("n", "b")
    for question in QUESTIONS:
        ada.state(question).not_to_have_text("to do")
    ada.press("Enter")
    until(lambda: ada.item, lambda item: item != first, "item")
    ada.at_desk().all_saved()
    assert house.outcomes(project, ada.name) == {first: ("done", "")}


def test_a_handle_reached_by_tab_is_moved_by_arrows(ada: Person, house: House) -> None:
    ada.draw(house.border())
    before = ada.nodes()[2]
    ada.press("Shift")
    handle = ada.page.get_by_test_id("node-2")
    for _ in range(60):
        ada.press("Tab")
        if handle.evaluate("(e) => e === document.activeElement"):
            break
    expect(handle).to_be_focused()
    expect(handle).to_have_attribute("aria-pressed", "true")
    ada.press("ArrowUp")
    until(lambda: ada.nodes()[2][1], lambda y: y < before[1], "y")


def test_unusable_with_a_reason_goes_on_to_the_next_item(ada: Person, house: House, project: str) -> None:
    first = ada.item
    ada.page.get_by_test_id("unusable").click()
    reason = ada.page.locator("[data-testid^=unusable-]").first
    words = reason.inner_text()
    reason.click()
    until(lambda: ada.item, lambda item: item != first, "item")
    ada.at_desk().all_saved()
    assert house.outcomes(project, ada.name) == {first: ("unusable", words)}


def test_done_comes_back_to_the_list_after_the_last_item_and_can_be_corrected(
    ada: Person, house: House, project: str
) -> None:
    first = ada.item
    for k in range(3):
        here = ada.item
        ada.draw(house.border()).page.get_by_test_id("done").click()
        if k < 2:
            until(lambda: ada.item, lambda item, here=here: item not in (here, ""), "item")
            ada.at_desk().still()
    expect(ada.page.get_by_test_id(f"queue-card-{project}")).to_contain_text("All 3 items done")
    assert {o for o, _ in house.outcomes(project, ada.name).values()} == {"done"}
    ada.page.goto(f"{house.address}/#/p/{project}/i/{first}")
    ada.at_desk().still()
    expect(ada.page.get_by_test_id("outcome")).to_contain_text("correction")
    start = ada.nodes()[1]
    ada.drag(start, (start[0] - 5, start[1]))
    moved = until(ada.nodes, lambda nodes: nodes[1] != start, "nodes")[1]
    ada.all_saved()
    stored = house.labels(project, ada.name, first)["curve-lv-endo"]["instances"][0]["nodes"][1]
    assert (stored["x"], stored["y"]) == moved


def test_a_curve_is_drawn_by_keys_alone(ada: Person, house: House, project: str) -> None:
    ada.press("c")
    cross = ada.page.get_by_test_id("cross-hair")
    expect(cross).to_be_visible()
    for keys in ("ArrowLeft", "ArrowUp", "ArrowRight", "ArrowRight", "ArrowDown"):
        ada.press(*[keys] * 5, "Space")
    ada.press("Enter", "c")
    expect(cross).to_have_count(0)
    ada.state("curve-lv-endo").to_have_text("drawn")
    drawn = ada.nodes()
    assert len(drawn) == 5
    rights = [b[0] - a[0] for a, b in pairwise(drawn[1:4])]
    assert rights[0] == pytest.approx(rights[1])
    assert rights[0] > 0
    assert drawn[1][0] == pytest.approx(drawn[0][0])
    assert drawn[1][1] < drawn[0][1]
    ada.all_saved()
    assert house.labels(project, ada.name)["curve-lv-endo"]["visibility"] == "seen"
