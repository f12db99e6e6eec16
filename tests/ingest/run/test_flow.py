"""The whole room: files in, rows and frames out; again changes nothing; a bad file stops nobody."""

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.ingest import makers
from unisono.base.errors import NotFoundError, SettingsError
from unisono.base.packs import decode_pack
from unisono.base.settings import Settings
from unisono.catalog import intake
from unisono.catalog.clips import exclusions, frames_of
from unisono.catalog.db import Catalog, open_catalog
from unisono.ingest.identity.codes import derive_keys, site_secret
from unisono.ingest.reports.report import IngestReport
from unisono.ingest.run import clips, ingest
from unisono.ingest.run.fsck import fsck

pytestmark = pytest.mark.usefixtures("no_gate")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Catalog]:
    opened = open_catalog(Settings(home=tmp_path / "home"))
    yield opened
    opened.close()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def take(catalog: Catalog, *paths: Path, dataset_class: str = "01", policy: str = "none") -> IngestReport:
    return ingest(catalog, paths, dataset_class, workers=1, policy=policy, isolated=False)


def tree(folder: Path) -> dict[str, str]:
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and ".sqlite" not in p.name
    }


def test_a_clip_is_stored_whole_and_its_frames_are_the_masked_pixels(home: Catalog, inbox: Path) -> None:
    frames = makers.in_colour(makers.loop(5))
    boxes = makers.regions(makers.region())
    makers.write_dicom(inbox / "a.dcm", frames, SequenceOfUltrasoundRegions=boxes, Manufacturer="Philips")
    report = take(home, inbox)
    assert report.to_json() == {"clips": 1, "frames": 5, "known": 0, "withheld": [], "warnings": []}
    (clip,) = clips(home)
    assert clip.code == report.codes[0]
    assert (clip.kind, clip.n_frames, clip.rows, clip.columns) == ("dicom", 5, 240, 320)
    assert clip.frame_times_s == pytest.approx((0.0, 0.04, 0.08, 0.12, 0.16))
    assert clip.spacing_mm == pytest.approx((0.3, 0.3))
    assert clip.header["manufacturer"] == "Philips"
    with home.read() as connection:
        rows = frames_of(connection, clip.code)
    for i, row in enumerate(rows):
        png = home.files.read_frame(f"{clip.code}-{i:04d}")
        stored = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)[..., ::-1]
        kept = stored.any(axis=-1)
        assert np.array_equal(stored[kept], frames[i][kept])
        assert not stored[:22].any()
        assert row.png_sha256 == hashlib.sha256(png).hexdigest()
        assert row.pixel_sha256 == hashlib.sha256(np.ascontiguousarray(stored).data).hexdigest()
    pack = home.files.pack_path(clip.code, clip.pack_sha256).read_bytes()
    assert hashlib.sha256(pack).hexdigest() == clip.pack_sha256
    images = [cv2.imdecode(np.frombuffer(i, np.uint8), cv2.IMREAD_COLOR) for i in decode_pack(pack)]
    assert [i.shape for i in images] == [(240, 320, 3)] * 5


def test_again_changes_nothing(home: Catalog, inbox: Path) -> None:
    makers.write_dicom(inbox / "a.dcm", makers.loop(3))
    (inbox / "notes.txt").write_text("patient CANARY")
    take(home, inbox)
    before = tree(home.settings.home)
    with home.read() as connection:
        left_out = exclusions(connection)
    report = take(home, inbox)
    assert (len(report.codes), report.frames, report.known, len(report.withheld)) == (0, 0, 1, 1)
    assert tree(home.settings.home) == before
    with home.read() as connection:
        assert exclusions(connection) == left_out


