from typing import Any

import pytest

from unisono.agree.handout import Spread, spread_of


def row(
    shape: str | None, sd: float | None, unit: str = "mm", **changes: Any
) -> tuple[dict[str, Any], dict[str, Any]]:
    question = {"shape": shape, "form": "vector" if shape else "category"}
    return question, {"sd": sd, "unit": unit, "flags": [], "shares": {}, **changes}


def test_the_path_says_most_about_an_image() -> None:
    assert spread_of([row("point", 9.0), row("path", 2.0)]) == Spread(2.0, "mm", ())


def test_without_a_path_the_widest_point_does() -> None:
    assert spread_of([row("point", 1.0), row("point", 3.0, "px")]) == Spread(3.0, "px", ())


def test_classes_give_the_share_outside_the_first() -> None:
    found = spread_of([row(None, None, shares={"a": 0.75, "b": 0.25}, flags=["classes differ"])])
    assert found.value == pytest.approx(0.25)
    assert (found.unit, found.flags) == ("share", ("classes differ",))


def test_nothing_to_say() -> None:
    assert spread_of([row("path", None)]) == Spread(None, None, ())
