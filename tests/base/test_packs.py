from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.base.errors import CatalogError
from unisono.base.packs import PackWriter, decode_pack, encode_pack


@given(st.lists(st.binary(max_size=50), max_size=20))
def test_a_pack_gives_back_its_frames(images: list[bytes]) -> None:
    assert decode_pack(encode_pack(images)) == images


@given(st.lists(st.binary(min_size=1, max_size=50), min_size=1, max_size=5), st.data())
def test_a_pack_cut_short_is_refused(images: list[bytes], data: st.DataObject) -> None:
    pack = encode_pack(images)
    with pytest.raises(CatalogError, match="pack"):
        decode_pack(pack[: data.draw(st.integers(0, len(pack) - 1))])


@pytest.mark.parametrize("images", [[], [b""], [b"one", b"", b"three"]])
def test_a_pack_written_image_by_image_is_the_same(tmp_path: Path, images: list[bytes]) -> None:
    with PackWriter(tmp_path / "pack", len(images)) as pack:
        for image in images:
            pack.add(image)
    assert (tmp_path / "pack").read_bytes() == encode_pack(images)


@pytest.mark.parametrize("n_announced", [1, 3])
def test_another_number_of_images_is_no_pack(tmp_path: Path, n_announced: int) -> None:
    with PackWriter(tmp_path / "pack", n_announced) as pack:
        pack.add(b"one")
        pack.add(b"two")
    with pytest.raises(CatalogError, match="pack"):
        decode_pack((tmp_path / "pack").read_bytes())


def test_a_pack_is_not_written_over_another(tmp_path: Path) -> None:
    (tmp_path / "pack").write_bytes(b"here")
    with pytest.raises(FileExistsError), PackWriter(tmp_path / "pack", 0):
        pass
    assert (tmp_path / "pack").read_bytes() == b"here"
