from tests.agree.make import CLASSES, class_vote, unseen_vote
from unisono.agree.base import Settled
from unisono.agree.methods.majority import METHOD
from unisono.labels.base import Visibility


def settle(*categories: int) -> Settled:
    votes = [class_vote(c, f"e{k}") for k, c in enumerate(categories)]
    return METHOD.fit(votes, CLASSES, {})["i"]


def test_most_votes_win() -> None:
    assert settle(1, 1, 2).category == 1


def test_a_tie_is_no_decision() -> None:
    result = settle(1, 2)
    assert (result.category, "tie" in result.flags) == (None, True)


def test_who_is_not_sure_is_not_counted_as_a_category() -> None:
    votes = [class_vote(1, "a"), class_vote(1, "b"), unseen_vote(Visibility.BLURRED, "c")]
    result = METHOD.fit(votes, CLASSES, {})["i"]
    assert result.shares["a2c"] == 1.0
    assert len(result.rows) == 3
