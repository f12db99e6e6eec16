"""Fingers: long press, two fingers, the disc below a handle. Only Chromium's driver can send touches."""

from collections.abc import Sequence

import pytest
from playwright.sync_api import CDPSession

from tests.browser.house import House
from tests.browser.person import Person, Place, until

DISC_PX = 36
"""Of the screen: how far below its place a handle is held by touch."""


class Fingers:
    """Touches in px of the screen.

    Parameters
    ----------
    session : CDPSession
    """

    def __init__(self, session: CDPSession) -> None:
        self.session = session

    def send(self, kind: str, places: Sequence[Place] = ()) -> None:
        """Send one touch event with all fingers that are down."""
        points = [{"x": x, "y": y, "id": k} for k, (x, y) in enumerate(places)]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def drag(self, start: Place, end: Place, steps: int = 5) -> None:
        """Drag with one finger."""
        self.send("touchStart", [start])
        for k in range(1, steps + 1):
            share = k / steps
            at = (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))
            self.send("touchMove", [at])
        self.send("touchEnd")


@pytest.fixture
def fingers(ada: Person, browser_name: str) -> Fingers:
    if browser_name != "chromium":
        pytest.skip("Firefox's driver sends no touches")
    return Fingers(ada.context.new_cdp_session(ada.page))


def test_a_long_press_deletes_a_node(ada: Person, house: House, fingers: Fingers) -> None:
    before = ada.draw(house.border()).nodes()
    fingers.send("touchStart", [ada.at(before[2])])
    assert ada.has_nodes(6) == before[:2] + before[3:]
    fingers.send("touchEnd")
    assert len(ada.nodes()) == 6


def test_two_fingers_zoom_and_draw_nothing(ada: Person, fingers: Fingers) -> None:
    (x, y), before = ada.at((160, 120)), ada.at((1, 0))[0] - ada.at((0, 0))[0]
    fingers.send("touchStart", [(x - 40, y)])
    fingers.send("touchStart", [(x - 40, y), (x + 40, y)])
    for spread in (50, 60, 70, 80):
        fingers.send("touchMove", [(x - spread, y), (x + spread, y)])
    fingers.send("touchEnd")
    until(lambda: ada.at((1, 0))[0] - ada.at((0, 0))[0], lambda now: abs(now / before - 2) < 0.05, "scale")
    now = ada.at((160, 120))
    assert abs(now[0] - x) < 2
    assert abs(now[1] - y) < 2
    assert ada.labels() == {}


def test_a_point_is_held_by_the_disc_below_it(ada: Person, fingers: Fingers) -> None:
    x, y = ada.press("2").at((160, 100))
    fingers.drag((x, y), (x, y))
    ada.state("lv-apex-endo").to_have_text("drawn")
    first = ada.labels()["lv-apex-endo"]["instances"][0]
    ada.press("2")
    fingers.drag((x, y + DISC_PX), (x + 40, y + DISC_PX + 20))
    now = ada.settled(lambda labels: labels["lv-apex-endo"]["instances"][0] != first)
    at = ada.at(tuple(now["lv-apex-endo"]["instances"][0][axis] for axis in "xy"))
    assert abs(at[0] - x - 40) < 1.5
    assert abs(at[1] - y - 20) < 1.5


def test_nodes_are_set_one_below_the_other_where_discs_would_be(ada: Person, fingers: Fingers) -> None:
    x, y = ada.at((140, 60))
    for k in range(4):
        at = (x + 3 * k, y + DISC_PX * k)
        fingers.drag(at, at)
        ada.has_nodes(k + 1)
    ada.press("Enter")
    ada.state("curve-lv-endo").to_have_text("drawn")


def test_a_node_in_hand_is_held_by_its_disc(ada: Person, house: House, fingers: Fingers) -> None:
    before = ada.draw(house.border()).nodes()
    x, y = ada.at(before[2])
    fingers.drag((x, y), (x, y))
    fingers.drag((x, y + DISC_PX), (x - 20, y + DISC_PX + 10))
    nodes = until(ada.nodes, lambda now: now[2] != before[2], "node")
    at = ada.at(nodes[2])
    assert abs(at[0] - x + 20) < 1.5
    assert abs(at[1] - y - 10) < 1.5
