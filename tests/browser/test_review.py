"""The review screen by keyboard, mouse and touch: what a data manager sees, and what is stored of it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.person import Person, until
from tests.browser.test_access import assert_clean, assert_fits
from tests.ingest import makers
from unisono.annotate.run import people
from unisono.catalog import evidence as rows
from unisono.catalog.clips import Frame, clip_by_code, insert_clip, set_state
from unisono.catalog.rows import now
from unisono.ingest.gate.verdict import load_reader
from unisono.ingest.masks.drawn import decode_mask
from unisono.ingest.run import ingest, looking
from unisono.ingest.run.review import vault_of

NUMBERS = count(1)
WORD = "SMITH^J"
READ_WITHIN_MS = 180_000  # polite processes of its own read a clip again: on a busy machine, slowly


@pytest.fixture
def held(house: House, tmp_path: Path) -> Iterator[list[str]]:
    """Return three clips that wait: of the first the gate read a word, the others passed."""
    clean(house)
    for k in range(3):
        number = next(NUMBERS)
        frames = makers.loop(4, seed=number)
        makers.write_dicom(tmp_path / f"{k}.dcm", frames, SOPInstanceUID=f"1.2.826.9.{number}")
    made = ingest(house.catalog, [tmp_path], "01", workers=1, policy="person", isolated=False).codes
    for place, code in enumerate(made):
        box = {"x0": 120.0, "y0": 100.0, "x1": 190.0, "y1": 120.0, "score": 0.97, "kind": "identifier"}
        seen = ("identifier", (box,), "quarantined") if place == 0 else ("passed", (), "gated")
        verdict = rows.GateVerdict(code, 1, seen[0], seen[1], "made", now())
        house.catalog.write(partial(rows.insert_verdict, verdict=verdict))
        house.catalog.write(partial(set_state, code=code, state=seen[2]))
    with vault_of(house.catalog) as vault:
        vault.put("evidence", f"seen|{made[0]}", {"texts": [WORD]})
    listed = [found.clip.code for found in looking.listed(house.catalog).clips]
    assert sorted(listed) == sorted(made)
    yield listed
    clean(house)


def clean(house: House) -> None:
    """Take what waits off the list, so that the next test has its own."""
    for found in looking.listed(house.catalog, limit=100).clips:
        house.catalog.write(partial(set_state, code=found.clip.code, state="rejected"))


@pytest.fixture
def rita(house: House, person: Callable[..., Person], held: list[str]) -> Person:
    """Return a reviewer before the first clip, once it can be decided on."""
    name = house.member(house.project(), "Rita")
    house.catalog.write(partial(people.set_reviewer, name=name))
    one = person(name).sign_in()
    one.page.get_by_test_id("to-review").click()
    return at(one, held[0])


def at(one: Person, code: str) -> Person:
    """Wait until a clip is on the screen and was looked at for long enough."""
    expect(one.page.get_by_test_id("after")).to_have_attribute(
        "aria-label", re.compile(code[:11]), timeout=READ_WITHIN_MS
    )
    expect(one.page.get_by_test_id("reject")).to_be_enabled()
    return one


def state(house: House, code: str) -> str:
    with house.catalog.read() as connection:
        return clip_by_code(connection, code).state


def decisions(house: House, code: str) -> list[tuple[str, str]]:
    with house.catalog.read() as connection:
        found = rows.inspections_of(connection, code)
    return [(d.decision, d.reason) for d in found if d.decision != "look"]


def place(one: Person, x: float, y: float) -> tuple[float, float]:
    """Return where a place of the frame lies in the window."""
    box = one.page.get_by_test_id("before").bounding_box()
    return box["x"] + (x + 0.5) * box["width"] / 320, box["y"] + (y + 0.5) * box["height"] / 240


def test_all_clips_are_decided_by_keys_alone(rita: Person, house: House, held: list[str]) -> None:
    rita.press("a")
    expect(rita.page.get_by_test_id("reason-box")).to_be_visible()
    rita.press("1", "Enter")
    at(rita, held[1]).press("a")
    at(rita, held[2]).press("r")
    expect(rita.page.get_by_test_id("reason")).to_be_focused()
    rita.page.keyboard.type("blurred face")
    rita.press("Enter")
    expect(rita.page.get_by_test_id("nothing")).to_have_text("Nothing waits for a review.")
    states = until(
        lambda: [state(house, c) for c in held], lambda s: s == ["approved", "approved", "rejected"], "states"
    )
    assert states[2] == "rejected"
    assert [decisions(house, c)[0] for c in held] == [
        ("approve", "depth scale or probe mark"),
        ("approve", ""),
        ("reject", "blurred face"),
    ]


def test_a_key_held_down_decides_on_one_clip(rita: Person, house: House, held: list[str]) -> None:
    rita.press("j")
    at(rita, held[1])
    for _ in range(6):
        rita.page.keyboard.down("a")
    rita.page.keyboard.up("a")
    at(rita, held[2])
    until(lambda: state(house, held[1]), lambda s: s == "approved", "state")
    assert state(house, held[2]) == "gated"


def test_what_the_text_check_read_is_shown_beside_its_box(rita: Person, held: list[str]) -> None:
    expect(rita.page.get_by_test_id("boxes")).to_contain_text(WORD)
    expect(rita.page.get_by_test_id("held")).to_contain_text("E_PHI_RESIDUAL")
    expect(rita.page.get_by_test_id("after-box")).to_have_count(1)
    rita.press("t")
    expect(rita.page.get_by_test_id("after-box")).to_have_count(0)
    expect(rita.page.get_by_test_id("after-outline")).to_have_count(1)
    rita.press("m")
    expect(rita.page.get_by_test_id("after-outline")).to_have_count(0)
    rita.press("p")
    expect(rita.page.get_by_test_id("loop")).to_be_visible()


def test_blinking_shows_before_in_the_place_of_after(rita: Person) -> None:
    picture = rita.page.get_by_test_id("after").locator("image")
    before = rita.page.get_by_test_id("before").locator("image").get_attribute("href")
    after = picture.get_attribute("href")
    assert before != after
    assert after.startswith("blob:")
    rita.press("b")
    expect(picture).to_have_attribute("href", before)
    rita.press("b")
    expect(picture).to_have_attribute("href", after)


def kept(house: House, code: str) -> tuple[float, float, float, float, float]:
    """Return the box of what a clip's mask keeps, and its share of that box."""
    with house.catalog.read() as connection:
        mask = decode_mask(rows.mask_of(connection, code).png)
    y, x = mask.nonzero()
    area = mask[y.min() : y.max() + 1, x.min() : x.max() + 1]
    return float(x.min()), float(y.min()), float(x.max()), float(y.max()), float(area.mean())


