"""Each expert's own order of the items: blind, steady, and telling nothing.

The order follows from the project's seed, the expert and the item alone. It does not depend on what others
did, so nobody can read their progress from it, and an item added later does not shuffle the rest.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

HALF = 1 << 255
"""Half of the circle of SHA-256 values: a repeat stands opposite to what it repeats."""


def own_order(
    items: Iterable[str], seed: str, expert: str, repeat_of: Mapping[str, str] = MappingProxyType({})
) -> list[str]:
    """Return the items' ids in one expert's order.

    Parameters
    ----------
    items : iterable of str
    seed : str
        The project's.
    expert : str
        The expert's id.
    repeat_of : mapping of str to str, optional
        The item that another one repeats: about half of the order lies between the two.
    """

    def place(item: str) -> tuple[int, str]:
        first = repeat_of.get(item, item)
        return (_hash(f"{seed}|{expert}|{first}") + HALF * (first != item)) % (2 * HALF), item

    return sorted(items, key=place)


def shown_order(members: Sequence[str], seed: str, expert: str, item: str, *, mirrored: bool) -> list[str]:
    """Return the members of a set in the order in which one expert is shown them.

    Parameters
    ----------
    members : sequence of str
        Their codes.
    seed : str
        The project's.
    expert : str
    item : str
        The set, or the one that it repeats.
    mirrored : bool
        Whether it is a repeat: what stood first then stands last.
    """
    order = sorted(members, key=lambda code: _hash(f"{seed}|{expert}|{item}|{code}"))
    return order[::-1] if mirrored else order


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")


def next_open(order: Sequence[str], finished: Iterable[str], after: str | None = None) -> str | None:
    """Return the first item of the order that is not finished, looking behind ``after`` first.

    Parameters
    ----------
    order : sequence of str
    finished : iterable of str
    after : str, optional
        Where the expert is; what lies before it is looked at last.

    Returns
    -------
    str or None
        None when all are finished.
    """
    done = set(finished)
    start = order.index(after) + 1 if after in order else 0
    turned = [*order[start:], *order[:start]]
    return next((item for item in turned if item not in done), None)
