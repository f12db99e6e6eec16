from hypothesis import given
from hypothesis import strategies as st

from unisono.annotate.queue import next_open, own_order

ITEMS = [f"item-{n}" for n in range(60)]
names = st.text(min_size=1, max_size=8)


def test_each_expert_has_an_order_of_his_own() -> None:
    assert own_order(ITEMS, "seed", "ada") != own_order(ITEMS, "seed", "ben")


@given(st.permutations(ITEMS), names, names)
def test_the_order_depends_on_seed_expert_and_item_alone(items: list[str], seed: str, expert: str) -> None:
    assert own_order(items, seed, expert) == own_order(ITEMS, seed, expert)


@given(names, names)
def test_an_item_added_later_does_not_shuffle_the_rest(seed: str, expert: str) -> None:
    before = own_order(ITEMS[:-1], seed, expert)
    after = own_order(ITEMS, seed, expert)
    assert [i for i in after if i != ITEMS[-1]] == before


def test_the_next_item_is_the_first_open_one_behind() -> None:
    order = ["a", "b", "c", "d"]
    assert next_open(order, []) == "a"
    assert next_open(order, ["a", "c"], after="b") == "d"
    assert next_open(order, ["c", "d"], after="b") == "a"
    assert next_open(order, order, after="b") is None
    assert next_open([], []) is None
