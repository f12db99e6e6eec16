"""Archives are looked into in place: the same bytes come out, and every bomb is refused unopened."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.ingest import makers
from unisono.base.errors import IngestError
from unisono.ingest.files.archive import list_members, open_member
from unisono.ingest.files.sources import scan
from unisono.ingest.limits import MIB
from unisono.ingest.readers.reading import fingerprint, opened

NAMES = ("a.dcm", "long/" + "n" * 140 + "/b.dcm", "c.dcm")


def packed(
    path: Path, files: dict[str, bytes], change: Callable[[tarfile.TarInfo], None] | None = None
) -> Path:
    """Write a tar, tar.gz or zip archive by the path's suffix."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(name, data)
        return path
    form = tarfile.GNU_FORMAT if "gnu" in path.name else tarfile.PAX_FORMAT
    with tarfile.open(path, "w:gz" if path.suffix == ".gz" else "w", format=form) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            if change:
                change(info)
            archive.addfile(info, io.BytesIO(data))
    return path


def code_of(path: Path) -> str:
    (source,) = list(scan([path]))
    assert source.refusal, "not refused"
    return source.refusal[0]


@pytest.mark.parametrize("name", ["x.zip", "x.tar", "x.tar.gz", "gnu.tar", "gnu.tar.gz"])
def test_members_are_the_files_themselves(tmp_path: Path, name: str) -> None:
    clips = {n: makers.dicom_bytes(makers.loop(3, seed=i)) for i, n in enumerate(NAMES)}
    sources = list(scan([packed(tmp_path / name, clips)]))
    assert [(s.member, s.kind) for s in sources] == [(n, "dicom") for n in NAMES]
    for source in reversed(sources):
        (tmp_path / "alone.dcm").write_bytes(clips[source.member])
        (alone,) = scan([tmp_path / "alone.dcm"])
        assert fingerprint(source) == fingerprint(alone)
        with opened(source) as inside, opened(alone) as outside:
            assert np.array_equal(np.stack(list(inside.frames())), np.stack(list(outside.frames())))


def test_images_and_videos_inside(tmp_path: Path) -> None:
    video = makers.write_video(tmp_path / "v.mp4", list(makers.in_colour(makers.loop(4))), codec="mpeg4")
    path = packed(tmp_path / "x.tar.gz", {"v.mp4": video.read_bytes(), "n.txt": b"notes", "e": b""})
    found = {s.member or s.label.split("!")[1]: s for s in scan([path])}
    assert {k: s.kind for k, s in found.items()} == {"v.mp4": "video", "n.txt": "", "e": ""}
    with opened(found["v.mp4"]) as recording:
        assert recording.n_frames == 4


@pytest.mark.parametrize("name", ["x.zip", "x.tar", "x.tar.gz"])
@pytest.mark.parametrize("member", ["../up.dcm", "/root.dcm", "a/../../b.dcm", "C:\\x.dcm"])
def test_paths_that_lead_out(tmp_path: Path, name: str, member: str) -> None:
    assert code_of(packed(tmp_path / name, {member: b"DICM"})) == "E_LIMIT_INFLATE"


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_links_and_devices(tmp_path: Path, kind: bytes) -> None:
    def change(info: tarfile.TarInfo) -> None:
        info.type, info.linkname, info.size = kind, "/etc/passwd", 0

    assert code_of(packed(tmp_path / "x.tar", {"a": b""}, change)) == "E_LIMIT_INFLATE"


def test_links_in_a_zip(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("a")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    assert code_of(tmp_path / "x.zip") == "E_LIMIT_INFLATE"


@pytest.mark.parametrize("name", ["x.zip", "x.tar.gz"])
def test_bombs(tmp_path: Path, name: str) -> None:
    path = packed(tmp_path / name, {"a.dcm": bytes(300 * MIB)})
    assert path.stat().st_size < MIB
    assert code_of(path) == "E_LIMIT_INFLATE"


def test_a_zip_that_lies_about_sizes(tmp_path: Path) -> None:
    path = packed(tmp_path / "x.zip", {"a.dcm": makers.dicom_bytes(makers.loop(2)) + bytes(MIB)})
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (2000).to_bytes(4, "little")
    path.write_bytes(bytes(data))
    assert code_of(path) == "E_LIMIT_INFLATE"
    data[at + 24 : at + 28] = (16).to_bytes(4, "little")
    path.write_bytes(bytes(data))
    (source,) = scan([path])
    assert source.refusal == (
        "E_LIMIT_INFLATE", "a member holds more than the 16 bytes that the archive's directory says",
    )  # fmt: skip


def test_a_changed_member_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.dcm", makers.dicom_bytes(makers.loop(1)))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    (source,) = scan([path])
    with pytest.raises(IngestError, match="E_TRUNCATED"):
        fingerprint(source)


def test_archives_in_archives_encrypted_and_other_gzip(tmp_path: Path) -> None:
    inner = packed(tmp_path / "inner.tar", {"a.dcm": b"x"}).read_bytes()
    assert code_of(packed(tmp_path / "x.tar", {"inner.tar": inner})) == "E_LIMIT_DEPTH"
    (tmp_path / "y.dcm.gz").write_bytes(gzip.compress(makers.dicom_bytes(makers.loop(1))))
    assert code_of(tmp_path / "y.dcm.gz") == "E_NOT_RECORDING"
    data = bytearray(packed(tmp_path / "z.zip", {"a.dcm": b"x" * 100}).read_bytes())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "z.zip").write_bytes(bytes(data))
    assert code_of(tmp_path / "z.zip") == "E_LIMIT_INFLATE"


@pytest.mark.parametrize("name", ["x.zip", "x.tar", "x.tar.gz"])
@pytest.mark.parametrize("share", [0.3, 0.7])
def test_cut_archives(tmp_path: Path, rng: np.random.Generator, name: str, share: float) -> None:
    path = packed(tmp_path / name, {f"{i}.bin": rng.bytes(40_000) for i in range(5)})
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    assert code_of(path) == "E_TRUNCATED"


def test_too_many_files(tmp_path: Path) -> None:
    path = packed(tmp_path / "x.tar", {f"{i}": b"" for i in range(10_001)})
    assert code_of(path) == "E_LIMIT_INFLATE"
    (source,) = scan([packed(tmp_path / "x.zip", {f"{i}": b"" for i in range(10_001)})])
    assert source.refusal[0] == "E_LIMIT_INFLATE"
    assert "at most 10000 files" in source.refusal[1]
    assert "got 10001 files" in source.refusal[1]


def test_a_long_name_is_not_read_into_memory(tmp_path: Path) -> None:
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = b"L", 200 * MIB
    path = tmp_path / "x.tar"
    with path.open("wb") as file:
        file.write(info.tobuf(tarfile.GNU_FORMAT))
        file.truncate(200 * MIB + 2048)
    assert code_of(path) == "E_LIMIT_INFLATE"


def test_content_is_seekable_both_ways(tmp_path: Path, rng: np.random.Generator) -> None:
    data = np.tile(rng.integers(0, 9, MIB, dtype=np.uint8), 30).tobytes()
    path = packed(tmp_path / "x.tar.gz", {"a": data})
    ((member, head),) = list_members(path, "gzip")
    assert head == data[:512]
    with open_member(path, "gzip", member) as file:
        for at in (25 * MIB, 3 * MIB, 29 * MIB + 7, 0):
            file.seek(at)
            assert file.read(1000) == data[at : at + 1000]