def test_a_mask_is_drawn_by_mouse_and_applied(rita: Person, house: House, held: list[str]) -> None:
    rita.press("d", "x")
    for x, y in ((100, 60), (200, 60), (200, 150), (100, 150)):
        rita.page.mouse.click(*place(rita, x, y))
    rita.page.mouse.click(*place(rita, 100, 60))
    expect(rita.page.get_by_test_id("corner")).to_have_count(4)
    rita.page.mouse.move(*place(rita, 200, 150))
    rita.page.mouse.down()
    rita.page.mouse.move(*place(rita, 220, 170), steps=5)
    rita.page.mouse.up()
    rita.press("Enter")
    at(rita, held[0])
    with house.catalog.read() as connection:
        clip = clip_by_code(connection, held[0])
    assert (clip.mask_version, clip.mask["source"]) == (2, "drawn")
    assert kept(house, held[0])[:4] == pytest.approx((100, 60, 220, 170), abs=2)
    assert clip.state in ("gated", "written", "quarantined")


def test_a_mask_is_drawn_by_keyboard_alone(rita: Person, house: House, held: list[str]) -> None:
    rita.press("d", "x", "Space")
    for keys in (["Shift+ArrowRight"] * 6, ["Shift+ArrowDown"] * 5, ["Shift+ArrowLeft"] * 6):
        rita.press(*keys, "Space")
    rita.press("Enter")
    at(rita, held[0])
    x0, y0, x1, y1, share = kept(house, held[0])
    assert (x1 - x0, y1 - y0) == pytest.approx((60, 50), abs=2)
    assert share == 1.0


