"""The card."""

from dataclasses import replace
from typing import Any

import yaml

from tests.release.make import make_clip_facts, make_contents
from unisono.release.card import write_card
from unisono.release.package import compose


def card_of(**changes: Any) -> str:
    contents = make_contents(**changes)
    return write_card(contents, compose(contents)).decode()


def front_of(card: str) -> dict[str, Any]:
    return yaml.safe_load(card.split("---\n")[1])


def test_the_front_matter_is_yaml() -> None:
    front = front_of(card_of())
    assert front["license"] == "cc0-1.0"
    assert front["pretty_name"] == "A border"
    assert front["version"] == "1.2.3"


def test_several_licences_are_other_and_each_is_named() -> None:
    clips = (make_clip_facts(1), make_clip_facts(2, "ival", licence="CC BY-NC 4.0", origin="elsewhere"))
    card = card_of(clips=clips)
    assert front_of(card)["license"] == "other"
    assert "| CC BY-NC 4.0 | elsewhere | 1 |" in card
    assert "| CC0-1.0 | made by the tests | 1 |" in card


def test_simulated_is_said_plainly() -> None:
    assert "1 of 2 experts are programs" in card_of()
    experts = tuple(replace(e, simulated=False) for e in make_contents().experts)
    assert "Simulated" not in card_of(experts=experts)


def test_what_the_format_lacks_is_printed() -> None:
    card = card_of(format="multix", policy="consensus")
    assert "question 'lv-apex-endo' asks for points" in card


def test_policy_counts_and_limits_are_printed() -> None:
    card = card_of()
    assert "the last answer in time wins" in card
    assert "6 frames of 2 clips of 2 subjects; 16 answers of 2 experts about 2 items." in card
    assert "| `mv-post-hinge` | 0 | 2 | 0 |" in card
    assert "Not for clinical use" in card


def test_agreement_has_its_interval() -> None:
    distance = {"expert": "expert-1", "mean": 1.234, "low": 1.0, "high": 1.5, "n_items": 2}
    tally = {"expert": "expert-1", "unit": "mm", "distance": distance}
    items = {"item": {"sd": 0.75, "unit": "mm"}, "other": {"sd": None, "unit": "mm"}}
    agreement = {"questions": {"lv-apex-endo": {"experts": [tally], "items": items}}}
    card = card_of(agreement=agreement)
    assert "| `lv-apex-endo` | expert-1 | 1.23 mm | 1.00 to 1.50 | 2 |" in card
    assert "- `lv-apex-endo`: SD between experts, median over 1 items: 0.75 mm" in card
