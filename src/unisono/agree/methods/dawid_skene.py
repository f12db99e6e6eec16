"""Class consensus by Dawid and Skene: each expert's mistakes are learnt, and rare classes keep a prior.

Source: A. P. Dawid, A. M. Skene (1979), Applied Statistics 28(1):20-28, doi:10.2307/2346806; rows shrunk by a
Dirichlet prior.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from unisono.agree import confusion
from unisono.agree.base import Facts, Method, Settled, Vote
from unisono.agree.classes import category_of, settled
from unisono.agree.learnt import Learnt
from unisono.base.units import Spacing
from unisono.labels.base import Form

TABLE = "confusion"
MARGINALS = ""
"""Key of the class shares in the learnt table; no expert has an empty name."""


def learn(votes: Sequence[Vote], facts: Facts, spacings: Mapping[str, Spacing | None]) -> Learnt:  # noqa: ARG001  # classes have no size
    """Learn the class shares and each expert's confusion matrix."""
    if not votes:
        return Learnt()
    items = {item: i for i, item in enumerate(dict.fromkeys(v.item for v in votes))}
    experts = {expert: k for k, expert in enumerate(dict.fromkeys(v.expert for v in votes))}
    counts = np.zeros((len(items), len(experts), len(facts.categories)))
    for vote in votes:
        counts[items[vote.item], experts[vote.expert], category_of(vote)] += 1
    model = confusion.fit(counts)
    matrices = {expert: model.matrices[k] for expert, k in experts.items()}
    return Learnt(tables={TABLE: {MARGINALS: model.marginals, **matrices}})


def locate(votes: Sequence[Vote], facts: Facts, spacing: Spacing | None, learnt: Learnt) -> Settled:  # noqa: ARG001
    """Settle one item's category; one expert's answer is the answer."""
    n = len(facts.categories)
    counts = np.eye(n)[[category_of(v) for v in votes]]
    known = learnt.tables.get(TABLE, {})
    if len(votes) == 1 or MARGINALS not in known:
        return settled(votes, facts, counts.mean(axis=0))
    unknown = np.where(np.eye(n) > 0, 4.0, 1.0) / (n + 3)
    matrices = np.stack([known.get(v.expert, unknown) for v in votes])
    return settled(votes, facts, confusion.posterior_of(counts, known[MARGINALS], matrices))


METHOD = Method(
    name="dawid-skene",
    summary="experts' confusion matrices by expectation-maximisation, rows shrunk",
    form=Form.CATEGORY,
    shape=None,
    learn=learn,
    locate=locate,
    parameters={"prior": confusion.PRIOR},
)
