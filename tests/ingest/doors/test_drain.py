import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from unisono.base.errors import CatalogError
from unisono.ingest.doors.drain import BATCH, Drained, drain, settle
from unisono.ingest.doors.inbox import MOST_TRIES, RETRY_S, Inbox
from unisono.ingest.reports.report import IngestReport, RunStoppedError, Withheld


@dataclass
class Fake:
    """A door whose answer is a function of the paths."""

    take: Callable[[Sequence[Path]], IngestReport]
    told: list[tuple[IngestReport, dict[str, str]]] = field(default_factory=list)

    def named(self, found: IngestReport) -> tuple[Withheld, ...]:
        return tuple(replace(held, path="file-7") for held in found.withheld)

    def tell(self, found: IngestReport, place: Callable[[str], str]) -> None:
        self.told.append((found, {w.path: place(w.path) for w in found.withheld}))


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

    door = Fake(take)
    found = drain(inbox, door)
    assert (found.clips, found.frames, found.known, found.is_busy) == (1, 5, 1, False)
    assert found.withheld == (Withheld("file-7", "E_NO_PIXELS", "none"),)
    assert inbox.delivered() == []
    assert (tmp_path / "quarantine" / bad.name).read_bytes() == content
    assert found.to_json()["withheld"] == [{"path": "file-7", "reason": "E_NO_PIXELS: none"}]
    ((_, places),) = door.told
    assert places == {str(bad): str(tmp_path / "quarantine" / bad.name)}, "the vault is told where it lies"
    assert "vault identify" in (tmp_path / "quarantine" / "README.txt").read_text()


@pytest.mark.parametrize("code", ["E_TEXT_RESIDUAL", "E_PHI_RESIDUAL", "E_NO_MASK", "E_REJECTED"])
def test_what_waits_as_a_clip_leaves_no_second_copy(tmp_path: Path, code: str) -> None:
    inbox = filled(tmp_path, 2)
    held, both = inbox.delivered()

    def take(paths: Sequence[Path]) -> IngestReport:
        first = Withheld(str(held), code, "seen")
        members = (Withheld(f"{both}!a", code, "seen"), Withheld(f"{both}!b", "E_NO_PIXELS", "none"))
        return IngestReport((), 0, 0, (first, *members))

    door = Fake(take)
    drain(inbox, door)
    assert inbox.delivered() == []
    assert not (tmp_path / "quarantine" / held.name).exists()
    assert (tmp_path / "quarantine" / both.name).exists(), "a member of it is in nowhere"
    ((_, places),) = door.told
    assert places[str(held)] == "in quarantine, as a clip"


def test_batches_follow_until_it_is_empty_or_told_to_end(tmp_path: Path) -> None:
    inbox = filled(tmp_path, BATCH + 1)
    sizes = []

    def take(paths: Sequence[Path]) -> IngestReport:
        sizes.append(len(paths))
        return IngestReport((), 0, len(paths), ())

    assert drain(inbox, Fake(take), lambda: len(sizes) == 1).known == BATCH
    assert len(inbox.delivered()) == 1
    assert drain(inbox, Fake(take)).known == 1
    assert sizes == [BATCH, 1]


def test_when_the_catalog_cannot_take_it_everything_waits(tmp_path: Path) -> None:
    inbox = filled(tmp_path, 2)

    def take(paths: Sequence[Path]) -> IngestReport:
        raise CatalogError("the disk is full")

    assert drain(inbox, Fake(take)) == Drained(is_busy=True, problem="the disk is full")
    assert len(inbox.delivered()) == 2
    with inbox.alone():
        assert drain(inbox, Fake(take)) == Drained(is_busy=True)


