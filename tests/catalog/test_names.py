import pytest

from unisono.base.errors import CatalogError
from unisono.catalog.names import MAX_FRAMES, branch, frame_code, frame_name, names_of_clip, pack_name

CODE = "01-" + "ab12" + "0" * 60
SHA256 = "cd" * 32


def test_names_follow_from_the_code_alone() -> None:
    assert branch(CODE) == "01/ab/12"
    assert frame_code(CODE, 7) == f"{CODE}-0007"
    assert frame_name(f"{CODE}-0007") == f"png-cache/01/ab/12/{CODE}-0007.png"
    assert pack_name(CODE, SHA256) == f"packs/01/ab/12/{CODE}.{'cd' * 8}.pack"
    assert names_of_clip(CODE, 2, SHA256) == [
        frame_name(f"{CODE}-0000"), frame_name(f"{CODE}-0001"), pack_name(CODE, SHA256),
    ]  # fmt: skip


@pytest.mark.parametrize("index", [-1, MAX_FRAMES])
def test_a_frames_number_has_four_digits(index: int) -> None:
    with pytest.raises(CatalogError, match="frame number must be 0 to 9999"):
        frame_code(CODE, index)


@pytest.mark.parametrize(
    "code", ["../x", CODE[:-1], CODE + "0", CODE.upper(), "1" + CODE[1:].replace("-", "")]
)
def test_what_is_no_code_gets_no_name(code: str) -> None:
    for name in (
        lambda: frame_code(code, 0),
        lambda: frame_name(f"{code}-0000"),
        lambda: pack_name(code, SHA256),
    ):
        with pytest.raises(CatalogError):
            name()