def test_a_bad_file_is_named_and_the_rest_goes_on(
    home: Catalog, inbox: Path, rng: np.random.Generator
) -> None:
    good = makers.write_dicom(inbox / "good.dcm", makers.loop(3)).read_bytes()
    (inbox / "cut.dcm").write_bytes(good[: len(good) // 2])
    (inbox / "random.dcm").write_bytes(rng.bytes(999))
    makers.write_dicom(inbox / "ct.dcm", makers.loop(3), Modality="CT")
    (inbox / "empty.mp4").write_bytes(b"")
    (inbox / "broken.mp4").write_bytes(b"\0\0\0\x18ftypisom" + rng.bytes(400))
    (inbox / "labels.csv").write_text("a,b\n")
    report = take(home, inbox)
    assert len(report.codes) == 1
    assert {Path(w.path).name: w.code for w in report.withheld} == {
        "cut.dcm": "E_TRUNCATED",
        "random.dcm": "E_NOT_DICOM",
        "ct.dcm": "E_MODALITY",
        "empty.mp4": "E_NOT_RECORDING",
        "broken.mp4": "E_FRAME_DECODE",
        "labels.csv": "E_NOT_RECORDING",
    }
    with home.read() as connection:
        assert {e.code for e in exclusions(connection)} == {w.code for w in report.withheld}
    assert list((home.settings.home / "pending").glob("*")) == []


def test_no_identifier_reaches_the_home(home: Catalog, inbox: Path) -> None:
    names = {
        "InstitutionName": "CANARY Clinic", "ReferringPhysicianName": "CANARY^Doc", "StudyDate": "19770707",
        "SeriesDescription": "CANARY walked in", "StationName": "CANARY1", "AccessionNumber": "CANARY9",
        "ManufacturerModelName": "Vivid CANARY77",
    }  # fmt: skip
    makers.write_dicom(inbox / "a.dcm", makers.loop(3), **names)
    makers.write_dicom(inbox / "b.dcm", makers.loop(3), Modality="CT", **names)
    take(home, inbox)
    for path in home.settings.home.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            for word in (b"CANARY", b"1.2.826.7", b"19770707"):
                assert word not in data, f"{word!r} in {path.name}"


def test_another_site_gives_other_codes(inbox: Path, tmp_path: Path) -> None:
    makers.write_dicom(inbox / "a.dcm", makers.loop(3))
    codes = []
    for name in ("one", "two"):
        catalog = open_catalog(Settings(home=tmp_path / name))
        codes += take(catalog, inbox).codes
        catalog.close()
    assert len(set(codes)) == 2


def test_a_mended_file_leaves_the_list_of_exclusions(home: Catalog, inbox: Path) -> None:
    path = inbox / "a.dcm"
    makers.write_dicom(path, makers.loop(3), NumberOfFrames=7)
    assert not take(home, inbox).is_success
    makers.write_dicom(path, makers.loop(3))
    assert take(home, inbox).is_success
    with home.read() as connection:
        assert exclusions(connection) == []


def test_archives_are_read_in_place_and_bombs_are_refused(home: Catalog, inbox: Path) -> None:
    data = makers.dicom_bytes(makers.loop(3))
    with zipfile.ZipFile(inbox / "good.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("study/a.dcm", data)
        archive.writestr("README", "words")
        archive.writestr("inner.zip", b"PK\x03\x04rest")
    with zipfile.ZipFile(inbox / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.dcm", b"\0" * 3_000_000)
    with zipfile.ZipFile(inbox / "out.zip", "w") as archive:
        archive.writestr("../a.dcm", data)
    report = take(home, inbox)
    assert len(report.codes) == 1
    assert {Path(w.path).name: w.code for w in report.withheld} == {
        "good.zip!README": "E_NOT_RECORDING",
        "good.zip!inner.zip": "E_LIMIT_DEPTH",
        "bomb.zip": "E_LIMIT_INFLATE",
        "out.zip": "E_LIMIT_INFLATE",
    }


def test_the_homes_own_files_are_not_taken_in_again(home: Catalog, tmp_path: Path) -> None:
    makers.write_dicom(tmp_path / "a.dcm", makers.loop(3))
    assert take(home, tmp_path).to_json()["clips"] == 1
    assert take(home, tmp_path).to_json() == {
        "clips": 0,
        "frames": 0,
        "known": 1,
        "withheld": [],
        "warnings": [],
    }


def test_two_runs_at_once_share_the_work(tmp_path: Path, inbox: Path) -> None:
    for i in range(6):
        makers.write_dicom(inbox / f"{i}.dcm", makers.loop(8, seed=i), SOPInstanceUID=f"1.2.826.7.{i + 1}")
    home = tmp_path / "home"
    open_catalog(Settings(home=home)).close()
    code = (
        "from pathlib import Path; from unisono.base.settings import Settings; import json;"
        "from unisono.catalog.db import open_catalog; from unisono.ingest.run import ingest;"
        f"c = open_catalog(Settings(home=Path({str(home)!r})));"
        f"r = ingest(c, [Path({str(inbox)!r})], '01', workers=1, policy='none', isolated=False);"
        "print(json.dumps(r.to_json()))"
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    said = [json.loads(run.communicate(timeout=120)[0]) for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert sum(one["clips"] for one in said) == 6
    assert [one["clips"] + one["known"] for one in said] == [6, 6]
    catalog = open_catalog(Settings(home=home))
    assert fsck(catalog).is_clean
    catalog.close()


def test_a_lease_of_a_run_that_died_is_taken_over(home: Catalog, inbox: Path) -> None:
    path = makers.write_dicom(inbox / "a.dcm", makers.loop(3))
    key = derive_keys(site_secret(home.settings.home)).source_key(
        hashlib.sha256(path.read_bytes()).hexdigest()
    )
    home.write(partial(intake.claim, source_keys=[key], run="dead"))
    assert len(take(home, inbox).codes) == 1
    with home.read() as connection:
        assert intake.intake_of(connection, key).attempts == 2


def test_arguments_are_checked_before_anything_is_done(home: Catalog, inbox: Path) -> None:
    with pytest.raises(SettingsError):
        take(home, inbox, dataset_class="1")
    with pytest.raises(NotFoundError):
        take(home, inbox / "missing")
    assert not (home.settings.home / "site-secret").exists()


def test_processes_give_the_same_as_one(inbox: Path, tmp_path: Path) -> None:
    for i in range(3):
        makers.write_dicom(inbox / f"{i}.dcm", makers.loop(3, seed=i), SOPInstanceUID=f"1.2.826.7.{i + 1}")
    secret = os.urandom(32)
    trees, ticks = [], []
    for isolated in (False, True):
        home = tmp_path / f"home{isolated}"
        home.mkdir()
        (home / "site-secret").write_bytes(secret)
        (home / "site-secret").chmod(0o600)
        catalog = open_catalog(Settings(home=home))
        run = partial(ingest, catalog, [inbox], "01", policy="none", isolated=isolated)
        run(workers=1 + isolated, progress=lambda *tick: ticks.append(tick))
        catalog.close()
        trees.append(tree(home))
    assert trees[0] == trees[1]
    assert [t[0] for t in ticks] == [1, 2, 3, 1, 2, 3]
    assert json.dumps(ticks)
