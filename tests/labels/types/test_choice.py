import pytest

from unisono.base.errors import LabelError
from unisono.labels.base import parse_label
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


FINDINGS = {"categories": ["tumor", "cyst", "stone"], "several": True, "none": "None of these"}


def chosen(*keys: str) -> dict[str, object]:
    return {"visibility": "seen", "instances": [{"key": k} for k in keys]}


def test_several_stand_in_the_order_of_the_protocol() -> None:
    options = LABEL.parse_options(FINDINGS)
    label = parse_label(LABEL, options, chosen("tumor", "stone"))
    assert [i.key for i in label.instances] == ["tumor", "stone"]
    assert [LABEL.category(i, options) for i in label.instances] == [0, 2]


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        (("stone", "tumor"), "once each and in this order: tumor, cyst, stone, none"),
        (("tumor", "tumor"), "once each"),
        (("tumor", "none"), "'none' stands alone; got 2 choices"),
        (("gas",), "'gas' is not one of"),
    ],
)
def test_choices_that_do_not_go_together_are_refused(keys: tuple[str, ...], says: str) -> None:
    with pytest.raises(LabelError, match=says):
        parse_label(LABEL, LABEL.parse_options(FINDINGS), chosen(*keys))


def test_no_more_are_taken_than_the_protocol_allows() -> None:
    options = LABEL.parse_options({**FINDINGS, "max": 2})
    with pytest.raises(LabelError, match="3 instances where this question allows 2"):
        parse_label(LABEL, options, chosen("tumor", "cyst", "stone"))
    with pytest.raises(LabelError, match="2 instances where this question allows 1"):
        parse_label(LABEL, OPTIONS, chosen("a4c", "plax"))


def test_none_of_these_is_the_last_category_with_words_of_its_own() -> None:
    options = LABEL.parse_options(FINDINGS)
    assert options.categories[-1].title == "None of these"
    assert options.exclusive == "none"
    assert LABEL.parse_options({"categories": ["a", "none"]}).exclusive == ""


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({**FINDINGS, "ordered": True}, "several or ordered, not both"),
        ({"categories": ["a", "b"], "max": 2}, "max needs several"),
        ({**FINDINGS, "max": 1}, "max must be a whole number from 2 to 3; got 1"),
        ({**FINDINGS, "max": 4}, "from 2 to 3; got 4"),
        ({"categories": ["a", "b"], "ordered": "yes"}, "ordered must be true or false"),
        ({"categories": ["a", "none"], "none": "None"}, "'none' stands twice"),
        ({"categories": ["a", "b"], "none": ""}, "must be the words of its button"),
        ({"categories": [str(n) for n in range(50)]}, "fewer than 50; got 50"),
    ],
)
def test_options_that_do_not_fit_are_refused(options: dict[str, object], says: str) -> None:
    with pytest.raises(LabelError, match=says):
        LABEL.parse_options(options)
