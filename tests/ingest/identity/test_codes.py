"""What follows when a recording was seen before, by the table of the rules."""

import pytest

from unisono.base.errors import IngestError
from unisono.ingest.identity.codes import (
    Seen,
    Settled,
    check_class,
    content_identity,
    settle_identity,
    sha256_hex,
    sha256_of_parts,
)

FIRST = Seen("01-aa", "bytes 1", "pixels 1")
OTHER = Seen("01-bb", "bytes 2", "pixels 2")


@pytest.mark.parametrize(
    ("new", "settled"),
    [
        (FIRST, Settled("already", "01-aa")),
        (Seen("01-aa", "bytes 9", "pixels 1"), Settled("note", "01-aa")),
        (Seen("02-aa", "bytes 1", "pixels 1"), Settled("already", "01-aa")),
        (Seen("01-cc", "bytes 9", "pixels 2"), Settled("dup_of", "01-bb")),
        (Seen("01-cc", "bytes 9", "pixels 9"), Settled("new")),
    ],
)
def test_the_table(new: Seen, settled: Settled) -> None:
    assert settle_identity([FIRST, OTHER], new) == settled


@pytest.mark.parametrize("order", [[FIRST, OTHER], [OTHER, FIRST]])
def test_the_same_uid_with_other_pixels_conflicts_even_when_they_are_known(order: list[Seen]) -> None:
    with pytest.raises(IngestError) as caught:
        settle_identity(order, Seen("01-aa", "bytes 9", "pixels 2"))
    assert caught.value.code == "E_UID_CONFLICT"
    assert "aa" not in caught.value.message


def test_of_several_with_equal_pixels_the_first_is_named() -> None:
    twins = [Seen("01-aa", "1", "p"), Seen("01-bb", "2", "p")]
    assert settle_identity(twins, Seen("01-cc", "3", "p")) == Settled("dup_of", "01-aa")
    assert settle_identity([], FIRST) == Settled("new")


def test_a_subject_has_one_class() -> None:
    check_class(None, "01")
    check_class("01", "01")
    with pytest.raises(IngestError, match="E_CLASS_CONFLICT"):
        check_class("01", "02")


def test_content_never_looks_like_a_uid() -> None:
    assert content_identity(sha256_hex(b"")).startswith("content|e3b0c442")


def test_one_file_keeps_its_digest_and_order_counts() -> None:
    assert sha256_of_parts(["ab"]) == "ab"
    assert sha256_of_parts(["ab", "cd"]) != sha256_of_parts(["cd", "ab"])
