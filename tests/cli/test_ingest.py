"""``unisono ingest`` and ``unisono clips`` as a user types them."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.ingest import makers
from unisono.base.errors import NotFoundError
from unisono.cli.main import app


def run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--home", str(home)])


def test_json_then_known(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    makers.write_dicom(inbox / "a.dcm", makers.loop(3))
    (inbox / "notes.txt").write_text("hello")
    words = ("ingest", str(inbox), "--class", "01", "--workers", "1", "--json")
    first = run(tmp_path / "home", *words)
    assert first.exit_code == 0
    said = json.loads(first.stdout)
    assert (said["clips"], said["frames"], said["known"]) == (1, 3, 0)
    assert [w["path"] for w in said["withheld"]] == [str(inbox / "notes.txt")]
    second = json.loads(run(tmp_path / "home", *words).stdout)
    assert (second["clips"], second["frames"], second["known"]) == (0, 0, 1)
    listed = json.loads(run(tmp_path / "home", "clips", "--json").stdout)
    assert [(c["frames"], c["kind"]) for c in listed] == [(3, "dicom")]
    assert "1 clips" in run(tmp_path / "home", "clips").stdout


def test_nothing_taken_is_a_failure_with_one_line_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x")
    (tmp_path / "b.dcm").write_text("x")
    done = run(tmp_path / "home", "ingest", str(tmp_path), "--workers", "1")
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    assert len(lines) == 4
    assert "report.html" in lines[3]
    assert "E_NOT_RECORDING" in lines[0]
    assert "E_NOT_DICOM" in lines[1]


def test_a_missing_path_is_an_error(tmp_path: Path) -> None:
    done = run(tmp_path / "home", "ingest", str(tmp_path / "missing"))
    assert done.exit_code == 1
    assert isinstance(done.exception, NotFoundError)


@pytest.mark.parametrize("flag", ["--class", "--workers"])
def test_options_are_checked(tmp_path: Path, flag: str) -> None:
    makers.write_dicom(tmp_path / "a.dcm", makers.loop(1))
    assert run(tmp_path / "home", "ingest", str(tmp_path), flag, "-1").exit_code != 0


def test_names_of_all_kinds_are_taken_and_printed_without_harm(tmp_path: Path) -> None:
    inbox, home = tmp_path / "inbox", tmp_path / "home"
    inbox.mkdir()
    makers.write_dicom(inbox / os.fsdecode(b"inv\xff\xfe.dcm"), makers.loop(3))
    (inbox / os.fsdecode(b"bad\xff\nwithheld  x\x1b[2J.dcm")).write_bytes(b"xx")
    words = ("ingest", str(inbox), "--workers", "1")
    first = run(home, *words)
    assert first.exit_code == 0, first.output
    assert "bad\\xff\\nwithheld  x\\x1b[2J.dcm  E_NOT_DICOM" in first.stdout
    assert [line.split()[0] for line in first.stdout.splitlines()] == ["withheld", "1", "report:"]
    again = json.loads(run(home, *words, "--json").stdout)
    assert (again["known"], len(again["withheld"])) == (1, 1)
    report = json.loads((Path(again["report"]) / "report.json").read_text())
    (held,) = report["withheld"]
    asked = run(home, "vault", "identify", held["file"], "--by", "me", "--reason", "why")
    assert asked.stdout.endswith("bad\\xff\\nwithheld  x\\x1b[2J.dcm\n")


@pytest.mark.parametrize(("n_before", "n_in"), [(0, 0), (1, 0), (3, 0), (4, 1), (6, 1)])
def test_a_disk_that_fills_names_the_file_and_says_what_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_before: int, n_in: int
) -> None:
    inbox, home = tmp_path / "inbox", tmp_path / "home"
    inbox.mkdir()
    for i in range(3):
        makers.write_dicom(inbox / f"{i}.dcm", makers.loop(3, seed=i), SOPInstanceUID=f"1.2.{i + 1}")
    link, left = os.link, n_before

    def link_until_full(source: Path, target: Path) -> None:
        nonlocal left
        if Path(target).name == "site-secret":
            return link(source, target)
        left -= 1
        if left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return link(source, target)

    with monkeypatch.context() as patch:
        patch.setattr("unisono.catalog.stores.os.link", link_until_full)
        done = run(home, "ingest", str(inbox), "--workers", "1")
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit), "no traceback"
    assert "E_STORE_IO: a clip cannot be stored: the disk is full" in done.stdout
    assert str(inbox / f"{n_in}.dcm") in done.stdout
    assert "unisono: the run ended early: a clip cannot be stored: the disk is full" in done.stderr
    assert f"{2 - n_in} recordings are left" in done.stdout
    said = json.loads(run(home, "ingest", str(inbox), "--workers", "1", "--json").stdout)
    assert said["clips"] + said["known"] == 3
    assert "stopped" not in said
    assert run(home, "fsck").exit_code == 0


def test_a_report_that_cannot_be_written_is_said_and_the_run_counts(tmp_path: Path) -> None:
    makers.write_dicom(tmp_path / "a.dcm", makers.loop(3))
    (tmp_path / "file").write_text("x")
    words = ("ingest", str(tmp_path / "a.dcm"), "--workers", "1", "--report", str(tmp_path / "file" / "r"))
    done = run(tmp_path / "home", *words)
    assert done.exit_code == 0
    assert "unisono: the report cannot be written" in done.stderr
    assert "1 clips with 3 frames taken" in done.stdout


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_run_in_order_and_the_next_goes_on(
    tmp_path: Path, number: signal.Signals, status: int
) -> None:
    inbox, home = tmp_path / "inbox", tmp_path / "home"
    inbox.mkdir()
    for i in range(12):
        makers.write_dicom(inbox / f"{i}.dcm", makers.loop(40, seed=i), SOPInstanceUID=f"1.2.{i + 1}")
    command = [
        sys.executable,
        "-m",
        "unisono.cli",
        "ingest",
        str(inbox),
        "--workers",
        "1",
        "--policy",
        "none",
    ]
    process = subprocess.Popen(
        [*command, "--home", str(home)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not any((home / "png-cache").rglob("*.png")) and process.poll() is None:
        time.sleep(0.02)
    os.killpg(process.pid, number)  # as a terminal does: the decoders are told, too
    out, err = process.communicate(timeout=60)
    assert process.returncode == status
    assert err == "unisono: the run ended early: it was interrupted\n"
    assert "the same command goes on" in out
    n_in, n_left = int(out.split()[0]), int(out.split("whole; ")[1].split()[0])
    assert n_in >= 1
    assert n_in + n_left == 12, "none is lost, and none blamed for the interruption"
    assert "report.html" in out
    said = json.loads(run(home, "ingest", str(inbox), "--workers", "1", "--json").stdout)
    assert (said["known"], said["clips"], said["withheld"]) == (n_in, n_left, [])
    assert run(home, "fsck").exit_code == 0


@pytest.mark.parametrize(
    ("beside", "status"),
    [({}, 0), ({"notes.csv": b"a,b"}, 0), ({"cut.dcm": makers.dicom_bytes(makers.loop(3))[:-900]}, 3)],
)
def test_a_strict_run_tells_of_refused_recordings_by_its_status(
    tmp_path: Path, beside: dict[str, bytes], status: int
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    makers.write_dicom(inbox / "a.dcm", makers.loop(3, seed=4), SOPInstanceUID="1.2.9")
    for name, content in beside.items():
        (inbox / name).write_bytes(content)
    assert run(tmp_path / "home", "ingest", str(inbox), "--workers", "1", "--strict").exit_code == status
    assert run(tmp_path / "home", "ingest", str(inbox), "--workers", "1").exit_code == 0