def test_a_mask_is_found_anew_by_a_key(rita: Person, house: House, held: list[str]) -> None:
    found = kept(house, held[0])
    rita.press("d", "x")
    for x, y in ((100, 60), (200, 60), (200, 150), (100, 60)):
        rita.page.mouse.click(*place(rita, x, y))
    rita.press("Enter")
    at(rita, held[0])
    assert kept(house, held[0]) != found
    rita.press("f")
    expect(rita.page.get_by_label("Evidence")).to_contain_text(
        "found by the rules in force", timeout=READ_WITHIN_MS
    )
    at(rita, held[0])
    assert kept(house, held[0]) == found
    assert [d for d, _ in decisions(house, held[0])] == ["redraw", "remask"]
    expect(rita.page.get_by_test_id("verdict")).not_to_contain_text("header names")


def test_the_text_check_looks_again_or_says_what_it_needs(
    rita: Person, house: House, held: list[str]
) -> None:
    with rita.allowing("422"):
        rita.press("c")
        if load_reader() is None:
            expect(rita.page.get_by_test_id("notice")).to_contain_text(
                "needs the extra deid", timeout=READ_WITHIN_MS
            )
            assert state(house, held[0]) == "quarantined"
        else:
            expect(rita.page.get_by_test_id("verdict")).to_have_text(
                "The text check found nothing.", timeout=READ_WITHIN_MS
            )
            assert state(house, held[0]) == "gated"


def test_a_mask_that_cannot_be_found_is_told_in_words(
    rita: Person, house: House, held: list[str], tmp_path: Path
) -> None:
    for path in tmp_path.glob("*.dcm"):
        path.unlink()
    with rita.allowing("422"):
        rita.page.get_by_test_id("remask").click()
        expect(rita.page.get_by_test_id("notice")).to_contain_text(
            "the original is gone", timeout=READ_WITHIN_MS
        )
    at(rita, held[0])
    assert decisions(house, held[0]) == []


def test_escape_leaves_the_mask_and_nonsense_is_not_sent(rita: Person, house: House, held: list[str]) -> None:
    rita.press("d", "x", "Enter")
    expect(rita.page.get_by_test_id("notice")).to_contain_text("Draw what is to be kept")
    rita.page.mouse.click(*place(rita, 100, 60))
    rita.press("Enter")
    expect(rita.page.get_by_test_id("notice")).to_contain_text("three corners")
    rita.press("Escape")
    at(rita, held[0])
    assert decisions(house, held[0]) == []


def test_what_somebody_else_decided_meanwhile_is_told(rita: Person, house: House, held: list[str]) -> None:
    rita.press("j")
    at(rita, held[1])
    house.catalog.write(partial(set_state, code=held[1], state="rejected"))
    with rita.allowing("409"):
        rita.press("a")
        alert = rita.page.get_by_role("alert")
        expect(alert).to_contain_text("rejected already")
        at(rita, held[2])


def test_back_and_an_address_lead_to_the_same_clip(rita: Person, held: list[str]) -> None:
    rita.press("j")
    at(rita, held[1]).press("j")
    at(rita, held[2])
    rita.page.go_back()
    at(rita, held[1])
    rita.page.reload()
    at(rita, held[1])


def test_an_approved_clip_is_rejected_after_all(rita: Person, house: House, held: list[str]) -> None:
    rita.press("j")
    at(rita, held[1]).press("a")
    at(rita, held[2])
    until(lambda: state(house, held[1]), lambda s: s == "approved", "state")
    rita.ask(f"location.hash = '#/review/{held[1]}'")
    expect(rita.page.get_by_test_id("decide")).to_contain_text("may be labelled and released")
    rita.press("r")
    rita.press("1", "Enter")
    until(lambda: state(house, held[1]), lambda s: s == "rejected", "state")


