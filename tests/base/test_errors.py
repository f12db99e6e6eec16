import inspect
import pickle

from unisono.base import errors


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    kinds = [k for _, k in inspect.getmembers(errors, inspect.isclass)]
    assert all(issubclass(k, errors.UnisonoError) for k in kinds)
    assert all(k.__name__ in (errors.__doc__ or "") for k in kinds)


def test_a_refusal_crosses_a_process_border_whole() -> None:
    error = pickle.loads(pickle.dumps(errors.IngestError("E_TRUNCATED", "cut at 60 %")))  # noqa: S301  # our own
    assert (error.code, str(error)) == ("E_TRUNCATED", "E_TRUNCATED: cut at 60 %")
