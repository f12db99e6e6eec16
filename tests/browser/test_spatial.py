"""Velocities on a strip, outlines and boxes: set in a browser, read out there, stored on the server."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.person import Person, Place, until
from unisono.bench.phantom.strip import BASELINE, CM_S_PER_PX, LEFT, S_PER_PX, Strip, make_strip
from unisono.catalog.clips import Clip

POINTER_PX = 1.0
"""Of the frame: browsers round the pointer to whole px of the screen."""
Seat = Callable[..., Person]


@pytest.fixture(scope="module")
def strip() -> Strip:
    return make_strip(np.random.default_rng(11))


@pytest.fixture(scope="module")
def spectral(only_house: House, strip: Strip, browser_name: str) -> Clip:
    return only_house.still(f"strip in {browser_name}", strip.image, strip.regions)


def seat(person: Seat, house: House, project: str) -> Person:
    """Return somebody at the first item of a project."""
    name = house.member(project, "Sona")
    return person(name).sign_in().begin(project)


def velocity_cm_s(place: Place) -> float:
    return (BASELINE - place[1]) * CM_S_PER_PX


def test_e_and_a_are_set_beat_by_beat_and_read_in_cm_s(
    person: Seat, house: House, strip: Strip, spectral: Clip
) -> None:
    project = house.project("doppler-mv", frames=(0,), clip=spectral)
    ada = seat(person, house, project)
    expect(ada.page.get_by_test_id("baseline")).to_have_count(1)
    ticks = ada.page.get_by_test_id("velocity-tick").all_text_contents()
    assert {"0", "80", "100 cm/s"} <= set(ticks)
    e, a = ([(float(x), float(y)) for x, y in strip.peaks[key]] for key in ("e-peak", "a-peak"))
    for beat in range(3):
        ada.click(e[beat]).click(a[beat])
    labels = ada.settled(lambda found: len(found.get("a-peak", {}).get("instances", ())) == 3)
    assert len(labels["e-peak"]["instances"]) == 3
    for key, truth in (("e-peak", e), ("a-peak", a)):
        for beat, place in enumerate(truth):
            said = ada.page.get_by_test_id(f"beat-{beat + 1}-{key}").inner_text()
            assert float(said) == pytest.approx(velocity_cm_s(place), abs=CM_S_PER_PX * POINTER_PX + 0.5)
    ada.all_saved()
    stored = house.labels(project, ada.name)["e-peak"]["instances"]
    assert (
        np.abs(np.array([[p["x"], p["y"]] for p in stored]) - strip.peaks["e-peak"][:3]).max() <= POINTER_PX
    )


def test_the_reading_follows_the_drag_and_the_arrows(person: Seat, house: House, spectral: Clip) -> None:
    project = house.project("doppler-mv", frames=(0,), clip=spectral)
    ada = seat(person, house, project)
    reading = ada.page.get_by_test_id("reading")
    start: Place = (LEFT + 100, BASELINE - 150)
    x, y = ada.at(start)
    ada.page.mouse.move(x, y)
    expect(reading).to_have_text(re.compile(r"^(59|60|61) cm/s, (39\d|40\d) ms$"))
    ada.page.mouse.down()
    ada.page.mouse.move(*ada.at((LEFT + 150, BASELINE - 200)), steps=4)
    expect(reading).to_have_text(re.compile(r"^(79|80|81) cm/s, (59\d|60\d) ms$"))
    expect(ada.page.locator(".loupe")).to_be_visible()
    ada.page.mouse.up()
    ada.settled(lambda found: "e-peak" in found)
    ada.page.get_by_test_id("beat-1-e-peak").click()
    before = ada.labels()["e-peak"]["instances"][0]
    ada.press("Shift+ArrowUp")
    moved = ada.settled(lambda found: found["e-peak"]["instances"][0] != before)["e-peak"]["instances"][0]
    expected = (BASELINE - moved["y"]) * CM_S_PER_PX
    expect(reading).to_have_text(f"{expected:.0f} cm/s, {(moved['x'] - LEFT) * S_PER_PX * 1000:.0f} ms")


def test_a_recording_without_a_scale_says_so_and_keeps_its_points(
    person: Seat, house: House, strip: Strip, browser_name: str
) -> None:
    bare = house.still(f"strip without scale in {browser_name}", strip.image)
    project = house.project("tdi", frames=(0,), clip=bare)
    ada = seat(person, house, project)
    expect(ada.page.get_by_test_id("uncalibrated")).to_contain_text("Uncalibrated")
    expect(ada.page.get_by_test_id("axes").locator("path")).to_have_count(0)
    for x in (120.0, 200.0, 280.0):
        ada.click((x, 200.0))
    labels = ada.settled(lambda found: "a-prime" in found)
    assert [len(labels[k]["instances"]) for k in ("s-prime", "e-prime", "a-prime")] == [1, 1, 1]
    expect(ada.page.get_by_test_id("beat-1-e-prime")).to_have_text("set")
    expect(ada.page.get_by_test_id("reading")).to_have_count(0)


def test_an_envelope_sets_its_three_points_and_the_next_beat_its_own(
    person: Seat, house: House, spectral: Clip
) -> None:
    project = house.project("cw-systolic", frames=(0,), clip=spectral)
    ada = seat(person, house, project)
    for left in (100, 320):
        for dx, up in ((0, 0), (30, 120), (60, 200), (100, 0)):
            ada.click((left + dx, BASELINE - up))
        ada.press("Enter")
        ada.state("curve-systolic").to_have_text("drawn")
    labels = ada.settled(lambda found: len(found.get("systolic-peak", {}).get("instances", ())) == 2)
    for key, dx, up in (
        ("systolic-curve-start", 0, 0),
        ("systolic-peak", 60, 200),
        ("systolic-curve-end", 100, 0),
    ):
        for place, left in zip(labels[key]["instances"], (100, 320), strict=True):
            assert abs(place["x"] - left - dx) <= POINTER_PX
            assert abs(place["y"] - BASELINE + up) <= POINTER_PX
    peak = labels["systolic-peak"]["instances"][1]
    ada.drag((peak["x"], peak["y"]), (peak["x"] + 8, peak["y"] - 20))
    now = ada.settled(lambda found: found["systolic-peak"]["instances"][1] != peak)
    node = next(n for n in now["curve-systolic"]["instances"][1]["nodes"] if n.get("key") == "systolic-peak")
    assert (node["x"], node["y"]) == tuple(now["systolic-peak"]["instances"][1][axis] for axis in "xy")
    assert now["systolic-peak"]["instances"][0] == labels["systolic-peak"]["instances"][0]
    ada.all_saved()
    assert len(house.labels(project, ada.name)["curve-systolic"]["instances"]) == 2


def test_outlines_are_clicked_closed_bettered_and_reloaded(person: Seat, house: House) -> None:
    project = house.project("kidney-outline", frames=(2,))
    ada = seat(person, house, project).still()
    corners: list[Place] = [(90, 60), (220, 70), (240, 170), (100, 180)]
    for corner in corners:
        ada.click(corner)
    ada.state("kidney-capsule").to_have_text("drawing")
    ada.click(corners[0])
    ada.state("kidney-capsule").to_have_text("drawn")
    ada.state("kidney-central-echo-complex").to_have_text("to do")
    ada.press("1").click((155, 65))  # on the line between the first two
    found = ada.settled(lambda now: len(now["kidney-capsule"]["instances"][0]["corners"]) == 5)
    for drawn, clicked in zip(
        found["kidney-capsule"]["instances"][0]["corners"], [corners[0], (155, 65), *corners[1:]], strict=True
    ):
        assert abs(drawn["x"] - clicked[0]) <= POINTER_PX
        assert abs(drawn["y"] - clicked[1]) <= POINTER_PX
    ada.press("3")
    for x in (110, 150):
        for dx, dy in ((0, 0), (20, 0), (20, 20)):
            ada.click((x + dx, 100 + dy))
        ada.press("Enter")
    ada.settled(lambda now: len(now["kidney-medulla"]["instances"]) == 2)
    ada.press("Control+z")
    ada.all_saved()
    before = ada.labels()
    ada.reload()
    assert (
        until(ada.labels, lambda now: "kidney-medulla" in now)["kidney-capsule"] == before["kidney-capsule"]
    )


def test_a_box_is_drawn_without_a_pointer(person: Seat, house: House) -> None:
    project = house.project("lesion-box", frames=(2,))
    ada = seat(person, house, project).still()
    ada.press("c", "Space", *["ArrowRight"] * 6, *["ArrowDown"] * 4, "Space", "c")
    ada.state("lesion").to_have_text("drawn")
    box = ada.labels()["lesion"]["instances"][0]
    assert box["x0"] < box["x1"]
    assert box["y0"] < box["y1"]
    ada.press("ArrowRight")
    ada.settled(lambda now: now["lesion"]["instances"][0]["x1"] > box["x1"])
    ada.drag((60, 60), (90, 100))
    ada.settled(lambda now: len(now["lesion"]["instances"]) == 2)
    ada.press("Enter")
    until(lambda: house.outcomes(project, ada.name), lambda done: len(done) == 1, "outcomes")
    assert len(house.labels(project, ada.name)["lesion"]["instances"]) == 2
