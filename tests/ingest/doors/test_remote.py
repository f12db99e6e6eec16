from collections.abc import Iterator, Sequence
from pathlib import Path

import fsspec
import pytest

from unisono.base.errors import IngestError, NotFoundError, SettingsError
from unisono.ingest.doors.remembered import Remembered
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

    reports = list(ingest_addresses(["memory://bucket"], tmp_path, take))
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


def test_of_a_flat_prefix_no_more_than_a_batch_is_here_at_any_time(
    store: fsspec.AbstractFileSystem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unisono.ingest.doors.stored.BATCH_BYTES", 1000)
    for i in range(50):
        store.pipe(f"/bucket/flat/object {i}", b"1" * 99)
    for i in range(20):
        store.pipe(f"/bucket/flat/loop_{i:02d}.png", b"2" * 99)
    n_fetched = []
    for fetched in batches("memory://bucket/flat", tmp_path):
        here = [path for path in (tmp_path / "fetched").rglob("*") if path.is_file()]
        assert len(here) == len(fetched.urls)
        n_fetched.append(len(here))
    assert sum(n_fetched) == 70
    assert sorted(n_fetched) == [10, 10, 10, 10, 10, 20], "the loop is whole, and alone"


def test_the_first_batch_is_taken_in_before_the_second_is_fetched(
    store: fsspec.AbstractFileSystem, tmp_path: Path
) -> None:
    for i in range(70):
        store.pipe(f"/bucket/many/x{i}", b"1")
    taken = []

    def take(paths: Sequence[Path]) -> IngestReport:
        taken.append(sum(p.is_file() for p in paths[0].rglob("*")))
        if len(taken) == 1:
            store.rm([f"/bucket/many/x{i}" for i in range(70)])
        return IngestReport(("code",) * taken[-1], 0, 0, ())

    first, second = ingest_addresses(["memory://bucket/many"], tmp_path, take)
    assert taken == [64]
    assert (len(first.codes), [w.code for w in second.withheld]) == (64, ["E_STORE_IO"] * 6)


def test_what_is_done_is_told_when_it_is_interrupted_while_fetching(
    store: fsspec.AbstractFileSystem, tmp_path: Path
) -> None:
    for i in range(70):
        store.pipe(f"/bucket/many/x{i}", b"1")
    reports = ingest_addresses(
        ["memory://bucket/many"], tmp_path, lambda _: IngestReport(("code",), 1, 0, ())
    )
    assert next(reports).codes == ("code",)
    reports.close()
    assert list((tmp_path / "fetched").iterdir()) == []


def test_what_is_in_is_not_fetched_again_until_it_changes(
    store: fsspec.AbstractFileSystem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: set[str] = set()
    fetched_names: list[str] = []
    opened = type(store).open

    def counted(self: object, name: str, *args: object, **rest: object) -> object:
        fetched_names.append(name)
        return opened(self, name, *args, **rest)

    monkeypatch.setattr(type(store), "open", counted)

    def run() -> tuple[int, int]:
        fetched_names.clear()
        with Remembered(tmp_path, lambda keys: seen & set(keys)) as remembered:
            take = lambda _: IngestReport(("c",), 1, 0, ())  # noqa: E731
            total = sum_of(list(ingest_addresses(["memory://bucket"], tmp_path, take, remembered)))
            rows = remembered._rows.execute("select content from fetched").fetchall()
        seen.update(content for (content,) in rows)
        return len(fetched_names), total.known

    assert run() == (5, 0)
    assert run() == (0, 3), "a loop and two single objects"
    store.pipe("/bucket/a_b.dcm", b"other")
    store.pipe("/bucket/loop/f-001.png", b"other")
    assert run() == (4, 1), "a loop is fetched whole"
    seen.clear()
    assert run() == (5, 0), "the catalog alone says what is in"


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
        list(ingest_addresses(["memory://bucket"], tmp_path, take))
    assert stopped.value.report.withheld[0].path.startswith("memory:///bucket/")
    assert stopped.value.report.left == 4
