import numpy as np
import pytest

from tests.agree.make import PATH, half_circle, path_vote
from unisono.agree.base import Vote
from unisono.agree.methods.curve_landmark_mean import METHOD
from unisono.base.units import Spacing
from unisono.labels.base import Vector


def test_it_is_the_plain_mean() -> None:
    votes = [path_vote(half_circle(r), f"e{r}") for r in (98, 100, 108)]
    settled = METHOD.fit(votes, PATH, {"i": Spacing(1, 1)})["i"]
    np.testing.assert_allclose(np.hypot(*(settled.path - 200).T), 102, atol=0.01)


def test_paths_without_landmarks_are_left_out_where_others_have_them() -> None:
    votes = [path_vote(half_circle(r), f"e{r}") for r in (98, 102)]
    bare = path_vote(half_circle(110), "bare")
    bare = Vote(bare.item, bare.expert, bare.answer, bare.visibility, Vector(bare.value.strokes))
    settled = METHOD.fit([*votes, bare], PATH, {"i": None})["i"]
    assert np.hypot(*(settled.path[50] - 200)) == pytest.approx(100, abs=0.01)
    assert "landmark" in next(r for r in settled.rows if r.expert == "bare").set_aside
