import pytest
import yaml

from unisono.base.errors import LabelError, ProtocolError
from unisono.labels.protocol import parse_protocol

POINT = {"key": "apex", "title": "Apex", "label": "point"}
CURVE = {"key": "border", "title": "Border", "label": "curve"}


def text(*questions: dict[str, object], **changes: object) -> str:
    base = {
        "protocol": "p",
        "version": 1,
        "title": "P",
        "item": "frame",
        "questions": list(questions) or [POINT],
    }
    return yaml.safe_dump({**base, **changes})


def test_what_is_left_out_has_a_default() -> None:
    protocol = parse_protocol(text(POINT, CURVE))
    assert [q.hotkey for q in protocol.questions] == ["1", "2"]
    assert [v.value for v in protocol.questions[0].visibilities] == ["blurred", "off"]
    assert protocol.experts_per_item == 3


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("a: [", "not YAML"),
        ("- 1", "must be a mapping; got list"),
        (text(item="movie"), "item must be frame, clip or set; got 'movie'"),
        (text(version=0), "version must be a whole number of 1 or more; got 0"),
        (text(version=True), "version must be a whole number"),
        (text(questions=[]), "questions must be a list of one or more"),
        (text(extra=1), "unknown extra"),
        (text({"key": "a", "title": "A"}), r"questions\[0\]: missing label"),
        (
            text({**POINT, "label": "blob"}),
            r"questions\[0\]: unknown label type 'blob'; there are: .*choice, curve",
        ),
        (
            text({**POINT, "options": {"instances": 0}}),
            "instances must be a whole number from 1 to 50; got 0",
        ),
        (text({**POINT, "options": {"size": 1}}), "unknown size"),
        (text({**POINT, "options": []}), "options must be a mapping"),
        (text({**POINT, "hue": 10}), "hue must be 0 to 9; got 10"),
        (text({**POINT, "visibility": ["gone"]}), "must be a list out of blurred, off"),
        (text({**POINT, "title": " "}), "title must be a text"),
        (text(POINT, {**POINT, "hotkey": "k"}), "two questions have the key 'apex'"),
        (text({**POINT, "hotkey": "k"}, {**CURVE, "hotkey": "k"}), "border and apex share the hotkey 'k'"),
        (text({**POINT, "hotkey": "b"}), "the page keeps the hotkey 'b' for itself"),
        (
            text(
                {**POINT, "hotkey": "k"},
                {
                    **POINT,
                    "key": "phase",
                    "label": "event",
                    "options": {"events": [{"key": "ed", "hotkey": "K"}]},
                },
            ),
            "phase marks with 'k', which is the hotkey of apex",
        ),
        (
            text({**CURVE, "options": {"ties": {"start": "hinge"}}}),
            "its start is tied to 'hinge', which is no point",
        ),
        (text({**CURVE, "options": {"ties": {"start": "a", "end": "a"}}}), "'a' is tied to two places"),
        (text({"key": "v", "title": "V", "label": "choice"}), "missing categories"),
        (
            text({"key": "v", "title": "V", "label": "choice", "options": {"categories": ["a", "a"]}}),
            "'a' stands twice",
        ),
    ],
)
def test_a_wrong_protocol_says_where_and_what_is_legal(source: str, says: str) -> None:
    with pytest.raises(ProtocolError, match=says) as caught:
        parse_protocol(source, "mine.yaml")
    assert str(caught.value).startswith("mine.yaml")


def test_a_question_reads_its_answers_and_refuses_what_it_does_not_offer() -> None:
    question = parse_protocol(text({**POINT, "visibility": ["off"]})).question("apex")
    assert question.parse({"visibility": "off"}).visibility.value == "off"
    with pytest.raises(
        LabelError, match="apex: visibility 'blurred' is not offered; legal: seen, unasked, off"
    ):
        question.parse({"visibility": "blurred"})
    with pytest.raises(LabelError, match="has no question 'x'; it asks: apex"):
        parse_protocol(text()).question("x")
