"""Events and intervals of a clip: marked by key and by pointer, moved, deleted, and there after a reload."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.house import House, coded_times_s
from tests.browser.person import Person, until
from unisono.catalog.clips import Clip

Seat = Callable[..., Person]
BEATS = ((2, 8), (14, 20), (26, 32))


def seated(house: House, seat: Seat, protocol: str, clip: Clip | None = None) -> tuple[Person, str]:
    """Return somebody at the only item of a new project on the coded clip, stopped at its first frame."""
    slug = house.project(protocol, clip=clip or house.coded)
    one = seat(house.member(slug, "Eve")).sign_in().begin(slug)
    return at_frame(one, 0), slug


def at_frame(one: Person, frame: int) -> Person:
    """Go to a frame by the slider, let go of it, and wait until the frame is on the screen."""
    one.still(frame)
    one.ask("document.activeElement.blur()")  # as letting go of it with a pointer does
    return shows(one, frame)


def shows(one: Person, frame: int) -> Person:
    until(lambda: one.ask("__unisono.frame()"), lambda f: f == frame, "frame")
    return one


def steps_to(one: Person, frame: int) -> Person:
    """Go to a frame as an expert does: by the arrow keys."""
    while (now := one.ask("__unisono.frame()")) != frame:
        one.press("ArrowRight" if now < frame else "ArrowLeft")
        shows(one, now + (1 if now < frame else -1))
    return one


def marks(one: Person) -> list[tuple[str, int]]:
    return [(m["event"], m["frame"]) for m in one.labels().get("phase", {}).get("instances", ())]


def has_marks(one: Person, *wanted: tuple[str, int]) -> None:
    until(lambda: marks(one), lambda found: found == list(wanted), "marks")


def spans(one: Person) -> list[list[int]]:
    found = one.labels().get("visible", {}).get("instances", ())
    return [[s["first_frame"], s["last_frame"]] for s in found]


def has_spans(one: Person, *wanted: list[int]) -> None:
    until(lambda: spans(one), lambda found: found == list(wanted), "intervals")


@pytest.fixture
def eve(house: House, person: Seat) -> tuple[Person, str]:
    """Return somebody who has marked three beats by keys alone, and the project."""
    one, slug = seated(house, person, "phase-a4c")
    for ed, es in BEATS:
        steps_to(one, ed).press("e")
        steps_to(one, es).press("s")
    return one, slug


def test_three_beats_are_marked_by_keys_and_are_there_after_a_reload(
    eve: tuple[Person, str], house: House
) -> None:
    one, slug = eve
    wanted = [(event, frame) for beat in BEATS for event, frame in zip(("ed", "es"), beat, strict=True)]
    has_marks(one, *wanted)
    one.state("phase").to_have_text("marked")
    expect(one.page.locator("[data-testid^=lane-phase-]")).to_have_count(3)
    starts_s = coded_times_s()
    lasts_ms = round(1000 * (starts_s[20] - starts_s[14]))
    expect(one.page.get_by_test_id("lane-phase-1")).to_contain_text(f"{lasts_ms} ms")
    one.all_saved().reload()
    has_marks(one, *wanted)
    (stored,) = house.labels(slug, one.name).values()
    assert [(m["event"], m["frame"]) for m in stored["instances"]] == wanted
    assert [m["start_s"] for m in stored["instances"]] == pytest.approx([starts_s[f] for _, f in wanted])
    one.press("Enter").all_saved()
    assert list(house.outcomes(slug, one.name).values()) == [("done", "")]


def test_a_chosen_mark_is_moved_by_keys_deleted_and_brought_back(eve: tuple[Person, str]) -> None:
    one, _ = eve
    one.press("ArrowUp", "ArrowUp")
    expect(one.page.get_by_test_id("told")).to_contain_text("ED, beat 3, frame 26")
    shows(one, 26).press("ArrowLeft")
    has_marks(one, *[("ed", 2), ("es", 8), ("ed", 14), ("es", 20), ("ed", 25), ("es", 32)])
    shows(one, 25).press("Backspace")
    has_marks(one, ("ed", 2), ("es", 8), ("ed", 14), ("es", 20), ("es", 32))
    one.press("Control+z")
    has_marks(one, ("ed", 2), ("es", 8), ("ed", 14), ("es", 20), ("ed", 25), ("es", 32))
    one.press("Control+z")
    has_marks(one, ("ed", 2), ("es", 8), ("ed", 14), ("es", 20), ("ed", 26), ("es", 32))
    one.press("ArrowRight")
    shows(one, 26)
    one.all_saved().reload()
    has_marks(one, ("ed", 2), ("es", 8), ("ed", 14), ("es", 20), ("ed", 26), ("es", 32))


def test_a_mark_is_dragged_and_the_picture_goes_with_it(eve: tuple[Person, str]) -> None:
    one, _ = eve
    mark = one.page.get_by_test_id("mark-es-1").bounding_box()
    axis = one.page.locator("[data-testid=lane-phase-1] .scale").bounding_box()
    assert mark is not None
    assert axis is not None
    y, frame_px = mark["y"] + mark["height"] / 2, axis["width"] / 39
    mouse = one.page.mouse
    mouse.move(mark["x"] + mark["width"] / 2, y)
    mouse.down()
    mouse.move(axis["x"] + 18 * frame_px, y, steps=4)
    shows(one, 18)
    mouse.move(axis["x"] + 23 * frame_px, y, steps=4)
    mouse.up()
    shows(one, 23)
    has_marks(one, ("ed", 2), ("es", 8), ("ed", 14), ("es", 23), ("ed", 26), ("es", 32))
    one.press("Control+z")
    has_marks(one, ("ed", 2), ("es", 8), ("ed", 14), ("es", 20), ("ed", 26), ("es", 32))


def test_buttons_do_what_keys_do(house: House, person: Seat) -> None:
    one, _ = seated(house, person, "phase-plax")
    at_frame(one, 5)
    one.page.get_by_test_id("set-ed").click()
    has_marks(one, ("ed", 5))
    one.page.get_by_test_id("step-ahead").click()
    shows(one, 6).page.get_by_test_id("set-es").click()
    has_marks(one, ("ed", 5), ("es", 6))
    one.page.get_by_test_id("choose-back").click()
    one.page.get_by_test_id("choose-back").click()
    shows(one, 5).page.get_by_test_id("step-back").click()
    has_marks(one, ("ed", 4), ("es", 6))
    strip = one.page.get_by_test_id("filmstrip")
    expect(strip.get_by_role("button", name="Frame 4, ED")).to_be_visible()
    strip.get_by_role("button", name="Frame 6, ES").click()
    shows(one, 6)
    one.page.get_by_test_id("delete-mark").click()
    has_marks(one, ("es", 6))


def test_what_cannot_be_seen_is_not_marked_by_a_stray_key(house: House, person: Seat) -> None:
    one, _ = seated(house, person, "phase-a4c")
    one.press("b").state("phase").to_have_text("can't see")
    one.press("e")
    expect(one.page.get_by_test_id("hint")).to_contain_text("is answered; clear it (X)")
    assert marks(one) == []


def test_intervals_are_set_by_keys_and_their_edges_moved(house: House, person: Seat) -> None:
    one, slug = seated(house, person, "visible-intervals")
    at_frame(one, 4).press("s")
    has_spans(one, [4, 39])
    at_frame(one, 12).press("e")
    at_frame(one, 20).press("s")
    at_frame(one, 31).press("e")
    has_spans(one, [4, 12], [20, 31])
    one.press("ArrowUp", "ArrowUp")
    shows(one, 20).press("ArrowLeft", "ArrowLeft")
    has_spans(one, [4, 12], [18, 31])
    edge = one.page.get_by_test_id("end-visible-0").bounding_box()
    axis = one.page.locator("[data-testid=lane-visible] .scale").bounding_box()
    assert edge is not None
    assert axis is not None
    one.page.mouse.move(edge["x"] + 5, edge["y"] + 8)
    one.page.mouse.down()
    one.page.mouse.move(axis["x"] + axis["width"] * 30 / 39, edge["y"] + 8, steps=6)
    one.page.mouse.up()
    has_spans(one, [4, 17], [18, 31])
    one.all_saved().reload()
    has_spans(one, [4, 17], [18, 31])
    first = house.labels(slug, one.name)["visible"]["instances"][0]
    assert first["last_s"] == pytest.approx(coded_times_s()[17])


def test_the_ecg_that_the_frame_shows_is_below_the_filmstrip(house: House, person: Seat) -> None:
    one, _ = seated(house, person, "phase-a4c", house.with_ecg)
    at_frame(one, 21)
    trace = one.page.get_by_test_id("ecg").locator("canvas")
    expect(trace).to_be_visible()
    bright = "c => [8, 24, 40, 56, 72].map((x) => c.getContext('2d').getImageData(x, 8, 1, 1).data[0] > 128)"
    until(lambda: trace.evaluate(bright), lambda bits: bits == [True, False, True, False, True], "trace")


def test_a_clip_without_an_ecg_has_no_strip(eve: tuple[Person, str]) -> None:
    one, _ = eve
    expect(one.page.get_by_test_id("filmstrip")).to_be_visible()
    expect(one.page.get_by_test_id("ecg")).to_have_count(0)