def test_a_batch_that_is_ended_early_leaves_the_rest_to_the_next_start(tmp_path: Path) -> None:
    inbox = filled(tmp_path, BATCH + 3)
    is_told = []

    def take(paths: Sequence[Path]) -> IngestReport:
        is_told.append(True)
        held = (Withheld(str(paths[4]), "E_NO_PIXELS", "none"),)
        done = IngestReport(("a", "b"), 9, 1, held, stopped="it was interrupted", left=BATCH - 4)
        raise RunStoppedError("it was interrupted", done)

    found = drain(inbox, Fake(take), lambda: bool(is_told))
    assert (found.clips, found.is_busy, found.problem) == (2, False, "")
    assert inbox.n_waiting() == BATCH + 3, "nothing is deleted before all of a batch is settled"
    assert found.lingering == 3


def test_what_a_stopped_run_has_in_is_told_and_everything_waits(tmp_path: Path) -> None:
    inbox = filled(tmp_path, 2)
    first, second = map(str, inbox.delivered())

    def take(paths: Sequence[Path]) -> IngestReport:
        done = IngestReport(("a",), 5, 1, (Withheld(second, "E_STORE_IO", "full"),), stopped="full", left=1)
        raise RunStoppedError("the disk is full", done)

    door = Fake(take)
    assert drain(inbox, door) == Drained(1, 5, is_busy=True, problem="the disk is full")
    assert [str(p) for p in inbox.delivered()] == [first, second]
    ((told, _),) = door.told
    assert (told.codes, told.withheld) == (("a",), ())


def test_what_may_be_the_machines_fault_is_tried_again_and_set_aside_at_last(tmp_path: Path) -> None:
    inbox = filled(tmp_path, 1)
    tried = []

    def take(paths: Sequence[Path]) -> IngestReport:
        tried.extend(paths)
        return IngestReport((), 0, 0, tuple(Withheld(str(p), "E_DECODER_DIED", "killed") for p in paths))

    for number in range(1, MOST_TRIES + 1):
        door = Fake(take)
        assert len(drain(inbox, door).withheld) == 1
        assert inbox.delivered() == [], "not at once: it rests"
        assert len(tried) == number
        ((_, places),) = door.told
        assert [Path(p).exists() for p in places.values()] == [True]
        if number == 1:
            inbox.wake()
        elif number < MOST_TRIES:
            (waiting,) = inbox.folder.glob("*-try*")
            os.utime(waiting, (time.time() - RETRY_S - 1,) * 2)
    assert len(list((tmp_path / "quarantine").glob("*.dcm"))) == 1
    assert list(inbox.folder.glob("*.dcm")) == []


def test_a_report_that_cannot_be_written_is_said_and_holds_nothing_up(tmp_path: Path) -> None:
    inbox = filled(tmp_path, 1)

    class Full(Fake):
        def tell(self, *_: object) -> None:
            raise CatalogError("the report cannot be written: the disk is full")

    found = drain(inbox, Full(lambda _: IngestReport(("a",), 5, 0, ())))
    assert (found.clips, found.problem) == (1, "the report cannot be written: the disk is full")
    assert inbox.delivered() == []


def test_an_archive_and_a_run_of_images_are_set_aside_whole(tmp_path: Path) -> None:
    base = tmp_path / "up"
    names = ["00000/x.zip", "00001/0001.png", "00001/0002.png", "00002/0001.png"]
    for name in names:
        (base / name).parent.mkdir(parents=True, exist_ok=True)
        (base / name).write_bytes(b"1")
    withheld = (
        Withheld(f"{base}/00000/x.zip!a/b.dcm", "E_TRUNCATED", "cut"),
        Withheld(f"{base}/00001/0001.png to 0002.png", "E_DIM_MISMATCH", "two sizes"),
    )
    settled = settle(tmp_path, base, [base / n for n in names], IngestReport((), 0, 1, withheld))
    assert [(p.relative_to(base).as_posix(), [w.code for w in why]) for p, why in settled] == [
        ("00000/x.zip", ["E_TRUNCATED"]),
        ("00001/0001.png", ["E_DIM_MISMATCH"]),
        ("00001/0002.png", ["E_DIM_MISMATCH"]),
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