@pytest.fixture
def crowd(house: House) -> Iterator[list[str]]:
    """Return 450 clips that wait, in the order of the list: more than two pages of it."""
    clean(house)
    number = next(NUMBERS)
    clips = [
        replace(
            house.untimed,
            code=f"02-{sha256(b'%d clip %d' % (number, k)).hexdigest()}",
            source_key=sha256(b"%d source %d" % (number, k)).hexdigest(),
            created_at=house.untimed.created_at + timedelta(seconds=k),
            state="gated",
        )
        for k in range(450)
    ]

    def put(connection: Any) -> None:
        for clip in clips:
            insert_clip(connection, clip, [Frame(clip.code, i, "", "", 0) for i in range(clip.n_frames)])

    def out(connection: Any) -> None:
        for clip in clips:
            set_state(connection, clip.code, "rejected")

    house.catalog.write(put)
    yield [clip.code for clip in clips]
    house.catalog.write(out)


def test_450_clips_are_gone_through_by_keys(
    house: House, person: Callable[..., Person], crowd: list[str]
) -> None:
    name = house.member(house.project(), "Rob")
    house.catalog.write(partial(people.set_reviewer, name=name))
    rob = person(name).sign_in()
    where = rob.page.get_by_test_id("review-state")
    rob.page.get_by_test_id("to-review").click()
    expect(where).to_have_text("clip 1 of 450")
    for begin, keys in ((197, "jjjjjkkkkk"), (399, "jk")):
        at_place = begin
        rob.ask(f"location.hash = '#/review/{crowd[at_place]}'")
        expect(where).to_have_text(f"clip {at_place + 1} of 450")
        for key in keys:
            rob.press(key)
            at_place += 1 if key == "j" else -1
            at(rob, crowd[at_place])
            expect(where).to_have_text(f"clip {at_place + 1} of 450")
    rob.ask(f"location.hash = '#/review/{crowd[449]}'")
    at(rob, crowd[449])
    expect(rob.page.get_by_test_id("next")).to_be_disabled()
    rob.page.reload()
    expect(where).to_have_text("clip 450 of 450")
    rob.press("r", "1", "Enter")
    at(rob, crowd[448])
    expect(where).to_have_text("clip 449 of 449")
    rob.press("k")
    at(rob, crowd[447])


def test_nobody_else_has_a_way_there(house: House, person: Callable[..., Person], held: list[str]) -> None:
    ada = person(house.member(house.project(), "Ada", "lead")).sign_in()
    expect(ada.page.get_by_test_id("to-review")).to_have_count(0)
    with ada.allowing("403"):
        ada.ask(f"location.hash = '#/review/{held[0]}'")
        expect(ada.page.get_by_role("alert").first).to_contain_text("you may not review clips")
        assert WORD not in ada.page.content()


def test_the_screen_is_clean_and_fits_a_phone(rita: Person) -> None:
    assert_clean(rita, "review")
    rita.press("r")
    assert_clean(rita, "review, reason")
    rita.press("Escape", "?")
    expect(rita.page.get_by_test_id("review-keys")).to_be_visible()
    assert_clean(rita, "review, keys")
    rita.press("Escape", "d")
    assert_clean(rita, "review, drawing")
    rita.page.set_viewport_size({"width": 360, "height": 740})
    assert_fits(rita)
    rita.press("Escape")
    expect(rita.page.get_by_test_id("approve")).to_be_visible()
    assert_fits(rita)
    assert_clean(rita, "review, narrow")


def test_a_finger_draws(rita: Person, house: House, held: list[str]) -> None:
    rita.page.set_viewport_size({"width": 820, "height": 1180})
    rita.press("d", "x")
    for x, y in ((100, 60), (200, 60), (200, 150)):
        left, top = place(rita, x, y)
        for kind in ("pointerdown", "pointerup"):
            rita.page.get_by_test_id("before").dispatch_event(
                kind,
                {"pointerId": 1, "pointerType": "touch", "clientX": left, "clientY": top, "button": 0},
            )
    expect(rita.page.get_by_test_id("corner")).to_have_count(3)
    rita.page.get_by_test_id("apply").click()
    at(rita, held[0])
    assert kept(house, held[0])[4] == pytest.approx(0.5, abs=0.03)
