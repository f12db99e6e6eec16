import pytest

from unisono.base.errors import LabelError
from unisono.labels.learning import Example, Reason, parse_examples, parse_reasons


def test_plain_words_are_their_own_code() -> None:
    assert parse_reasons(["wrong view", {"key": "identity", "title": "a patient can be recognised"}]) == (
        Reason("wrong view", "wrong view"),
        Reason("identity", "a patient can be recognised"),
    )


def test_an_example_is_a_kind_a_picture_and_words() -> None:
    raw = {"kind": "borderline", "picture": "short.webp", "text": "The apex is cut"}
    assert parse_examples([raw]) == (Example("borderline", "short.webp", "The apex is cut"),)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("x", "examples must be a list; got str"),
        (
            [{"kind": "bad", "picture": "a.png", "text": ""}],
            "must be one of good, borderline, wrong; got 'bad'",
        ),
        ([{"kind": "good", "picture": "../a.png", "text": ""}], "must be a plain name of a png, jpg or webp"),
        ([{"kind": "good", "picture": "a.svg", "text": ""}], "must be a plain name"),
        ([{"kind": "good", "picture": "a.png"}], "missing text"),
    ],
)
def test_a_wrong_example_says_what_is_legal(wrong: object, says: str) -> None:
    with pytest.raises(LabelError, match=says):
        parse_examples(wrong)


@pytest.mark.parametrize("wrong", ["x", [{"key": "a"}], ["a", "a"]])
def test_a_wrong_list_of_reasons_is_refused(wrong: object) -> None:
    with pytest.raises(LabelError):
        parse_reasons(wrong)
