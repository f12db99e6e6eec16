import numpy as np

from unisono.measures.directed import to_path


def test_distances_are_to_the_segments_not_to_their_ends() -> None:
    a, b = np.array([[4.0, 3.0], [6.0, 3.0]]), np.array([[0.0, 0.0], [10.0, 0.0]])
    np.testing.assert_allclose(to_path(a, b), 3.0, atol=1e-12)


def test_the_two_directions_differ() -> None:
    short, long = np.array([[0.0, 1.0], [1.0, 1.0]]), np.array([[0.0, 0.0], [10.0, 0.0]])
    assert to_path(short, long).max() < 1.0001
    assert to_path(long, short).max() > 9
