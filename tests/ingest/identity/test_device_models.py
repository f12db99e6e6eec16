"""The table of models: every family alone and with what follows; capitals and blanks may differ."""

import pytest

from unisono.ingest.identity.device_models import (
    FAMILIES,
    MAKERS,
    SHORTEST_ALONE,
    known_model,
    makers_of,
)
from unisono.ingest.identity.header import VENDORS


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_is_found_and_nothing_may_stand_around_it(family: str) -> None:
    alone = family if len(family) >= SHORTEST_ALONE else None
    assert known_model(family) == alone
    assert known_model(family.lower()) == alone
    assert not makers_of(family) or makers_of(family) <= set(VENDORS)
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


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("EUB-1965", "EUB"),
        ("SSD-0500", "SSD"),
        ("SSD 471", "SSD"),
        ("uSmart 1970", "uSmart"),
        ("DP 1900", None),
        ("M 7754", None),
        ("180 4711", None),
        ("EUB", "EUB"),
        ("EUB-5500", "EUB-5500"),
        ("SSD-4000", "SSD-4000"),
        ("ssa-770a", "SSA-770a"),
        ("SSA-775A", "SSA"),
        ("DP-6600", "DP-6600"),
        ("uSmart 3200T", "uSmart 3200T"),
        ("VINNO 77", "VINNO"),
        ("Aixplorer V19", None),
        ("SonoScape SSI 1962", None),
        ("HD 012975", None),
        ("Vivid 12975", "Vivid"),
        ("iE33 12975", "iE33"),
        ("EUB 55٣", None),
    ],
)
def test_a_number_that_no_maker_gave_does_not_pass(text: str, model: str | None) -> None:
    assert known_model(text) == model


@pytest.mark.parametrize("year", [*range(1910, 2000), *range(2001, 2030)])
def test_no_year_but_2000_is_a_number_of_a_family(year: int) -> None:
    kept = [known_model(f"{family}{gap}{year}") for family in FAMILIES for gap in (" ", "-", "")]
    assert not [model for model in kept if model and str(year) in model]


def test_every_family_has_makers_that_the_header_knows() -> None:
    assert {maker for makers in MAKERS for maker in makers} <= set(VENDORS)
    assert makers_of("SSD-4000") == {"Hitachi", "Aloka", "Fujifilm"}
    assert makers_of("Vivid E95") == {"GE", "Vingmed"}
    assert makers_of("Jane") == frozenset()
