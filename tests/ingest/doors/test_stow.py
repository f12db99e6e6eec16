from pathlib import Path

import pytest

from tests.ingest.makers import dicom_bytes, loop
from unisono.base.errors import IngestError
from unisono.ingest.doors.inbox import Inbox
from unisono.ingest.doors.stow import Store, reason_of
from unisono.ingest.limits import LIMITS, Limits

US_MULTI = "1.2.840.10008.5.1.4.1.1.3.1"


def body(*objects: bytes, kind: str = "application/dicom", end: bytes = b"--x--") -> bytes:
    parts = [b"--x\r\nContent-Type: " + kind.encode() + b"\r\n\r\n" + o + b"\r\n" for o in objects]
    return b"".join(parts) + end


def store(home: Path, data: bytes, limits: Limits = LIMITS) -> Store:
    made = Store(Inbox(home, "01", limits), b"x")
    for at in range(0, len(data), 5000):
        made.feed(data[at : at + 5000])
    return made


def test_objects_are_stored_as_they_came_and_named_in_the_answer(tmp_path: Path) -> None:
    objects = [dicom_bytes(loop(2, seed=i), SOPInstanceUID=f"1.2.{i}") for i in (1, 2)]
    result = store(tmp_path, body(*objects)).finish()
    assert result.http_status == 200
    assert [p.read_bytes() for p in Inbox(tmp_path, "01").delivered()] == objects
    items = result.to_json()["00081199"]["Value"]
    assert [i["00081155"]["Value"] for i in items] == [["1.2.1"], ["1.2.2"]]
    assert items[0]["00081150"] == {"vr": "UI", "Value": [US_MULTI]}
    assert set(result.to_json()) == {"00081199"}


def test_what_fails_is_named_with_its_reason_and_the_rest_is_stored(tmp_path: Path) -> None:
    good, ct = dicom_bytes(loop(2)), dicom_bytes(loop(2), Modality="CT", SOPInstanceUID="1.2.9")
    result = store(tmp_path, body(good, ct, b"junk", good[:-9])).finish()
    answer = result.to_json()
    assert result.http_status == 202
    (failed,) = answer["00081198"]["Value"]
    assert failed["00081155"]["Value"] == ["1.2.9"]
    assert failed["00081197"] == {"vr": "US", "Value": [0xA900]}
    assert [i["00081197"]["Value"] for i in answer["0008119A"]["Value"]] == [[0xC000], [0xC000]]
    assert len(Inbox(tmp_path, "01").delivered()) == 1


def test_all_failed_none_and_no_room(tmp_path: Path) -> None:
    assert store(tmp_path, body(b"junk")).finish().http_status == 409
    with pytest.raises(IngestError, match="holds no part"):
        store(tmp_path, body()).finish()
    small = store(tmp_path, body(dicom_bytes(loop(2))), Limits(file_bytes=1000)).finish()
    assert (small.http_status, small.failed[0][1]) == (503, 0xA700)
    assert [p.name for p in (tmp_path / "inbox" / "01").iterdir()] == []


def test_a_part_of_another_kind_is_refused(tmp_path: Path) -> None:
    result = store(tmp_path, body(dicom_bytes(loop(2)), kind="text/plain")).finish()
    assert (result.http_status, result.failed) == (409, [(None, 0xC000)])


def test_a_part_that_is_cut_off_leaves_nothing_and_whole_ones_stay(tmp_path: Path) -> None:
    one = dicom_bytes(loop(2))
    data = body(one, one)
    for cut in (30, len(one) // 2, len(one) + 100, len(data) - 8):
        made = store(tmp_path / str(cut), data[:cut])
        with pytest.raises(IngestError, match="E_TRUNCATED"):
            made.finish()
        names = [p.suffix for p in (tmp_path / str(cut) / "inbox" / "01").iterdir()]
        assert names == [".dcm"] * (cut > len(one) + 50)


def test_a_header_that_does_not_end_drops_the_open_part(tmp_path: Path) -> None:
    made = Store(Inbox(tmp_path, "01"), b"x")
    with pytest.raises(IngestError, match="E_LIMIT_SIZE"):
        made.feed(body(b"a", end=b"--x\r\n" + b"h" * 20_000))
    assert list((tmp_path / "inbox" / "01").iterdir()) == []


def test_reasons_are_those_of_the_standard() -> None:
    codes = ("E_STORE_IO", "E_LIMIT_SIZE", "E_MODALITY", "E_TRUNCATED", "E_TS_UNSUPPORTED")
    assert [reason_of(IngestError(c, "")) for c in codes] == [0xA700, 0xA700, 0xA900, 0xC000, 0xC000]
