"""A file that is written while it is read is noticed by what the disk says of it."""

import os
from pathlib import Path

import pytest

from unisono.base.errors import IngestError
from unisono.ingest.files.sources import Source
from unisono.ingest.files.steady import check_steady, stamps_of


def test_a_file_that_rests_is_steady_and_one_of_several_that_does_not_is_seen(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a", "b")]
    for path in paths:
        path.write_bytes(b"1")
    source = Source("ab", "images", tuple(map(str, paths)))
    before = stamps_of(source)
    paths[1].read_bytes()
    os.link(paths[1], tmp_path / "c")  # another name for it changes nothing in it
    check_steady(source, before)
    os.utime(paths[1], ns=(0, 5))
    with pytest.raises(IngestError, match="E_STORE_IO: the file changed while it was read"):
        check_steady(source, before)
    paths[0].unlink()
    with pytest.raises(IngestError, match="E_STORE_IO"):
        check_steady(source, before)
