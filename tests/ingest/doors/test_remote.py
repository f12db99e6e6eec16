from collections.abc import Iterator, Sequence
from pathlib import Path

import fsspec
import pytest

from unisono.base.errors import IngestError, NotFoundError, SettingsError
from unisono.ingest.doors.remote import Fetched, batches, ingest_addresses, is_url, sum_of
from unisono.ingest.limits import LIMITS, Limits
from unisono.ingest.reports.report import IngestReport, RunStoppedError, Warned, Withheld


@pytest.fixture
def store() -> Iterator[fsspec.AbstractFileSystem]:
    found = fsspec.filesystem("memory")
    for i in range(3):
        found.pipe(f"/bucket/loop/f-{i:03d}.png", b"png%d" % i)
    found.pipe("/bucket/a b.dcm", b"one")
    found.pipe("/bucket/a_b.dcm", b"two")
    yield found
    found.rm("/bucket", recursive=True)


def test_objects_are_here_for_one_batch_and_gone_after(
    store: fsspec.AbstractFileSystem, tmp_path: Path
) -> None:
    seen = {}
    for fetched in batches("memory://bucket", tmp_path):
        for path in fetched.folder.rglob("*.*"):
            seen[fetched.url_of(str(path))] = path.read_bytes()
    assert seen["memory:///bucket/loop/f-001.png"] == b"png1"
    assert {seen["memory:///bucket/a b.dcm"], seen["memory:///bucket/a_b.dcm"]} == {b"one", b"two"}
    assert list((tmp_path / "fetched").iterdir()) == []


def test_images_of_one_folder_stay_together_under_their_names(
    store: fsspec.AbstractFileSystem, tmp_path: Path
) -> None:
    (fetched,) = [f.urls for f in batches("memory://bucket/loop", tmp_path)]
    assert sorted(fetched) == [f"00000/f-{i:03d}.png" for i in range(3)]


def test_reports_name_addresses_and_add_up(store: fsspec.AbstractFileSystem, tmp_path: Path) -> None:
    def take(paths: Sequence[Path]) -> IngestReport:
        (folder,) = paths
        png = next(folder.rglob("f-000.png"))
        label = f"{png} to f-002.png"
        held = (Withheld(f"{next(folder.rglob('a_b.dcm'))}!m", "E_NO_PIXELS", "none"),)
        return IngestReport(("code",), 3, 1, held, (Warned(label, "look"),))

    reports = ingest_addresses(["memory://bucket"], tmp_path, take)
    total = sum_of([*reports, IngestReport(("other",), 2, 0, ())])
    assert (total.codes, total.frames, total.known) == (("code", "other"), 5, 1)
    assert total.warnings[0].path == "memory:///bucket/loop/f-000.png to f-002.png"
    assert total.withheld[0].path in ("memory:///bucket/a b.dcm!m", "memory:///bucket/a_b.dcm!m")


def test_what_is_too_large_is_named_and_not_fetched(store: fsspec.AbstractFileSystem, tmp_path: Path) -> None:
    store.pipe("/bucket/big.dcm", b"0" * 100)
    refused = [w for f in batches("memory://bucket", tmp_path, Limits(file_bytes=50)) for w in f.refused]
    assert [(w.path, w.code) for w in refused] == [("memory:///bucket/big.dcm", "E_LIMIT_SIZE")]


def test_an_object_that_breaks_off_is_named_and_leaves_nothing(
    store: fsspec.AbstractFileSystem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> object:
        raise ConnectionError("gone")

    monkeypatch.setattr(type(store), "open", broken)
    for fetched in batches("memory://bucket/a_b.dcm", tmp_path):
        assert [w.code for w in fetched.refused] == ["E_STORE_IO"]
        assert "gone" not in fetched.refused[0].reason
        assert [p for p in fetched.folder.rglob("*") if p.is_file()] == []


def test_a_large_store_comes_in_batches(store: fsspec.AbstractFileSystem, tmp_path: Path) -> None:
    for i in range(70):
        store.pipe(f"/bucket/many/{i}/x.dcm", b"1")
    counts = [len(f.urls) for f in batches("memory://bucket/many", tmp_path)]
    assert counts == [64, 6]


def test_addresses_that_cannot_be_used_are_said(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="nothing lies"):
        list(batches("memory://nowhere", tmp_path))
    for wrong in ("nosuch://x/y", "file:///etc"):
        with pytest.raises(SettingsError):
            list(batches(wrong, tmp_path))
    assert is_url("s3://b/x")
    assert not is_url("/data/x")
    assert not is_url("s3:/b")


def test_names_cannot_lead_out(tmp_path: Path) -> None:
    fetched = Fetched(tmp_path)
    for name in ("/b/..", "/b/../../etc/passwd", "/b/\0", "b/" + "x" * 500):
        assert fetched.place(name).resolve().is_relative_to(tmp_path.resolve())
    assert LIMITS.file_bytes > 0


def test_of_objects_that_are_not_fetched_only_the_addresses_are_told(
    store: fsspec.AbstractFileSystem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unisono.ingest.doors.remote.full", lambda _: IngestError("E_STORE_IO", "full"))
    asked = []
    (report,) = ingest_addresses(["memory://bucket"], tmp_path, asked.append)
    assert asked == [], "there is nothing to take in"
    assert len(report.withheld) == 5
    assert all(w.path.startswith("memory:///bucket/") for w in report.withheld)


def test_a_run_that_stops_names_addresses_too(store: fsspec.AbstractFileSystem, tmp_path: Path) -> None:
    def take(paths: Sequence[Path]) -> IngestReport:
        held = (Withheld(str(next(paths[0].rglob("a_b.dcm"))), "E_STORE_IO", "full"),)
        raise RunStoppedError("full", IngestReport((), 0, 0, held, stopped="full", left=4))

    with pytest.raises(RunStoppedError) as stopped:
        ingest_addresses(["memory://bucket"], tmp_path, take)
    assert stopped.value.report.withheld[0].path.startswith("memory:///bucket/")
    assert stopped.value.report.left == 4
