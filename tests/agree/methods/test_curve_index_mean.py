import numpy as np

from tests.agree.make import PATH, half_circle, path_vote, turned_vote
from unisono.agree.methods.curve_index_mean import METHOD


def test_paths_start_at_their_lower_left_end() -> None:
    votes = [path_vote(half_circle(98), "a"), turned_vote(path_vote(half_circle(102), "b"))]
    settled = METHOD.fit(votes, PATH, {"i": None})["i"]
    np.testing.assert_allclose(np.hypot(*(settled.path - 200).T), 100, atol=0.01)
    assert settled.path[0, 0] < settled.path[-1, 0]


def test_it_has_no_defence() -> None:
    votes = [path_vote(half_circle(r), f"e{r}") for r in (100, 100.5, 130)]
    settled = METHOD.fit(votes, PATH, {"i": None})["i"]
    assert np.hypot(*(settled.path[50] - 200)) > 109
