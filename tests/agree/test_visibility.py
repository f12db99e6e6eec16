import pytest

from unisono.agree import visibility
from unisono.labels.base import Visibility

SEEN, BLURRED, OFF, UNASKED = Visibility.SEEN, Visibility.BLURRED, Visibility.OFF, Visibility.UNASKED


def settle(*states: Visibility) -> visibility.Verdict:
    return visibility.settle([(f"e{k}", s) for k, s in enumerate(states)], {})


def test_a_minority_that_saw_it_does_not_move_a_majority_of_off() -> None:
    verdict = settle(OFF, OFF, OFF, SEEN, SEEN)
    assert verdict.visibility is OFF
    assert verdict.shares == {"seen": 0.4, "blurred": 0.0, "off": 0.6}


def test_level_votes_are_blurred_and_flagged() -> None:
    verdict = settle(OFF, SEEN)
    assert (verdict.visibility, verdict.is_clear) == (BLURRED, False)
    assert "tie" in verdict.flags


def test_no_state_with_more_than_half_is_blurred() -> None:
    assert settle(SEEN, SEEN, OFF, BLURRED).visibility is BLURRED


def test_one_expert_is_the_verdict() -> None:
    verdict = settle(OFF)
    assert verdict.visibility is OFF
    assert verdict.flags == ("one expert",)


def test_nobody() -> None:
    assert settle().visibility is UNASKED


def test_a_missing_answer_is_not_blurred() -> None:
    assert settle(SEEN, UNASKED, UNASKED).shares["seen"] == 1.0


def test_all_agree_without_a_flag() -> None:
    assert settle(SEEN, SEEN, SEEN).flags == ()


def careless_panel(n_items: int) -> list[tuple[str, str, Visibility]]:
    """Two careful experts; three who say ``seen`` whatever there is."""
    votes = []
    for i in range(n_items):
        truth = OFF if i % 2 else SEEN
        votes += [(f"i{i}", f"good{k}", truth) for k in range(2)]
        # Now and then one of the three looks up, so that the model can tell who is careless.
        votes += [(f"i{i}", f"lazy{k}", truth if i % 7 == k else SEEN) for k in range(3)]
    return votes


def test_known_experts_are_weighed_by_what_their_word_is_worth() -> None:
    learnt = visibility.learn(careless_panel(60))
    votes = [("good0", OFF), ("good1", OFF), ("lazy0", SEEN), ("lazy1", SEEN), ("lazy2", SEEN)]
    assert visibility.settle(votes, {}).visibility is SEEN
    assert visibility.settle(votes, learnt).visibility is OFF


@pytest.mark.parametrize("votes", [careless_panel(10), [(f"i{i}", "a", SEEN) for i in range(60)], []])
def test_too_few_votes_or_nothing_to_tell_apart_counts_heads(
    votes: list[tuple[str, str, Visibility]],
) -> None:
    assert visibility.learn(votes) == {}
