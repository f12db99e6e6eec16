from collections.abc import Sequence
from pathlib import Path

from unisono.base.errors import CatalogError
from unisono.ingest.drain import BATCH, Drained, drain, settle
from unisono.ingest.inbox import Inbox
from unisono.ingest.report import IngestReport, Withheld


def filled(home: Path, n_files: int) -> Inbox:
    inbox = Inbox(home, "01")
    for i in range(n_files):
        arrival = inbox.begin()
        arrival.write(b"%d" % i)
        inbox.deliver(arrival)
    return inbox


def test_what_is_in_is_deleted_and_what_is_withheld_is_set_aside(tmp_path: Path) -> None:
    inbox = filled(tmp_path, 3)
    bad = inbox.delivered()[1]
    content = bad.read_bytes()

    def take(paths: Sequence[Path]) -> IngestReport:
        return IngestReport(("a",), 5, 1, (Withheld(str(bad), "E_NO_PIXELS", "none"),))

    found = drain(inbox, take)
    assert (found.clips, found.frames, found.known, found.is_busy) == (1, 5, 1, False)
    assert found.withheld == (Withheld(bad.name, "E_NO_PIXELS", "none"),)
    assert inbox.delivered() == []
    assert (tmp_path / "quarantine" / bad.name).read_bytes() == content
    assert found.to_json()["withheld"] == [{"path": bad.name, "reason": "E_NO_PIXELS: none"}]


def test_batches_follow_until_it_is_empty_or_told_to_end(tmp_path: Path) -> None:
    inbox = filled(tmp_path, BATCH + 1)
    sizes = []

    def take(paths: Sequence[Path]) -> IngestReport:
        sizes.append(len(paths))
        return IngestReport((), 0, len(paths), ())

    assert drain(inbox, take, lambda: len(sizes) == 1).known == BATCH
    assert len(inbox.delivered()) == 1
    assert drain(inbox, take).known == 1
    assert sizes == [BATCH, 1]


def test_when_the_catalog_cannot_take_it_everything_waits(tmp_path: Path) -> None:
    inbox = filled(tmp_path, 2)

    def take(paths: Sequence[Path]) -> IngestReport:
        raise CatalogError("the disk is full")

    assert drain(inbox, take) == Drained(is_busy=True, problem="the disk is full")
    assert len(inbox.delivered()) == 2
    with inbox.alone():
        assert drain(inbox, take) == Drained(is_busy=True)


def test_an_archive_and_a_run_of_images_are_set_aside_whole(tmp_path: Path) -> None:
    base = tmp_path / "up"
    names = ["00000/x.zip", "00001/0001.png", "00001/0002.png", "00002/0001.png"]
    for name in names:
        (base / name).parent.mkdir(parents=True, exist_ok=True)
        (base / name).write_bytes(b"1")
    withheld = (
        Withheld(f"{base}/00000/x.zip!a/b.dcm", "E_TRUNCATED", "cut"),
        Withheld(f"{base}/00001/0001.png to 0002.png", "E_NO_MASK", "none"),
    )
    settled = settle(tmp_path, base, [base / n for n in names], IngestReport((), 0, 1, withheld))
    assert [(p.relative_to(base).as_posix(), [w.code for w in why]) for p, why in settled] == [
        ("00000/x.zip", ["E_TRUNCATED"]),
        ("00001/0001.png", ["E_NO_MASK"]),
        ("00001/0002.png", ["E_NO_MASK"]),
        ("00002/0001.png", []),
    ]
    assert [p for p in base.rglob("*") if p.is_file()] == []
    assert len(list((tmp_path / "quarantine").iterdir())) == 4  # with its README


def test_figures_add_up() -> None:
    one = Drained(1, 2, 3, (Withheld("a", "E", "r"),))
    total = one + Drained(4, 0, 0)
    assert (total.clips, total.frames, total.known, len(total.withheld)) == (5, 2, 3, 1)
    assert total
    assert total.is_success
    assert not Drained()
    assert not Drained().is_success
