import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.ingest import dimse
from tests.ingest.makers import dataset, loop, write_dicom
from unisono.cli.main import app
from unisono.ingest.doors.inbox import Inbox
from unisono.ingest.doors.tokens import device_of


def unisono(*words: str) -> object:
    return json.loads(CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False).stdout)


def start(*words: str) -> "subprocess.Popen[str]":
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "UNISONO_WORKERS": "1", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "unisono.cli", *words]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def end(process: "subprocess.Popen[str]") -> str:
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return out


def test_what_is_received_is_taken_in_until_told_to_stop(tmp_path: Path) -> None:
    words = ("receive", "--allow", "SENDER", "--port", "0", "--home", str(tmp_path))
    process = start(*words)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("UNISONO listens on 127.0.0.1:")
    port = int(line.split(":")[1].split()[0])
    association = dimse.connect(port)
    assert association.send_c_store(dataset(loop(6))).Status == 0
    assert association.send_c_store(dataset(loop(6), SOPInstanceUID="1.2.9", Rows=7)).Status == 0
    association.release()
    inbox = Inbox(tmp_path, "01")
    assert dimse.wait_until(lambda: inbox.delivered() == [], 60)
    out = end(process)
    assert "1 clips with 6 frames taken" in out
    assert "withheld" in out
    assert "CANARY" not in out
    (held,) = (tmp_path / "quarantine").glob("*.dcm")
    assert str(tmp_path) not in out, "a log holds no paths"
    (name,) = re.findall(r"withheld  (file-[0-9a-f]{12})  E_", out)
    (told,) = (tmp_path / "reports").glob("*-receive-01/report.json")
    report = json.loads(told.read_text())
    assert (len(report["clips"]), [w["file"] for w in report["withheld"]]) == (1, [name])
    asked = ("vault", "identify", name, "--by", "me", "--reason", "mend", "--home", str(tmp_path))
    assert unisono(*asked) == {"path": str(held)}


@pytest.mark.parametrize("json_", [False, True])
def test_on_sigterm_the_clip_at_hand_is_finished_and_the_rest_waits(tmp_path: Path, *, json_: bool) -> None:
    n_files = 25  # less than a batch
    inbox = Inbox(tmp_path, "01")
    for i in range(n_files):
        path = write_dicom(tmp_path / "sent.dcm", loop(6, seed=i), SOPInstanceUID=f"1.2.{i + 1}")
        arrival = inbox.begin()
        arrival.write(path.read_bytes())
        inbox.deliver(arrival)
    words = ("receive", "--allow", "SENDER", "--port", "0", "--home", str(tmp_path))
    process = start(*words, *(["--json"] if json_ else []))
    held = tmp_path / "held" / "packs"
    assert dimse.wait_until(lambda: any(held.rglob("*.pack")), 60)
    out = end(process)
    n_in = len(unisono("clips", "--home", str(tmp_path)))
    assert 0 < n_in < n_files
    said = (
        json.loads(out)["left"] if json_ else int(re.findall(r"(\d+) recordings wait in the inbox", out)[0])
    )
    assert said == n_files - n_in
    assert inbox.n_waiting() == n_files
    assert "interrupted" not in out


def test_nobody_may_send_unless_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["receive", "--home", str(tmp_path)])
    assert result.exit_code != 0
    assert not (tmp_path / "inbox").exists()


@pytest.mark.parametrize("count", [1, 2])
def test_a_folder_is_watched_once(tmp_path: Path, count: int) -> None:
    folder, home = tmp_path / "in", tmp_path / "home"
    folder.mkdir()
    for i in range(count):
        write_dicom(folder / f"{i}.dcm", loop(6, seed=i), SOPInstanceUID=f"1.2.{i + 1}")
    words = ("watch", str(folder), "--once", "--quiet-s", "0.1", "--workers", "1", "--home", str(home))
    found = unisono(*words)
    assert found == {"clips": count, "frames": 6 * count, "known": 0, "withheld": []}
    assert len(list(folder.iterdir())) == count, "the folder is only read"
    (folder / "DOE^JANE.dcm").write_bytes(b"xx")
    again = unisono(*words)
    assert again["known"] == count
    (held,) = again["withheld"]
    assert held["path"].startswith("file-")
    (told,) = (home / "reports").glob("*-watch-01")
    report = json.loads((told / "report.json").read_text())
    assert (len(report["clips"]), report["known"], len(report["withheld"])) == (count, count, 1)
    assert "DOE" not in (told / "report.json").read_text() + (told / "report.html").read_text()


def test_a_watched_folder_is_looked_at_until_told_to_stop(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    words = ("--quiet-s", "0.2", "--every-s", "0.1", "--home", str(tmp_path / "home"))
    process = start("watch", str(folder), *words)
    time.sleep(0.5)
    write_dicom(folder / "a.dcm", loop(6))
    assert process.stdout is not None
    assert "1 clips with 6 frames taken" in process.stdout.readline()
    assert end(process) == ""


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["watch", str(tmp_path / "no"), "--home", str(tmp_path)])
    assert result.exit_code == 1
    assert "no such folder" in str(result.exception)


def test_devices_get_tokens_and_lose_them(tmp_path: Path) -> None:
    home = ("--home", str(tmp_path))
    made = unisono("token", "add", "pacs", "--class", "02", *home)
    found = device_of(tmp_path, made["token"])
    assert found is not None
    assert (found.name, found.dataset_class) == ("pacs", "02")
    assert unisono("token", "list", *home) == [{"name": "pacs", "class": "02"}]
    assert unisono("token", "drop", "pacs", *home) == {"name": "pacs"}
    assert unisono("token", "list", *home) == []
