"""Clips are read in one pool and looked at in another; order and errors stay with their jobs."""

from pathlib import Path

import pytest

from tests.ingest import known_secret, makers
from unisono.base.errors import IngestError
from unisono.ingest import looks
from unisono.ingest.files.sources import Source
from unisono.ingest.gate.verdict import Hit, Verdict
from unisono.ingest.looks import read_and_look
from unisono.ingest.prepare import Job
from unisono.ingest.workers import Workers

KEYS = known_secret.KEYS.for_workers()


def jobs(tmp_path: Path, n_jobs: int, bad: tuple[int, ...]) -> list[Job]:
    made = []
    for i in range(n_jobs):
        path = makers.write_dicom(
            tmp_path / f"{i}.dcm", makers.loop(3, seed=i), SOPInstanceUID=f"1.2.{i + 1}"
        )
        if i in bad:
            path.write_bytes(path.read_bytes()[:2000])
        made.append(Job(Source(str(path), "dicom", (str(path),)), "01", KEYS, tmp_path / "drafts"))
    return made


@pytest.mark.parametrize("bad", [(), (0,), (2, 3), (4,)])
def test_each_job_gets_its_own_clip_or_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bad: tuple[int, ...]
) -> None:
    hit = Hit(1, 2, 3, 4, 0.9, "text", "words")
    monkeypatch.setattr(looks, "run_gate", lambda *_: Verdict("text", (hit,), "engine"))
    wanted = jobs(tmp_path, 5, bad)
    with Workers(1, "", isolated=False) as readers, Workers(1, "", isolated=False) as gates:
        done = dict(read_and_look(readers, gates, wanted))
    assert set(done) == set(wanted)
    for number, job in enumerate(wanted):
        clip = done[job]
        if number in bad:
            assert isinstance(clip, IngestError)
            continue
        assert not isinstance(clip, IngestError)
        assert clip.private.path == job.source.label
        assert (clip.verdict.state, clip.private.seen) == ("text", ("words",))
        assert str(clip.held).startswith("E_TEXT_RESIDUAL")
        clip.drop()


def test_a_gate_that_dies_has_seen_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object) -> Verdict:
        raise OSError

    monkeypatch.setattr(looks, "run_gate", die)
    with Workers(1, "", isolated=False) as readers, Workers(1, "", isolated=False) as gates:
        ((_, clip),) = read_and_look(readers, gates, jobs(tmp_path, 1, ()))
    assert not isinstance(clip, IngestError)
    assert clip.verdict.state == "not run"
    clip.drop()
