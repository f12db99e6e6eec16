"""Each gesture of the curve, by mouse, in real browsers."""

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.person import Person, Place, until
from unisono.labels.spline import Path, SplineKind, Step, render

POINTER_PX = 1.0
"""Of the frame, shown at more than twice its size: browsers round the pointer to whole px of the screen."""


def near(a: Place, b: Place, within: float = POINTER_PX) -> bool:
    return abs(a[0] - b[0]) <= within and abs(a[1] - b[1]) <= within


def on_line(ada: Person, segment: int, share: float = 0.5) -> Place:
    """Return a place on the drawn curve between two nodes."""
    nodes = np.array(ada.nodes())
    path = Path(nodes, (Step.BEND,) * len(nodes), SplineKind.CHORD)
    (stroke,) = render(path)
    x, y = stroke[round(32 * (segment + share))]
    return float(x), float(y)


@pytest.fixture
def drawn(ada: Person, house: House) -> Person:
    """Return an expert with a finished curve of seven nodes."""
    ada.draw(house.border())
    assert len(ada.nodes()) == 7
    return ada


def test_clicks_add_nodes_where_they_were_made(ada: Person, house: House) -> None:
    border = house.border()
    ada.draw(border, finish=False)
    nodes = ada.has_nodes(len(border))
    assert all(near(n, b) for n, b in zip(nodes, border, strict=True))
    ada.state("curve-lv-endo").to_have_text("drawing")


def test_enter_ends_the_curve_and_its_ends_and_top_become_the_points(drawn: Person) -> None:
    labels = drawn.labels()
    nodes = drawn.nodes()
    places = {k: labels[k]["instances"][0] for k in ("mv-ant-hinge", "lv-apex-endo", "mv-post-hinge")}
    assert (places["mv-ant-hinge"]["x"], places["mv-ant-hinge"]["y"]) == nodes[0]
    assert (places["mv-post-hinge"]["x"], places["mv-post-hinge"]["y"]) == nodes[-1]
    apex = places["lv-apex-endo"]
    assert (apex["x"], apex["y"]) == min(nodes, key=lambda n: n[1])
    for question in ("curve-lv-endo", *places):
        drawn.state(question).to_have_text("drawn")


def test_a_double_click_ends_the_curve(ada: Person, house: House) -> None:
    *first, last = house.border()
    ada.draw(first, finish=False)
    ada.page.mouse.dblclick(*ada.at(last))
    ada.state("curve-lv-endo").to_have_text("drawn")
    assert near(ada.has_nodes(7)[-1], last)


def test_two_clicks_are_no_curve(ada: Person, house: House) -> None:
    ada.draw(house.border()[:2], finish=False).press("Enter")
    expect(ada.page.get_by_test_id("hint")).to_contain_text("at least 3")
    ada.state("curve-lv-endo").to_have_text("drawing")


def test_a_click_on_the_curve_puts_a_node_in(drawn: Person) -> None:
    place = on_line(drawn, 3)
    before = drawn.nodes()
    drawn.click(place)
    after = drawn.has_nodes(8)
    assert near(after[4], place)
    assert after[:4] + after[5:] == before


def test_a_dragged_node_moves_by_the_drag_and_takes_its_point_along(drawn: Person) -> None:
    before = drawn.nodes()
    start = before[0]
    drawn.drag(start, (start[0] - 9, start[1] + 4))
    after = until(drawn.nodes, lambda nodes: nodes[0] != start, "nodes")
    assert near(after[0], (start[0] - 9, start[1] + 4))
    assert after[1:] == before[1:]
    point = drawn.labels()["mv-ant-hinge"]["instances"][0]
    assert (point["x"], point["y"]) == after[0]


def test_a_dragged_point_takes_its_node_along(drawn: Person) -> None:
    start = drawn.nodes()[-1]
    drawn.press("4").drag(start, (start[0] + 8, start[1] + 5))
    after = until(drawn.nodes, lambda nodes: nodes[-1] != start, "nodes")
    assert near(after[-1], (start[0] + 8, start[1] + 5))


def test_the_line_bends_to_where_it_is_dragged(drawn: Person) -> None:
    before = drawn.nodes()
    grip = on_line(drawn, 1)
    goal = (grip[0] - 12, grip[1] + 2)
    drawn.drag(grip, goal)
    after = drawn.has_nodes(8)
    assert near(after[2], goal)
    assert after[:2] + after[3:] == before


def test_the_line_held_beside_a_node_takes_that_node(drawn: Person) -> None:
    before = drawn.nodes()
    grip = on_line(drawn, 1, 0.24)
    drawn.drag(grip, (grip[0] - 10, grip[1]))
    after = until(drawn.nodes, lambda nodes: nodes != before, "nodes")
    assert len(after) == 7
    assert near(after[1], (before[1][0] - 10, before[1][1]))


def test_backspace_takes_back_the_last_node_then_the_chosen_one(ada: Person, house: House) -> None:
    border = house.border()
    ada.draw(border, finish=False)
    ada.has_nodes(7)
    ada.press("Backspace")
    assert near(ada.has_nodes(6)[-1], border[5])
    ada.click(border[6])
    ada.has_nodes(7)
    ada.press("Enter")
    ada.state("curve-lv-endo").to_have_text("drawn")
    before = ada.nodes()
    ada.click(before[2]).press("Backspace")
    assert ada.has_nodes(6) == before[:2] + before[3:]


