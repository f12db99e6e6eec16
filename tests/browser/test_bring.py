"""Recordings are brought in through the page; no file's name reaches the server."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.person import Person
from tests.ingest.makers import loop, write_dicom

NAMES = ("DOE JANE 1957.dcm", "letter about Jane.txt", "DOE-19570312.JaneDoe")


def test_files_are_chosen_sent_and_told_of_one_by_one(
    person: Callable[..., Person], house: House, tmp_path: Path
) -> None:
    lead = person(house.member(house.project(frames=(5,)), "Lena", "lead")).sign_in()
    sent: list[str] = []
    lead.page.on("request", lambda request: sent.append(request.url + str(request.headers)))
    lead.page.get_by_test_id("to-bring").click()
    write_dicom(tmp_path / NAMES[0], loop(6, seed=77), SOPInstanceUID="1.2.77")
    for name in NAMES[1:]:
        (tmp_path / name).write_text("no recording")
    lead.page.get_by_test_id("choose-files").set_input_files([tmp_path / name for name in NAMES])
    expect(lead.page.get_by_test_id("bring-state")).to_contain_text("3 files")
    lead.page.get_by_test_id("bring-in").click()
    expect(lead.page.get_by_test_id("bring-state")).to_contain_text("2 files withheld", timeout=90_000)
    rows = lead.page.get_by_role("listitem")
    expect(rows.nth(0)).to_contain_text("in")
    expect(rows.nth(1)).to_contain_text("withheld: E_NOT_RECORDING")
    assert any("/api/uploads/" in line for line in sent)
    assert not [line for line in sent if re.search("DOE|Jane|letter|19570312|dcm|txt", line)]


def test_an_expert_finds_no_door(person: Callable[..., Person], house: House) -> None:
    expert = person(house.member(house.project(frames=(5,)), "Ada")).sign_in()
    expect(expert.page.get_by_test_id("to-bring")).to_have_count(0)
    expert.page.goto(f"{house.running.address}/#/bring")
    expect(expert.page.get_by_text("Only somebody who leads a project or reviews")).to_be_visible()
    expect(expert.page.get_by_test_id("choose-files")).to_have_count(0)
