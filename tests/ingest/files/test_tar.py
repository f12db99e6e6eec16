"""The tar reader lists what `tarfile` lists, and believes no header whose checksum is wrong."""

import io
import tarfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unisono.base.errors import IngestError
from unisono.ingest.files.tar import is_tar, tar_members

FILES = st.dictionaries(
    st.text("abcXYZ0189-_. éß/", min_size=1, max_size=160).filter(lambda n: n.strip("/ .") == n),
    st.binary(max_size=1500),
    max_size=5,
)


def packed(files: dict[str, bytes], form: int) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


@settings(max_examples=60, deadline=None)
@given(FILES, st.sampled_from([tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]))
def test_it_lists_what_was_packed(files: dict[str, bytes], form: int) -> None:
    data = packed(files, form)
    found = {name: data[start : start + size] for name, start, size in tar_members(io.BytesIO(data))}
    assert found == files
    assert is_tar(data[:512]) == bool(files)


@pytest.mark.parametrize("at", [0, 100, 124, 156, 257])
def test_a_changed_header_is_damaged(at: int) -> None:
    data = bytearray(packed({"a.dcm": b"x" * 100}, tarfile.GNU_FORMAT))
    data[at] ^= 1
    with pytest.raises(IngestError, match="E_TRUNCATED"):
        list(tar_members(io.BytesIO(bytes(data))))


def test_folders_are_passed_over() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        folder = tarfile.TarInfo("a")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        archive.addfile(tarfile.TarInfo("a/b"), io.BytesIO())
    assert [name for name, _, _ in tar_members(out)] == ["a/b"]
