import numpy as np
import pytest

from unisono.agree.confusion import fit, posterior_of
from unisono.base.errors import LabelError

# Dawid and Skene (1979), table 1: 45 patients; observer 1 saw each three times, observers 2 to 5 once.
PATIENTS = [
    "1111111",
    "3334334",
    "1122122",
    "2223121",
    "2223222",
    "2223322",
    "1222111",
    "3333433",
    "2222223",
    "2322223",
    "4444444",
    "2223343",
    "1111111",
    "2223212",
    "1211111",
    "1112111",
    "1111111",
    "1111111",
    "2222221",
    "2221322",
    "2222222",
    "2222221",
    "2223222",
    "2212222",
    "1111111",
    "1111111",
    "2322222",
    "1111111",
    "1111111",
    "1121121",
    "1111111",
    "3333233",
    "1111111",
    "2222222",
    "2223232",
    "4334343",
    "2212232",
    "2323233",
    "3333432",
    "1111111",
    "1111111",
    "1212111",
    "2322222",
    "1211111",
    "2222222",
]


def anaesthetists() -> np.ndarray:
    counts = np.zeros((45, 5, 4))
    for i, said in enumerate(PATIENTS):
        for k, category in enumerate(said):
            counts[i, max(0, k - 2), int(category) - 1] += 1
    return counts


def test_the_anaesthetists_of_1979() -> None:
    model = fit(anaesthetists(), prior=0.0, tolerance=1e-10)
    np.testing.assert_allclose(model.marginals, [0.40, 0.42, 0.11, 0.07], atol=0.005)
    np.testing.assert_allclose(model.matrices[0, 0], [0.89, 0.11, 0, 0], atol=0.005)
    assert model.log_likelihood == pytest.approx(-192.891, abs=0.001)


def test_a_prior_leaves_no_zeros() -> None:
    model = fit(anaesthetists())
    assert model.matrices.min() > 0
    np.testing.assert_allclose(model.matrices.sum(axis=2), 1.0)
    np.testing.assert_allclose(model.marginals, [0.40, 0.42, 0.11, 0.07], atol=0.06)


def test_one_item_again_under_the_fitted_model() -> None:
    counts = anaesthetists()
    model = fit(counts, tolerance=1e-12)
    again = posterior_of(counts[1], model.marginals, model.matrices)
    np.testing.assert_allclose(again, model.posterior[1], atol=1e-6)


def test_hundreds_of_answers_do_not_underflow() -> None:
    counts = np.zeros((2, 1000, 2))
    counts[0, :, 0] = counts[1, :, 1] = 1
    assert np.isfinite(fit(counts).posterior).all()


def test_an_item_without_an_answer_is_refused() -> None:
    with pytest.raises(LabelError, match="each item answered"):
        fit(np.zeros((2, 2, 2)))
