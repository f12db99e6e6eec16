"""Claims are checked before memory is set aside."""

import pytest

from unisono.base.errors import IngestError
from unisono.ingest.limits import LIMITS, check_bytes, check_size


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        ((0, 10, 1), "E_NO_PIXELS"),
        ((10, 10, 0), "E_NO_PIXELS"),
        ((4097, 10, 1), "E_LIMIT_DIM"),
        ((10, 65_000, 1), "E_LIMIT_DIM"),
        ((10, 10, 10_001), "E_LIMIT_FRAMES"),
        ((4096, 4096, 1000), "E_LIMIT_SIZE"),
    ],
)
def test_too_much_and_nothing_are_refused(shape: tuple[int, int, int], code: str) -> None:
    with pytest.raises(IngestError) as caught:
        check_size(*shape)
    assert caught.value.code == code


def test_the_largest_legal_sizes_pass() -> None:
    check_size(4096, 4096, 512)
    check_size(600, 800, 10_000)
    check_bytes(LIMITS.file_bytes)
    with pytest.raises(IngestError, match="E_LIMIT_SIZE"):
        check_bytes(LIMITS.file_bytes + 1)


@pytest.mark.parametrize("size", [(48213, 640, 1), (480, 48213, 1), (480, 640, 48213777), (0, 640, 48213)])
def test_a_size_that_is_a_record_number_is_not_repeated(size: tuple[int, int, int]) -> None:
    with pytest.raises(IngestError) as caught:
        check_size(*size)
    assert "48213" not in str(caught.value)
