import numpy as np
import pytest

from tests.agree.make import PATH, TIES, half_circle, path_vote, turned_vote
from unisono.agree.base import Vote
from unisono.agree.bundle import N_POSITIONS, by_landmarks, gather, hinges, reference
from unisono.base.units import Spacing
from unisono.labels.base import Vector, Visibility


def votes(n: int = 4) -> list[Vote]:
    return [path_vote(half_circle(100 + k), f"e{k}") for k in range(n)]


def test_paths_come_in_mm_of_pixels_that_need_not_be_square() -> None:
    bundle = gather([path_vote(half_circle(100), "a")], PATH, Spacing(0.5, 0.25))
    assert np.ptp(bundle.kept[0].path[:, 0]) == pytest.approx(100.0)
    assert np.ptp(bundle.kept[0].path[:, 1]) == pytest.approx(25.0, rel=1e-3)


@pytest.mark.parametrize("who", range(4))
def test_whoever_draws_backwards_the_bundle_starts_at_the_named_hinge(who: int) -> None:
    given = votes()
    given[who] = turned_vote(given[who])
    bundle = gather(given, PATH, None)
    assert all(d.path[0, 0] < 110 for d in bundle.kept)
    assert [d.expert for d in bundle.kept if d.is_reversed] == [f"e{who}"]


def test_a_reversed_medoid_does_not_swap_the_hinges() -> None:
    # The trap: the middle path is the medoid, and it alone was drawn from the other end.
    given = [path_vote(half_circle(r), f"e{r}") for r in (90, 100, 110)]
    given[1] = turned_vote(given[1])
    path = reference(gather(given, PATH, None), PATH)
    assert path[0, 0] == pytest.approx(100, abs=1)
    assert path[-1, 0] == pytest.approx(300, abs=1)


def test_who_swaps_the_hinges_names_is_outvoted() -> None:
    given = votes()
    swapped = {"start": TIES["end"], "middle": TIES["middle"], "end": TIES["start"]}
    given[0] = path_vote(half_circle(100), "e0", ties=swapped)
    assert all(d.path[0, 0] < 110 for d in gather(given, PATH, None).kept)


def test_without_names_most_drawings_decide() -> None:
    plain = [Vote("i", v.expert, v.answer, v.visibility, Vector(v.value.strokes)) for v in votes(3)]
    given = [turned_vote(plain[0]), turned_vote(plain[1]), plain[2]]
    assert all(d.path[0, 0] > 290 for d in gather(given, PATH, None).kept)


def test_what_cannot_be_used_is_named() -> None:
    loop = np.array([[100.0, 200.0], [300.0, 100.0], [300.0, 200.0], [100.0, 100.0]])
    given = [
        *votes(),
        path_vote(loop, "loop"),
        path_vote(half_circle(20), "short"),
        path_vote(half_circle(400), "long"),
        path_vote(np.array([[100.0, 200.0], [300.0, 200.0]]), "line"),
    ]
    bundle = gather(given, PATH, None)
    reasons = {d.expert: d.set_aside for d in bundle.aside}
    assert len(bundle.kept) == 4
    assert "crosses itself" in reasons["loop"]
    assert "0.4 to 2.5" in reasons["short"]
    assert "0.4 to 2.5" in reasons["long"]
    assert "fewer than 3 points" in reasons["line"]


def test_landmarks_divide_the_path() -> None:
    path = half_circle(100, 1001)
    anchors = {TIES["start"]: path[0], TIES["middle"]: path[300], TIES["end"]: path[-1]}
    vote = Vote("i", "a", "i/a", Visibility.SEEN, Vector((path,), anchors))
    found = by_landmarks(gather([vote], PATH, None).kept[0], TIES)
    assert found.shape == (N_POSITIONS, 2)
    np.testing.assert_allclose(found[50], path[300])
    np.testing.assert_allclose(np.hypot(*(found - 200).T), 100, atol=0.01)


def test_a_partial_tracer_has_one_hinge_and_no_landmark_positions() -> None:
    path = half_circle(100, 1001)[:750]
    anchors = {TIES["start"]: path[0], TIES["middle"]: path[500]}
    drawn = gather([Vote("i", "a", "i/a", Visibility.SEEN, Vector((path,), anchors))], PATH, None).kept[0]
    first, last = hinges(drawn, TIES)
    assert first is not None
    assert last is None
    assert by_landmarks(drawn, TIES) is None
