"""Each expert's own order of the items: blind, steady, and telling nothing.

The order follows from the project's seed, the expert and the item alone. It does not depend on what others
did, so nobody can read their progress from it, and an item added later does not shuffle the rest.
"""

import hashlib
from collections.abc import Iterable, Sequence


def own_order(items: Iterable[str], seed: str, expert: str) -> list[str]:
    """Return the items' ids in one expert's order.

    Parameters
    ----------
    items : iterable of str
    seed : str
        The project's.
    expert : str
        The expert's id.
    """
    return sorted(items, key=lambda item: hashlib.sha256(f"{seed}|{expert}|{item}".encode()).digest())


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
