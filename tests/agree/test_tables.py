import re

import numpy as np

from tests.agree.make import CLASSES, PATH, class_vote, half_circle, path_vote, turned_vote
from unisono.agree.panel import Question, settle_question
from unisono.agree.tables import class_table, expert_table, facts_list, item_table, visibility_table
from unisono.base.units import Spacing


def paths() -> Question:
    votes = [path_vote(half_circle(100 + k), f"e{k}", item=i) for i in "ab" for k in range(4)]
    votes[0] = turned_vote(votes[0])
    spacings = {"a": Spacing(1, 1), "b": Spacing(1, 1)}
    return settle_question(votes, PATH, spacings, {"a": "a", "b": "b"}, np.random.default_rng(0))


def test_experts_have_bias_distance_and_interval_in_their_unit() -> None:
    html = expert_table(paths(), {"e0": True, "e1": False})
    assert "bias, mm" in html
    assert html.count("<tr>") == 5
    assert html.count("simulated") == 1
    assert re.search(r"<td>-[12]\.\d\d</td>", html)
    assert "bootstrap over subjects and experts" in html


def test_classes_are_counted() -> None:
    votes = [class_vote(c, e, item=f"i{n}") for n, c in enumerate((0, 0, 1)) for e in "ab"]
    question = settle_question(votes, CLASSES, {}, {}, np.random.default_rng(0))
    assert "<td>a4c</td><td>2</td><td>67 %</td>" in class_table(question)
    assert "differs from the others" in expert_table(question, {})


def test_visibilities_are_counted() -> None:
    assert "2 seen" in visibility_table(paths())


def test_items_to_note() -> None:
    settled = paths().items
    assert "None: no flag" in item_table([(0, "01-abc", 3, {"q": settled["a"]}, False)])
    noted = item_table([(4, "01-abcdef", None, {"q": settled["a"]}, True)])
    assert "several instances, the first counts" in noted
    assert "<td>5</td>" in noted


def test_facts_are_escaped() -> None:
    assert (
        facts_list({"a<b": "<i>", "n": 1.5})
        == "<dl><dt>a&lt;b</dt><dd>&lt;i&gt;</dd><dt>n</dt><dd>1.5</dd></dl>"
    )
