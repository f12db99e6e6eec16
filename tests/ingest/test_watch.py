from pathlib import Path

from unisono.ingest.watch import Watched


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
