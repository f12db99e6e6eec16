from typing import Any

import pytest

from unisono.base.errors import LabelError
from unisono.labels.types.order import LABEL

OPTIONS = LABEL.parse_options({"axis": "How clear?", "first": "clearest", "last": "least visible"})
ORDER: dict[str, Any] = {"groups": [["c"], ["a", "d"]], "aside": ["b"], "shown": ["a", "b", "c", "d"]}


def test_level_ones_are_one_group_and_what_is_set_aside_is_in_none() -> None:
    assert LABEL.order(LABEL.parse_instance(ORDER, OPTIONS), OPTIONS) == (("c",), ("a", "d"))


def test_no_visible_difference_is_one_group() -> None:
    level = {"groups": [["b", "a"]], "aside": [], "shown": ["a", "b"]}
    assert LABEL.order(LABEL.parse_instance(level, OPTIONS), OPTIONS) == (("b", "a"),)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"groups": [["c"], ["a"]]}, "each member that was shown must stand once"),
        ({"groups": [["c"], ["a", "d", "c"]]}, "each member that was shown must stand once"),
        ({"groups": [["c"], [], ["a", "d"]]}, "a group must not be empty"),
        ({"groups": [["c"]], "aside": ["a", "b", "d"]}, "needs 2 members or more that can be judged; got 1"),
        ({"groups": [["c", "c"]]}, "each member that was shown must stand once"),
        ({"groups": "abc"}, "groups must be a list; got str"),
        ({"groups": ["abc"]}, "a group must be a list of codes"),
        ({"groups": [[1, 2]]}, "a group must be a list of codes"),
        ({"shown": ["a", "b", "c", "d", "d"]}, "none of them twice"),
        ({"shown": list("abcdefghi"), "aside": list("befghi")}, "shown must be 2 to 8 codes"),
        ({"shown": None}, "shown must be a list of codes"),
        ({"more": 1}, "unknown more"),
    ],
)
def test_what_is_no_order_is_refused(change: dict[str, object], says: str) -> None:
    with pytest.raises(LabelError, match=says):
        LABEL.parse_instance({**ORDER, **change}, OPTIONS)


@pytest.mark.parametrize("change", [{"axis": ""}, {"first": 3}, {"last": "  "}, {"middle": None}])
def test_the_axis_and_its_ends_are_said(change: dict[str, object]) -> None:
    options = {"axis": "How clear?", "first": "clearest", "last": "least", **change}
    with pytest.raises(LabelError, match=rf"{next(iter(change))} of an order must be a text"):
        LABEL.parse_options(options)
