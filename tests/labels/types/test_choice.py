import pytest

from unisono.base.errors import LabelError
from unisono.labels.types.choice import LABEL

OPTIONS = LABEL.parse_options(
    {"categories": ["a4c", {"key": "plax", "title": "PLAX", "family": "parasternal"}]}
)


def test_a_category_is_its_place_in_the_list() -> None:
    assert LABEL.category(LABEL.parse_instance({"key": "plax"}, OPTIONS), OPTIONS) == 1
    assert LABEL.categories(OPTIONS) == ("a4c", "plax")
    assert OPTIONS.categories[1].family == "parasternal"


def test_only_what_is_offered_can_be_chosen() -> None:
    with pytest.raises(LabelError, match="'a2c' is not one of: a4c, plax"):
        LABEL.parse_instance({"key": "a2c"}, OPTIONS)


@pytest.mark.parametrize("categories", [[], ["one"], "ab", None])
def test_a_choice_needs_two_categories(categories: object) -> None:
    with pytest.raises(LabelError, match="list of two or more"):
        LABEL.parse_options({"categories": categories})
