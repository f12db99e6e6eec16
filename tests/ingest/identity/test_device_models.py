"""The table of models: every family alone and with what follows; capitals and blanks may differ."""

import pytest

from unisono.ingest.identity.device_models import FAMILIES, known_model


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_is_found_and_nothing_may_stand_around_it(family: str) -> None:
    assert known_model(family) == family
    assert known_model(family.lower()) == family
    assert known_model(f"{family} Jane") is None
    assert known_model(f"Jane {family}") is None


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("GE Vivid E95", "Vivid E95"),
        ("epiq 7c", "EPIQ 7c"),
        ("  Acuson   SC2000 ", "ACUSON SC2000"),
        ("HI-VISION Avius", "HI VISION Avius"),
        ("TUS-A500", "TUS-A500"),
        ("MyLabTwice", "MyLabTwice"),
    ],
)
def test_spellings(text: str, model: str) -> None:
    assert known_model(text) == model
