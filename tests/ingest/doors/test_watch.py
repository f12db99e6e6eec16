import os
from pathlib import Path

from unisono.ingest.doors.watch import MOST_TRIES, RETRY_S, Watched
from unisono.ingest.reports.report import Withheld


def test_a_file_is_whole_when_it_has_rested(tmp_path: Path) -> None:
    watched = Watched(tmp_path, quiet_s=10.0)
    (tmp_path / "sub").mkdir()
    path = tmp_path / "sub" / "a.dcm"
    path.write_bytes(b"1")
    assert watched.look(0.0) == []
    assert watched.look(9.0) == []
    path.write_bytes(b"12")  # it grows: the rest begins anew
    assert watched.look(10.0) == []
    assert watched.look(19.9) == []
    assert watched.look(20.0) == [path]
    assert watched.look(21.0) == [path], "not taken yet, so it is offered again"


def test_what_was_taken_comes_again_only_when_it_changes(tmp_path: Path) -> None:
    watched = Watched(tmp_path, quiet_s=1.0)
    path = tmp_path / "a.dcm"
    path.write_bytes(b"1")
    watched.look(0.0)
    watched.done(watched.look(1.0))
    assert watched.look(5.0) == []
    path.write_bytes(b"another")
    assert watched.look(6.0) == []
    assert watched.look(7.0) == [path]


def test_hidden_and_vanished_files_do_not_count(tmp_path: Path) -> None:
    watched = Watched(tmp_path, quiet_s=0.0)
    (tmp_path / ".part").write_bytes(b"1")
    path = tmp_path / "a.dcm"
    path.write_bytes(b"1")
    assert watched.look(0.0) == [path]
    watched.done([path])
    path.unlink()
    assert watched.look(1.0) == []
    assert watched.taken == {}


def test_what_may_be_the_machines_fault_is_offered_again_later_and_not_for_ever(tmp_path: Path) -> None:
    watched = Watched(tmp_path, quiet_s=0.0)
    bad, good, archive = (tmp_path / name for name in ("bad.dcm", "good.dcm", "x.zip"))
    for path in (bad, good, archive):
        path.write_bytes(b"1")
    withheld = [
        Withheld(str(bad), "E_LIMIT_MEM", "m"),
        Withheld(f"{archive}!a", "E_STORE_IO", "s"),
        Withheld(str(good), "E_NO_MASK", "n"),
    ]
    now_s = 0.0
    watched.settle(watched.look(now_s), withheld, now_s)
    for _ in range(MOST_TRIES - 1):
        assert watched.look(now_s + RETRY_S - 1) == []
        now_s += RETRY_S
        assert watched.look(now_s) == [bad, archive]
        watched.settle([bad, archive], withheld, now_s)
    assert watched.look(now_s + 10 * RETRY_S) == []
    bad.write_bytes(b"mended")
    assert watched.look(now_s + 10 * RETRY_S) == [bad]


def test_what_is_no_file_is_offered_to_be_named_and_folders_that_fill_are_not(tmp_path: Path) -> None:
    watched = Watched(tmp_path, quiet_s=0.0)
    (tmp_path / "empty").mkdir()
    (tmp_path / "self").symlink_to(".")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "nowhere").symlink_to("missing")
    assert watched.look(0.0) == [tmp_path / "nowhere", tmp_path / "pipe"]
