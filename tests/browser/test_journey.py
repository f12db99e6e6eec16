"""The whole way through the page, once in each browser: two experts blind to each other, and their lead."""

import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.person import NO_NETWORK, Person, until
from tests.browser.tap import Tap
from unisono.labels.spline import Path, SplineKind, Step, render

SAME_PX = 1e-6
ALL_DIGITS = "Number.prototype.toFixed = function () { return String(this) }"
"""The page rounds what it draws to hundredths of a px of the screen; a test asks for all digits."""
LISTEN = "window.heard = new EventSource('api/events'); true"


@pytest.fixture
def taps(house: House) -> Iterator[tuple[Tap, Tap]]:
    """Return two relays to the server, for the second expert and for the lead."""
    relays = Tap(house.running.port), Tap(house.running.port)
    yield relays
    for relay in relays:
        relay.close()


def drawn_curve(ada: Person) -> np.ndarray:
    """Return the curve as it is drawn, in px of the frame, from what the SVG element is told."""
    data = ada.page.get_by_test_id("curve-path").get_attribute("d")
    seen = np.array([[float(v) for v in pair.split()] for pair in re.split("[ML]", data) if pair])
    box = ada.page.get_by_test_id("stage").bounding_box()
    origin = np.array(ada.at((0, 0))) - (box["x"], box["y"])
    return (seen - origin) / (ada.at((1, 0))[0] - ada.at((0, 0))[0])


def node_array(curve: dict[str, object]) -> np.ndarray:
    return np.array([(n["x"], n["y"]) for n in curve["nodes"]])  # type: ignore[attr-defined]


def work_offline_and_come_back(ada: Person) -> None:
    """Draw with the network off, then let it be saved."""
    line = ada.page.get_by_test_id("saved-line")
    before = ada.nodes()
    with ada.allowing(NO_NETWORK):
        ada.context.set_offline(True)
        ada.drag(before[1], (before[1][0] - 7, before[1][1] + 3))
        until(ada.nodes, lambda nodes: nodes[1] != before[1], "nodes")
        ada.drag(before[5], (before[5][0] + 6, before[5][1] - 2))
        until(ada.nodes, lambda nodes: nodes[5] != before[5], "nodes")
        expect(line).to_contain_text(re.compile(r"offline, ([2-9]|\d\d+) waiting, kept on this device"))
        ada.context.set_offline(False)
        ada.all_saved()
    expect(line).to_contain_text(re.compile(r"saved \d+:\d\d:\d\d.*, 0 waiting"))


def ada_draws(ada: Person, house: House, project: str) -> dict[str, object]:
    """Do everything of the labelling screen but to finish; return the labels."""
    ada.context.add_init_script(ALL_DIGITS)
    ada.sign_in()
    expect(ada.page.get_by_test_id(f"queue-card-{project}")).to_contain_text("1 of 1 item left")
    ada.begin(project)
    until(lambda: ada.ask("__unisono.playing()"), bool, "playing")
    until(lambda: ada.ask("__unisono.frame()"), lambda frame: frame > 1, "frame")
    ada.still().draw(house.border())
    before = ada.nodes()
    ada.press("Space")
    until(lambda: ada.ask("__unisono.playing()"), bool, "playing")
    ada.drag(before[3], (before[3][0] + 6, before[3][1] + 5), steps=20)
    until(ada.nodes, lambda nodes: abs(nodes[3][0] - before[3][0]) > 4, "nodes")
    assert ada.ask("__unisono.playing()")
    ada.still().press("2", "b")
    ada.state("lv-apex-endo").to_have_text("can't see")
    work_offline_and_come_back(ada)
    return ada.labels()


def test_two_blind_experts_and_their_lead(
    taps: tuple[Tap, Tap], person: Callable[..., Person], house: House
) -> None:
    project = house.project(frames=(5,))
    names = [house.member(project, n) for n in ("Ada", "Ben")] + [house.member(project, "Lena", "lead")]
    ada = person(names[0])
    labels = ada_draws(ada, house, project)

    ada.reload().still()
    assert ada.labels().keys() == labels.keys()
    curve = labels["curve-lv-endo"]["instances"][0]
    nodes = node_array(curve)
    assert np.abs(node_array(ada.curve()) - nodes).max() < SAME_PX
    assert ada.labels()["lv-apex-endo"] == {"visibility": "blurred", "instances": []}
    stored = house.labels(project, ada.name)
    assert np.abs(node_array(stored["curve-lv-endo"]["instances"][0]) - nodes).max() < SAME_PX
    (stroke,) = render(Path(nodes, (Step.BEND,) * len(nodes), SplineKind.CHORD))
    assert np.abs(drawn_curve(ada) - stroke).max() < SAME_PX

    ben = person(names[1], taps[0].address).sign_in()
    expect(ben.page.get_by_test_id(f"queue-card-{project}")).to_contain_text("1 of 1 item left")
    ben.ask(LISTEN)
    until(lambda: b"text/event-stream" in taps[0].received, bool, "stream")
    ada.press("Enter")
    expect(ada.page.get_by_test_id(f"queue-card-{project}")).to_contain_text("All 1 item done")
    ada.all_saved()
    ben.reload_list().begin(project).still()
    assert ben.labels() == {}
    ben.draw([(x + 3, y + 2) for x, y in house.border(8)])
    ben.all_saved().press("Enter")
    expect(ben.page.get_by_test_id(f"queue-card-{project}")).to_contain_text("All 1 item done")
    ben.all_saved()

    lena = person(names[2], taps[1].address).sign_in()
    lena.page.get_by_test_id(f"lead-{project}").click()
    pseudonyms = [house.expert(name).pseudonym for name in names[:2]]
    for pseudonym in pseudonyms:
        expect(lena.page.get_by_test_id(f"expert-{pseudonym}")).to_contain_text("1")
    item = next(iter(house.outcomes(project, ada.name)))
    lena.page.get_by_test_id(f"item-{item}").click()
    for pseudonym in pseudonyms:
        expect(lena.page.get_by_test_id(f"expert-path-{pseudonym}")).to_have_count(1)
    expect(lena.page.get_by_test_id("consensus-path")).to_have_count(1)
    assert_blind(*taps, house, project, names)


def secrets_of(house: House, project: str, name: str) -> set[bytes]:
    """Return what only this expert and a lead may know: who it is, the answers' ids, each coordinate."""
    expert = house.expert(name)
    found = {expert.id, expert.name, expert.pseudonym}
    for answer in house.answers(project, name):
        found.add(answer.id)
        for instance in answer.label["instances"]:
            for place in instance.get("nodes", [instance]):
                found |= {repr(place[axis]) for axis in "xy" if len(repr(place[axis])) > 7}
    return {text.encode() for text in found}


def assert_blind(bens: Tap, lenas: Tap, house: House, project: str, names: list[str]) -> None:
    """Search all that the second expert's browser was sent for what is the first one's."""
    assert b"content-encoding" not in bens.received.lower(), "compressed bytes cannot be searched"
    hers = secrets_of(house, project, names[0])
    assert len(hers) > 15
    assert [s for s in hers if s in bens.received] == []
    # The search proves something only if it would find: the lead was sent every one of them.
    assert [s for s in hers if s not in lenas.received] == []
    assert house.expert(names[1]).name.encode() in bens.received
    assert house.clip.code.encode() in bens.received
