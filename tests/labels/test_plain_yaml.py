import pytest
import yaml

from unisono.labels.plain_yaml import load_yaml
from unisono.labels.protocol import parse_protocol


def test_words_stay_words() -> None:
    assert load_yaml("[off, on, yes, no, Off, NO]") == ["off", "on", "yes", "no", "Off", "NO"]


def test_true_and_false_and_the_rest_are_what_they_were() -> None:
    assert load_yaml("[true, False, 1, 1.5, ~, text]") == [True, False, 1, 1.5, None, "text"]


def test_other_users_of_yaml_are_left_alone() -> None:
    assert yaml.safe_load("off") is False


def test_a_key_that_stands_twice_is_an_error() -> None:
    with pytest.raises(yaml.YAMLError, match="'a' stands twice"):
        load_yaml("b: {a: 1, a: 2}")


def test_a_protocol_may_offer_off_without_quotes() -> None:
    question = "{key: a, title: A, label: point, visibility: [off]}"
    text = f"protocol: p\nversion: 1\ntitle: P\nitem: frame\nquestions: [{question}]"
    assert [v.value for v in parse_protocol(text).questions[0].visibilities] == ["off"]


def test_nothing_is_run() -> None:
    with pytest.raises(yaml.YAMLError):
        load_yaml("!!python/object/apply:os.system [true]")