def test_alt_click_deletes_a_node(drawn: Person) -> None:
    before = drawn.nodes()
    drawn.page.keyboard.down("Alt")
    drawn.click(before[4])
    drawn.page.keyboard.up("Alt")
    assert drawn.has_nodes(6) == before[:4] + before[5:]


@pytest.mark.parametrize(("step", "key"), [("straight", "d"), ("gap", "g")])
def test_a_segment_is_straight_or_a_gap_and_bendy_again(drawn: Person, step: str, key: str) -> None:
    def steps() -> list[str]:
        return [n.get("step", "bend") for n in drawn.curve()["nodes"]]

    drawn.click(drawn.nodes()[2]).press(key)
    until(steps, lambda s: s[2] == step, "steps")
    assert steps() == ["bend"] * 2 + [step] + ["bend"] * 4
    strokes = drawn.page.get_by_test_id("curve-path").get_attribute("d").count("M")
    assert strokes == (2 if step == "gap" else 1)
    drawn.page.get_by_test_id("bend").click()
    until(steps, lambda s: s == ["bend"] * 7, "steps")
    drawn.page.get_by_test_id(step).click()
    until(steps, lambda s: s[2] == step, "steps")


def test_freehand_is_drawn_in_one_stroke(ada: Person, house: House) -> None:
    ada.press("f")
    expect(ada.page.get_by_test_id("hint")).to_contain_text("one stroke")
    places = [ada.at(p) for p in house.border(25)]
    mouse = ada.page.mouse
    mouse.move(*places[0])
    mouse.down()
    for place in places[1:]:
        mouse.move(*place, steps=2)
    mouse.up()
    ada.state("curve-lv-endo").to_have_text("drawn")
    curve = ada.curve()
    assert curve["freehand"]
    assert len(curve["nodes"]) >= 25
    assert near(ada.nodes()[0], house.border()[0])
    assert near(ada.nodes()[-1], house.border()[-1])


def test_every_gesture_is_undone_and_done_again(ada: Person, house: House) -> None:
    border = house.border()
    snapshots = [ada.labels()]

    def after(what: str) -> None:
        snapshots.append(until(ada.labels, lambda labels: labels != snapshots[-1], what))

    for node in border:
        ada.click(node)
        after("click")
    ada.press("Enter")
    after("finish")
    ada.drag(border[1], (border[1][0] - 8, border[1][1]))
    after("move")
    ada.click(on_line(ada, 3))
    after("insert")
    ada.press("d")
    after("straight")
    ada.press("Backspace")
    after("delete")
    ada.press("2", "b")
    after("blurred")
    ada.press("3", "x")
    after("clear")
    for earlier in reversed(snapshots[:-1]):
        ada.press("Control+z")
        ada.settled(lambda labels, earlier=earlier: labels == earlier)
    expect(ada.page.get_by_test_id("undo")).to_be_disabled()
    for later in snapshots[1:]:
        ada.press("Control+Shift+z")
        ada.settled(lambda labels, later=later: labels == later)
    expect(ada.page.get_by_test_id("redo")).to_be_disabled()
    ada.page.get_by_test_id("undo").click()
    ada.settled(lambda labels: labels == snapshots[-2])


def test_the_loupe_is_there_while_a_handle_moves(drawn: Person) -> None:
    x, y = drawn.at(drawn.nodes()[3])
    loupe = drawn.page.locator(".loupe")
    expect(loupe).to_have_count(0)
    drawn.page.mouse.move(x, y)
    drawn.page.mouse.down()
    drawn.page.mouse.move(x + 12, y + 6, steps=3)
    expect(loupe).to_be_visible()
    drawn.page.mouse.up()
    expect(loupe).to_have_count(0)


def test_a_node_is_dragged_while_the_loop_plays(drawn: Person) -> None:
    before = drawn.nodes()
    drawn.press("Space")
    until(lambda: drawn.ask("__unisono.playing()"), bool, "playing")
    (x, y), mouse = drawn.at(before[3]), drawn.page.mouse
    mouse.move(x, y)
    mouse.down()
    frames = set()
    for k in range(1, 41):
        mouse.move(x + k / 2, y + k / 2)
        frames.add(drawn.ask("__unisono.frame()"))
    until(lambda: frames.add(drawn.ask("__unisono.frame()")) or len(frames), lambda n: n > 2, "frames")
    mouse.up()
    after = until(drawn.nodes, lambda nodes: nodes[3] != before[3], "nodes")
    assert drawn.ask("__unisono.playing()")
    goal = (x + 20, y + 20)
    there = drawn.at(after[3])
    assert near(there, goal, within=2.0)
    assert after[:3] + after[4:] == before[:3] + before[4:]


def test_a_border_begun_on_another_frame_waits_for_the_one_that_is_asked(ada: Person, house: House) -> None:
    first, second, *_ = house.border()
    asked = ada.ask("__unisono.frame()")
    ada.still(asked + 3)
    until(lambda: ada.ask("__unisono.frame()"), lambda frame: frame == asked + 3, "frame")
    ada.click(first)
    until(lambda: ada.ask("__unisono.frame()"), lambda frame: frame == asked, "frame")
    hint = ada.page.get_by_test_id("hint")
    expect(hint).to_have_text("This is the frame that is asked: click again to begin")
    assert ada.nodes() == []
    ada.click(second)
    assert near(ada.has_nodes(1)[0], second)
    expect(hint).not_to_contain_text("click again")
