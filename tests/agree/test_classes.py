import numpy as np
import pytest

from tests.agree.make import CLASSES, class_vote
from unisono.agree.classes import category_of, settled
from unisono.labels.base import Visibility

VOTES = [class_vote(0, "a"), class_vote(0, "b"), class_vote(2, "c")]


def test_the_best_category_wins_and_disagreement_is_flagged() -> None:
    result = settled(VOTES, CLASSES, np.array([0.7, 0.1, 0.2]))
    assert (result.visibility, result.category, result.flags) == (Visibility.SEEN, 0, ("classes differ",))
    assert result.shares == pytest.approx({"a4c": 0.7, "a2c": 0.1, "plax": 0.2})


def test_level_shares_are_no_decision() -> None:
    result = settled(VOTES, CLASSES, np.array([0.5, 0.0, 0.5]))
    assert result.category is None
    assert "tie" in result.flags


def test_each_is_compared_with_the_others() -> None:
    assert [r.distance for r in settled(VOTES, CLASSES, np.ones(3) / 3).rows] == [0.5, 0.5, 1.0]
    assert settled(VOTES[:1], CLASSES, np.eye(3)[0]).rows[0].distance is None


def test_category_of_a_vote() -> None:
    assert category_of(class_vote(2, "a")) == 2
