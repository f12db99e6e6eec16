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
