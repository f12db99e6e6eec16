"""Choices by keyboard alone: the physician's review, a long list, grades with examples; notes to the lead."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.person import Person, until


def seated(house: House, person: Callable[..., Person], protocol: str) -> tuple[str, Person]:
    """Return a project over one clip, and an expert at its desk."""
    project = house.project(protocol)
    one = person(house.member(project, "Ada")).sign_in().begin(project)
    expect(one.page.get_by_test_id("frame-number")).to_be_visible()
    return project, one


def keys_of(house: House, project: str, one: Person) -> dict[str, list[str]]:
    """Return the chosen keys that the server has, by question."""
    one.all_saved()
    return {q: [i["key"] for i in label["instances"]] for q, label in house.labels(project, one.name).items()}


def test_a_physician_reviews_by_keyboard_alone(house: House, person: Callable[..., Person]) -> None:
    project, ada = seated(house, person, "diagnosis-review")
    shown = ada.page.locator("[data-testid^=structure-]")
    expect(shown).to_have_count(1)
    ada.press("1")
    expect(shown).to_have_count(3)
    ada.state("valuable").to_have_text("Yes, include it")
    ada.press("4", "1", "a", "0", "2", "4")
    ada.state("findings").to_have_text("Cyst, Stone")
    ada.press("Enter", "k", "Enter")
    until(lambda: house.outcomes(project, ada.name), lambda found: len(found) == 1, "outcomes")
    assert keys_of(house, project, ada) == {
        "valuable": ["yes"],
        "findings": ["cyst", "stone"],
        "organ": ["bowel"],
    }
    assert set(house.outcomes(project, ada.name).values()) == {("done", "")}


def test_an_exclusion_takes_back_what_is_not_asked_any_more(
    house: House, person: Callable[..., Person]
) -> None:
    project, ada = seated(house, person, "diagnosis-review")
    ada.press("1", "2", "Enter")
    ada.page.get_by_test_id("structure-valuable").click()
    ada.press("2")
    ada.state("excluded").to_have_text("to do")
    expect(ada.page.locator("[data-testid^=structure-]")).to_have_count(2)
    ada.press("Enter")
    expect(ada.page.get_by_test_id("hint")).to_have_text("Still to do: Why not?")
    ada.press("1", "2")
    assert keys_of(house, project, ada) == {
        "valuable": ["no"],
        "findings": [],
        "excluded": ["no-identifiable-finding", "unreadable"],
    }
    ada.press("Control+z", "Control+z", "Control+z")
    ada.state("findings").to_have_text("Cyst")
    assert keys_of(house, project, ada)["findings"] == ["cyst"]


def test_forty_seven_views_are_reached_by_tab_key_and_by_search(
    house: House, person: Callable[..., Person]
) -> None:
    project, ada = seated(house, person, "view-47")
    expect(ada.page.get_by_role("tab")).to_have_count(6)
    ada.press("Shift+Digit5", "3")
    ada.state("view").to_have_text("Tricuspid valve")
    ada.press("/")
    ada.page.keyboard.type("psax aortic")
    ada.press("Enter")
    ada.state("view").to_have_text("PSAX, aortic valve")
    ada.press("b")
    ada.state("view").to_have_text("not sure")
    ada.press("0")
    ada.state("view").to_have_text("None of these")
    assert keys_of(house, project, ada) == {"view": ["none"]}
    ada.reload()
    ada.state("view").to_have_text("None of these")


def test_a_grade_has_examples_one_key_away(house: House, person: Callable[..., Person]) -> None:
    project, ada = seated(house, person, "quality-grade")
    ada.press("i")
    pictures = ada.page.get_by_test_id("examples").locator("img")
    expect(pictures).to_have_count(3)
    until(
        lambda: ada.ask("[...document.querySelectorAll('figure img')].map((i) => i.naturalWidth)"),
        lambda widths: widths == [400, 400, 400],
        "widths of the examples",
    )
    ada.press("4", "i")
    expect(ada.page.get_by_test_id("examples")).to_have_count(0)
    assert keys_of(house, project, ada) == {"quality": ["4"]}


def test_a_flag_reaches_the_lead_and_changes_nothing_else(
    house: House, person: Callable[..., Person]
) -> None:
    project, ada = seated(house, person, "quality-grade")
    ada.page.get_by_test_id("unusable").click()
    ada.page.get_by_test_id("note-text").fill("The loop seems to run backwards")
    with ada.allowing(r"ERR_INTERNET_DISCONNECTED|NetworkError|Failed to load resource"):
        ada.context.set_offline(True)
        ada.page.get_by_test_id("note-send").click()
        expect(ada.page.get_by_test_id("note-sent")).to_contain_text("Told")
        ada.context.set_offline(False)
    ada.all_saved()
    assert house.outcomes(project, ada.name) == {}
    ada.page.get_by_test_id("unusable-wrong-view").click()
    until(lambda: house.outcomes(project, ada.name), lambda found: len(found) == 1, "outcomes")
    assert set(house.outcomes(project, ada.name).values()) == {("unusable", "wrong-view")}
    lena = person(house.member(project, "Lena", "lead")).sign_in()
    lena.page.goto(f"{house.address}/#/p/{project}/lead")
    expect(lena.page.get_by_test_id("told-flag")).to_contain_text("The loop seems to run backwards")
    expect(lena.page.get_by_test_id("told-unusable")).to_contain_text("wrong view")
