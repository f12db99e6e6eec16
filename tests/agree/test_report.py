from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import cv2
import numpy as np
import pytest

from tests.agree.make import PATH, half_circle, path_vote
from unisono.agree.base import by_item
from unisono.agree.panel import settle_question
from unisono.agree.report import MAX_PICTURES, Report, ReportItem

PNG = cv2.imencode(".png", np.zeros((400, 400, 3), dtype=np.uint8))[1].tobytes()
VOID = {"meta", "br"}


class Balance(HTMLParser):
    """Fails on a tag that is closed in the wrong order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in VOID and attrs is not None:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def report(n_items: int = 2, radii: tuple[float, ...] = (99.0, 100.0, 101.0), **changes: Any) -> Report:
    votes = [
        path_vote(half_circle(r), f"P{k}", item=f"i{i}") for i in range(n_items) for k, r in enumerate(radii)
    ]
    subjects = {v.item: v.item for v in votes}
    question = settle_question(votes, PATH, {}, subjects, np.random.default_rng(0))
    groups = by_item(votes)
    items = tuple(
        ReportItem(f"i{i}", i, f"01-{i:064x}", 3, None, {PATH.key: tuple(groups[f"i{i}"])})
        for i in range(n_items)
    )
    base = {
        "title": "A <title>",
        "project": "p",
        "protocol": "a4c version 1",
        "simulated_data": False,
        "simulated_experts": {f"P{k}": False for k in range(len(radii))},
        "made_at": datetime(2026, 1, 2, tzinfo=UTC),
        "code_version": "0.1.0",
        "input_sha256": "f" * 64,
        "result_id": "r1",
        "n_answers": len(votes),
        "questions": {PATH.key: question},
        "items": items,
        "several": frozenset(),
        "body": {"project": "p"},
        "picture": lambda _: PNG,
        **changes,
    }
    return Report(**base)


def test_it_is_whole_and_stands_alone() -> None:
    html = report().html()
    parser = Balance()
    parser.feed(html)
    assert parser.open == []
    assert "A &lt;title&gt;" in html
    for must in ("f" * 64, "curve-normals", "0.1.0", "a4c version 1", "@media print"):
        assert must in html


def test_simulated_is_said_only_where_it_is_so() -> None:
    assert "imulated." not in report().html()
    marked = report(simulated_data=True, simulated_experts={"P0": True, "P1": False, "P2": False}).html()
    assert "The images are simulated" in marked
    assert "1 of 3 experts are simulated" in marked
    assert "P0 (simulated)" in marked


def test_the_widest_disagreement_is_shown_first_and_the_rest_is_counted() -> None:
    many = report(MAX_PICTURES + 3)
    html = many.html()
    assert html.count("<figure>") == MAX_PICTURES
    assert "3 more are not shown" in html


def test_items_that_need_a_decision() -> None:
    split = report(radii=(90.0, 90.5, 105.0, 105.5))
    assert [i.item for i in split.to_look_at] == ["i0", "i1"]
    assert "2 items need a decision" in split.html()
    assert report().to_look_at == []


def test_json_carries_hash_method_and_version() -> None:
    assert report().to_json() == {
        "project": "p",
        "result": "r1",
        "made_at": "2026-01-02T00:00:00+00:00",
        "code_version": "0.1.0",
        "input_sha256": "f" * 64,
    }


@pytest.mark.parametrize("n_items", [1, 3])
def test_settled_questions_of_an_item(n_items: int) -> None:
    assert set(report(n_items).of_item("i0")) == {PATH.key}
