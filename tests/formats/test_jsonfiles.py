"""JSON in label files."""

import pytest

from unisono.base.errors import FormatError
from unisono.formats.jsonfiles import dump_json, items_of, load_object


def test_what_is_written_is_sorted_and_comes_back() -> None:
    data = dump_json({"b": "ü", "a": [1]})
    assert data == '{"a": [1], "b": "ü"}\n'.encode()
    assert load_object(data, "x.json") == {"a": [1], "b": "ü"}


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"[]", b"3"])
def test_no_object_is_refused_with_the_file(data: bytes) -> None:
    with pytest.raises(FormatError, match=r"x\.json"):
        load_object(data, "x.json")


def test_a_list_has_no_items() -> None:
    with pytest.raises(FormatError, match="here: expected an object; got list"):
        items_of([], "here")
