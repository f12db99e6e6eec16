"""What the lead sees: progress that moves by itself, everyone's lines, the consensus, and the verdicts."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.person import Person, until
from unisono.catalog.clips import set_state

NAMES = ("Ada", "Ben", "Cy", "Di", "Ed")


@dataclass
class Study:
    """A project of two items; five experts finished the first."""

    project: str
    items: list[str]
    experts: list[str]
    lead: Person


@pytest.fixture
def study(person: Callable[..., Person], house: House) -> Study:
    project = house.project(frames=(5, 8))
    items = house.items(project)
    experts = [house.member(project, name) for name in NAMES]
    for k, name in enumerate(experts):
        house.answered(project, name, items[0], shift_px=1.5 * (k - 2))
    lead = person(house.member(project, "Lena", "lead")).sign_in()
    lead.page.get_by_test_id(f"lead-{project}").click()
    return Study(project, items, experts, lead)


def pseudonyms(study: Study, house: House) -> list[str]:
    return [house.expert(name).pseudonym for name in study.experts]


def opened(study: Study) -> Person:
    """Open the item that has answers."""
    study.lead.page.get_by_test_id(f"item-{study.items[0]}").click()
    expect(study.lead.page.get_by_test_id("consensus-path")).to_have_count(1)
    return study.lead


def test_progress_moves_by_itself_when_an_expert_finishes(
    study: Study, house: House, person: Callable[..., Person]
) -> None:
    row = study.lead.page.get_by_test_id(f"expert-{house.expert(study.experts[0]).pseudonym}")
    expect(row).to_contain_text(re.compile(r"\b1\b"))
    ada = person(study.experts[0]).sign_in().begin(study.project).still()
    assert ada.item == study.items[1]
    for question in "1234":
        ada.press(question, "b")
    ada.press("Enter")
    ada.all_saved()
    expect(row).to_contain_text(re.compile(r"\b2\b"))
    expect(study.lead.page.get_by_test_id(f"item-{study.items[1]}")).to_contain_text("1 of")


def test_the_consensus_stands_among_all_experts_with_its_band(study: Study, house: House) -> None:
    lead = opened(study)
    for pseudonym in pseudonyms(study, house):
        expect(lead.page.get_by_test_id(f"expert-path-{pseudonym}")).to_have_count(1)
        expect(lead.page.get_by_test_id(f"row-{pseudonym}")).to_contain_text("mm")
    expect(lead.page.get_by_test_id("band")).to_have_attribute("d", re.compile("^M"))
    boxes = [
        lead.page.get_by_test_id(f"expert-path-{p}").bounding_box()["x"] for p in pseudonyms(study, house)
    ]
    consensus = lead.page.get_by_test_id("consensus-path").bounding_box()["x"]
    assert min(boxes) < consensus < max(boxes)


@pytest.mark.parametrize(("key", "what"), [("e", "expert-path"), ("c", "consensus-path"), ("b", "band")])
def test_each_layer_is_switched_by_key_and_by_button(study: Study, key: str, what: str) -> None:
    lead = opened(study)
    layer = lead.page.locator(f"[data-testid^={what}]")
    n = layer.count()
    assert n > 0
    lead.press(key)
    expect(layer).to_have_count(0)
    lead.page.get_by_test_id("show-" + {"e": "experts", "c": "consensus", "b": "band"}[key]).click()
    expect(layer).to_have_count(n)


def test_a_verdict_is_saved_and_still_there_after_a_reload(study: Study, house: House) -> None:
    lead = opened(study)
    first, second, *_ = pseudonyms(study, house)
    for button in (f"look-again-{first}", f"ok-{second}"):
        lead.page.get_by_test_id(button).click()
        expect(lead.page.get_by_test_id(button)).to_have_attribute("aria-pressed", "true")
    expect(lead.page.get_by_test_id("saved-line")).to_contain_text(re.compile(r"saved .*\b0 waiting"))
    lead.page.reload()
    for button in (f"look-again-{first}", f"ok-{second}"):
        expect(lead.page.get_by_test_id(button)).to_have_attribute("aria-pressed", "true")
    expect(lead.page.get_by_test_id(f"ok-{first}")).to_have_attribute("aria-pressed", "false")


def test_keys_lead_from_item_to_item_and_from_question_to_question(study: Study) -> None:
    lead = opened(study)
    lead.press("2")
    expect(lead.page.get_by_test_id("question-lv-apex-endo")).to_have_attribute("aria-pressed", "true")
    expect(lead.page.get_by_test_id("ellipse")).to_have_count(1)
    lead.press("n")
    until(lambda: lead.item, lambda item: item == study.items[1], "item")
    expect(lead.page.get_by_text("No finished answers yet.")).to_be_visible()
    lead.press("p")
    until(lambda: lead.item, lambda item: item == study.items[0], "item")


def test_a_request_outlives_the_experts_gestures_and_a_cleared_item_is_not_done(
    study: Study, house: House, person: Callable[..., Person]
) -> None:
    lead, item = opened(study), study.items[0]
    asked = lead.page.get_by_test_id(f"look-again-{pseudonyms(study, house)[0]}")
    asked.click()
    expect(lead.page.get_by_test_id("saved-line")).to_contain_text(re.compile(r"saved .*\b0 waiting"))
    ada = person(study.experts[0]).sign_in()
    desk = f"{ada.address}/#/p/{study.project}/i/{item}"
    ada.page.goto(desk)
    note = ada.at_desk().page.get_by_test_id("look-again")
    expect(note).to_contain_text("look again")
    ada.press("1", "x").state("curve-lv-endo").to_have_text("to do")
    expect(ada.page.get_by_test_id("outcome")).to_have_text("not done any more: an answer is missing")
    ada.all_saved()
    queue = f"fetch('api/projects/{study.project}/queue').then((r) => r.json())"
    states = {entry["item"]: entry["state"] for entry in ada.ask(queue)}
    assert states[item] == "look-again"
    ada.reload()
    expect(note).to_be_visible()
    lead.page.reload()
    expect(lead.page.locator("[data-testid^=expert-path]")).to_have_count(len(NAMES) - 1)
    ada.still().draw(house.border()).press("Enter").all_saved()
    ada.page.goto(desk)
    ada.at_desk()
    expect(note).to_have_count(0)
    lead.page.reload()
    expect(lead.page.locator("[data-testid^=expert-path]")).to_have_count(len(NAMES))
    expect(asked).to_have_attribute("aria-pressed", "false")


def test_withdrawn_items_are_counted_and_opened_by_nobody(
    study: Study, house: House, person: Callable[..., Person]
) -> None:
    ada = person(study.experts[0])
    with ada.allowing("404"):  # of the item, and of its thumbnail that is still on its way
        ada.sign_in()
    house.catalog.write(partial(set_state, code=house.clip.code, state="quarantined"))
    try:
        with study.lead.allowing("404.*thumbnail"):
            study.lead.page.reload()
        expect(study.lead.page.get_by_test_id("withdrawn")).to_have_text("2 items withdrawn")
        with ada.allowing("404"):
            ada.page.goto(f"{ada.address}/#/p/{study.project}/i/{study.items[1]}")
            expect(ada.page.get_by_role("alert")).to_contain_text("was withdrawn")
    finally:
        house.catalog.write(partial(set_state, code=house.clip.code, state="approved"))
