"""Nothing is lost: reload, no network, no server, no sign-in, two tabs, a refusal."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.person import NO_NETWORK, Person, until
from unisono.annotate.secrets import hash_password
from unisono.catalog.experts import end_sessions_of, set_password_hash

PASSWORD = "a long enough password"  # of a person made for one test


@pytest.fixture
def eve(person: Callable[..., Person], house: House, project: str) -> Person:
    """Return an expert in a browser of her own, with a finished and saved curve."""
    name = house.member(project, "Eve")
    return person(name).sign_in().begin(project).still().draw(house.border()).all_saved()


def seen_only(labels: dict[str, Any]) -> dict[str, Any]:
    return {key: label for key, label in labels.items() if label["visibility"] != "unasked"}


def move_a_node(eve: Person, by: float = 6.0, node: int = 2) -> dict[str, Any]:
    """Drag a node and return the labels then."""
    x, y = eve.nodes()[node]
    eve.drag((x, y), (x - by, y))
    return eve.settled(lambda labels: labels["curve-lv-endo"]["instances"][0]["nodes"][node]["x"] != x)


def is_stored(eve: Person, house: House, project: str, labels: dict[str, Any]) -> None:
    until(lambda: seen_only(house.labels(project, eve.name)), lambda s: s == seen_only(labels), "stored")


def test_each_gesture_is_saved_as_it_is_on_the_screen(ada: Person, house: House, project: str) -> None:
    labels = ada.draw(house.border()).all_saved().labels()
    expect(ada.page.get_by_test_id("saved-line")).to_have_text(
        re.compile(r"saved \d+:\d\d:\d\d.*, 0 waiting")
    )
    assert seen_only(house.labels(project, ada.name)) == labels
    moved = move_a_node(ada)
    ada.all_saved()
    assert seen_only(house.labels(project, ada.name)) == moved
    ada.press("Control+z")
    ada.settled(lambda now: now == labels)
    ada.all_saved()
    assert seen_only(house.labels(project, ada.name)) == labels


def test_a_reload_brings_everything_back(ada: Person, house: House) -> None:
    labels = ada.draw(house.border()).press("2", "b").all_saved().labels()
    assert ada.reload().labels() == labels


def test_a_half_drawn_curve_survives_a_reload_and_goes_on(ada: Person, house: House) -> None:
    border = house.border()
    ada.draw(border[:4], finish=False)
    ada.has_nodes(4)
    labels = ada.labels()
    ada.reload().still()
    assert ada.labels() == labels
    ada.state("curve-lv-endo").to_have_text("drawing")
    ada.draw(border[4:])
    assert len(ada.nodes()) == 7


def test_what_was_drawn_offline_is_kept_and_comes_in(ada: Person, house: House, project: str) -> None:
    before = ada.draw(house.border()).all_saved().labels()
    with ada.allowing(NO_NETWORK):
        ada.context.set_offline(True)
        move_a_node(ada)
        ada.press("2", "b")
        labels = ada.settled(lambda now: now["lv-apex-endo"]["visibility"] == "blurred")
        line = expect(ada.page.get_by_test_id("saved-line"))
        line.to_contain_text(re.compile(r"offline, [1-9]\d* waiting, kept on this device"))
        assert seen_only(house.labels(project, ada.name)) == before
        ada.context.set_offline(False)
        ada.all_saved()
    is_stored(ada, house, project, labels)


def test_what_waits_survives_a_reload(ada: Person, house: House, project: str) -> None:
    before = ada.draw(house.border()).all_saved().labels()
    with ada.allowing(NO_NETWORK):
        ada.context.route("**/api/answers/**", lambda route: route.abort())
        labels = move_a_node(ada)
        until(lambda: ada.ask("__unisono.waiting()"), bool, "waiting")
        assert ada.reload().labels() == labels
        assert seen_only(house.labels(project, ada.name)) == before
        ada.context.unroute("**/api/answers/**")
        ada.ask("dispatchEvent(new Event('online'))")
        ada.all_saved()
    is_stored(ada, house, project, labels)


def test_a_server_that_died_gets_what_waited_when_the_page_is_opened_again(
    eve: Person, house: House, project: str
) -> None:
    address, before = eve.page.url, eve.labels()
    with eve.allowing(NO_NETWORK):
        house.down()
        labels = move_a_node(eve)
        expect(eve.page.get_by_test_id("saved-line")).to_contain_text("kept on this device")
        assert seen_only(house.labels(project, eve.name)) == before
        eve.page.close()
        house.up()
        eve.page = eve.open_tab()
        eve.page.goto(address)
        assert eve.at_desk().labels() == labels
        eve.all_saved()
    is_stored(eve, house, project, labels)


def test_a_session_that_ended_is_taken_up_in_place_and_the_work_is_saved(
    eve: Person, house: House, project: str
) -> None:
    expert = house.expert(eve.name).id
    house.catalog.write(partial(set_password_hash, expert=expert, password_hash=hash_password(PASSWORD)))
    house.catalog.write(partial(end_sessions_of, expert=expert))
    with eve.allowing("401"):
        labels, item = move_a_node(eve), eve.item
        box = eve.page.get_by_test_id("sign-in-again")
        expect(box).to_be_visible()
        labels = move_a_node(eve, node=4)
        expect(box.get_by_test_id("name")).to_have_value(eve.name)
        box.get_by_test_id("password").fill(PASSWORD)
        box.get_by_test_id("sign-in").click()
        expect(box).to_have_count(0)
    eve.all_saved()
    assert eve.item == item
    assert eve.labels() == labels
    is_stored(eve, house, project, labels)


def test_two_tabs_of_one_expert_lose_nothing(
    person: Callable[..., Person], house: House, project: str
) -> None:
    eve = person(house.member(project, "Eve")).sign_in().begin(project).still()
    first, second = eve.page, eve.open_tab()
    second.goto(first.url)
    eve.page = second
    eve.at_desk().still().press("3").click((120, 150))
    eve.state("mv-ant-hinge").to_have_text("drawn")
    eve.all_saved()
    eve.page = first
    eve.press("2", "b")
    eve.state("lv-apex-endo").to_have_text("can't see")
    eve.press("3").click((124, 152))
    eve.state("mv-ant-hinge").to_have_text("drawn")
    last = eve.all_saved().labels()["mv-ant-hinge"]
    stored = house.labels(project, eve.name)
    assert stored == {"lv-apex-endo": {"visibility": "blurred", "instances": []}, "mv-ant-hinge": last}
    assert eve.reload().labels() == stored


def test_a_window_that_comes_back_shows_what_another_saved_meanwhile(
    person: Callable[..., Person], house: House, project: str
) -> None:
    eve = person(house.member(project, "Eve")).sign_in().begin(project).still()
    eve.draw(house.border()).all_saved()
    first, second = eve.page, eve.open_tab()
    second.goto(first.url)
    eve.page = second
    eve.at_desk().still().press("2")
    apex = eve.labels()["lv-apex-endo"]["instances"][0]
    eve.drag((apex["x"], apex["y"]), (apex["x"] + 6, apex["y"] + 3))
    moved = until(eve.labels, lambda labels: labels["lv-apex-endo"]["instances"][0] != apex, "labels")
    eve.all_saved()
    eve.page = first
    first.evaluate("window.dispatchEvent(new Event('focus'))")
    until(eve.labels, lambda labels: labels == moved, "labels of the first window")
    eve.press("2", "b").all_saved()
    stored = house.labels(project, eve.name)
    assert stored["lv-apex-endo"] == {"visibility": "blurred", "instances": []}
    nodes = [(n["x"], n["y"]) for n in stored["curve-lv-endo"]["instances"][0]["nodes"]]
    assert nodes == [(n["x"], n["y"]) for n in moved["curve-lv-endo"]["instances"][0]["nodes"]]


def test_a_clock_that_runs_ahead_hides_no_later_save(
    person: Callable[..., Person], house: House, project: str
) -> None:
    eve = person(house.member(project, "Eve"))
    ahead = eve.page
    ahead.add_init_script("const now = Date.now; Date.now = () => now() + 3600000")
    eve.sign_in().begin(project).still().draw(house.border()).all_saved()
    address, first = ahead.url, eve.labels()
    ahead.evaluate("location.hash = '#/'")
    expect(ahead.get_by_role("heading", name="My work")).to_be_visible()
    eve.page = eve.open_tab()
    eve.page.goto(address)
    assert eve.at_desk().still().labels() == first
    moved = move_a_node(eve)
    eve.all_saved()
    eve.page = ahead
    ahead.goto(address)
    assert eve.at_desk().labels() == moved


def test_what_the_server_refuses_is_shown_kept_and_holds_up_nothing(
    ada: Person, house: House, project: str
) -> None:
    ada.draw(house.border()).all_saved()
    refusal = {"detail": "no such thing", "kind": "LabelError"}
    with ada.allowing("422"):
        ada.context.route("**/api/answers/**", lambda route: route.fulfill(status=422, json=refusal))
        labels = move_a_node(ada)
        see_why = ada.page.get_by_role("button", name="see why")
        see_why.click()
        ada.context.unroute("**/api/answers/**")
        expect(ada.page.get_by_text("no such thing").first).to_be_visible()
    ada.press("2", "b")
    ada.state("lv-apex-endo").to_have_text("can't see")
    until(lambda: house.labels(project, ada.name)["lv-apex-endo"]["visibility"], lambda v: v == "blurred")
    assert ada.nodes()[2] == (labels["curve-lv-endo"]["instances"][0]["nodes"][2]["x"], ada.nodes()[2][1])
    while ada.page.get_by_role("button", name="Throw away").count():
        ada.page.get_by_role("button", name="Throw away").first.click()
