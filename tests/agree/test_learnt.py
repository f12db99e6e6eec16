import numpy as np

from unisono.agree.learnt import Learnt


def test_what_was_learnt_is_plain_json() -> None:
    learnt = Learnt({"a": 1.5}, {"t": {"e": np.eye(2)}})
    again = Learnt.from_json(learnt.to_json())
    assert again.numbers == learnt.numbers
    np.testing.assert_array_equal(again.tables["t"]["e"], np.eye(2))
