import json

import numpy as np

from tests.agree.make import CLASSES, PATH, class_vote, half_circle, path_vote
from unisono.agree.base import Facts, Vote
from unisono.agree.body import question_json, settled_json
from unisono.agree.panel import Question, settle_question


def settle(votes: list[Vote], facts: Facts) -> Question:
    return settle_question(votes, facts, {}, {v.item: v.item for v in votes}, np.random.default_rng(0))


def test_a_settled_path_is_strict_json() -> None:
    votes = [path_vote(half_circle(100 + k), f"e{k}") for k in range(3)]
    body = question_json(settle(votes, PATH))
    again = json.loads(json.dumps(body, allow_nan=False))
    assert again == body
    assert len(body["items"]["i"]["path"]) == 101
    assert body["items"]["i"]["experts"][0].keys() >= {"expert", "offset", "coverage", "weight", "set_aside"}
    assert body["learnt"]["numbers"].keys() == {"scale_share"}


def test_one_expert_has_no_numbers_where_none_are_known() -> None:
    body = question_json(settle([path_vote(half_circle(100), "a")], PATH))
    json.dumps(body, allow_nan=False)
    assert body["items"]["i"]["flags"] == ["one expert"]


def test_a_category_is_named() -> None:
    question = settle([class_vote(2, "a"), class_vote(2, "b")], CLASSES)
    assert settled_json(question.items["i"], CLASSES)["category"] == "plax"
