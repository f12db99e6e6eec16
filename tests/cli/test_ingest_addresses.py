"""``unisono ingest`` with addresses of a store: fsspec's own, in memory, stands in for S3."""

import json
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest
from typer.testing import CliRunner

from tests.ingest.makers import loop, write_dicom
from unisono.cli.main import app


@pytest.fixture
def store(tmp_path: Path) -> Iterator[fsspec.AbstractFileSystem]:
    found = fsspec.filesystem("memory")
    for i in range(2):
        path = write_dicom(tmp_path / "sent.dcm", loop(6, seed=i), SOPInstanceUID=f"1.2.{i + 1}")
        found.pipe(f"/ward/{i}", path.read_bytes())
    found.pipe("/ward/notes.txt", b"no recording")
    yield found
    found.rm("/ward", recursive=True)


def test_what_is_in_is_known_and_not_fetched_again(
    store: fsspec.AbstractFileSystem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[str] = []
    opened = type(store).open

    def counted(self: object, name: str, *args: object, **rest: object) -> object:
        names.append(name)
        return opened(self, name, *args, **rest)

    monkeypatch.setattr(type(store), "open", counted)

    def run(*words: str) -> dict[str, object]:
        names.clear()
        given = ("--policy", "none", "--workers", "1", "--home", str(tmp_path / "home"), "--json", *words)
        result = CliRunner().invoke(app, ["ingest", "memory://ward", *given], catch_exceptions=False)
        assert result.exit_code == 0
        return json.loads(result.stdout)

    first = run()
    assert (first["clips"], first["known"], len(names)) == (2, 0, 3)
    again = run()
    assert (again["clips"], again["known"]) == (0, 2)
    assert names == ["/ward/notes.txt"], "what was withheld is looked at again"
    assert [w["path"] for w in again["withheld"]] == ["memory:///ward/notes.txt"]
    other = CliRunner().invoke(
        app, ["ingest", "memory://ward", "--class", "02", "--home", str(tmp_path / "home")]
    )
    assert other.exit_code == 1
    assert "E_CLASS_CONFLICT" in other.stdout
