"""Labels come into a catalog: whole, or not at all."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.formats.make import lv_nodes
from tests.make import Site
from tests.release.make import code_of, make_contents, pngs_of
from tests.release.test_sources import unity_labels, write_foreign
from unisono.agree.run import agree
from unisono.annotate.run import Catalog, people
from unisono.base.errors import ConflictError, FormatError, ReleaseError
from unisono.base.packs import decode_pack
from unisono.catalog import tables as t
from unisono.catalog.answers import current_answers, submissions
from unisono.catalog.clips import all_clips, frames_of
from unisono.catalog.projects import all_projects, items_of
from unisono.release.run import import_labels, release, verify

DATE = "2026-01-02"
ANNOTATIONS = "UnityLV_multiX_annotations.json"


def test_clips_come_with_their_very_bytes_and_a_pack(empty: Catalog, made: Path) -> None:
    report = import_labels(empty, "unity", made, "lv")
    assert (report.clips, report.frames, report.known, report.left_out) == (2, 6, 0, ())
    with empty.read() as connection:
        clip = next(c for c in all_clips(connection) if c.code == code_of(1))
        frames = frames_of(connection, clip.code)
    facts = make_contents().clips[0]
    assert [f.pixel_sha256 for f in frames] == [f.pixel_sha256 for f in facts.frames]
    assert [empty.files.read_frame(f"{clip.code}-{i:04d}") for i in range(3)] == pngs_of(1)
    pages = decode_pack(empty.files.pack_path(clip.code, clip.pack_sha256).read_bytes())
    page = cv2.imdecode(np.frombuffer(pages[1], np.uint8), cv2.IMREAD_UNCHANGED)
    assert page.shape == (60, 80)
    assert (clip.subject, clip.spacing_mm, clip.licence) == ("subject-1", (0.5, 0.5), "CC0-1.0")


def test_answers_keep_experts_labels_ids_and_times(empty: Catalog, made: Path) -> None:
    import_labels(empty, "unity", made, "lv")
    with empty.read() as connection:
        found = {a.id: a for a in current_answers(connection, "lv")}
        done = submissions(connection, "lv")
        experts = people.everybody(connection)
    for record in make_contents().answers:
        assert found[record.id].label == record.label
        assert found[record.id].pseudonym == record.expert
    assert {s.outcome for s in done} == {"done"}
    assert len(done) == 4
    assert [(e.active, e.simulated) for e in experts] == [(False, False), (False, True)]


def test_a_second_project_of_the_same_release_has_its_own_ids(empty: Catalog, made: Path) -> None:
    import_labels(empty, "unity", made, "one")
    report = import_labels(empty, "unity", made, "two")
    assert (report.clips, report.known, report.answers) == (0, 2, 16)
    with empty.read() as connection:
        one, two = ({i.id for i in items_of(connection, p)} for p in ("one", "two"))
        assert len(current_answers(connection, "two")) == 16
    assert not one & two
    with pytest.raises(ConflictError, match="there is a project 'one' already"):
        import_labels(empty, "unity", made, "one")


def test_a_clip_of_one_code_with_other_frames_is_refused(site: Site, tmp_path: Path) -> None:
    client = site.client("Ada One")
    site.finish(client, site.item(client))
    agree(site.catalog, "lv")
    release(site.catalog, "lv", "1.0.0", "unity", tmp_path / "out", date=DATE)
    change = t.frame.update().values(png_sha256="0" * 64)
    site.catalog.write(lambda connection: connection.execute(change))
    with pytest.raises(ConflictError, match=r"clip 01-\w+ is in the catalog already with other frames"):
        import_labels(site.catalog, "unity", tmp_path / "out", "again")


def test_foreign_unity_labels_are_released_again(empty: Catalog, tmp_path: Path) -> None:
    folder = tmp_path / "foreign"
    folder.mkdir()
    write_foreign(folder, unity_labels(1, 2), (1, 2))
    report = import_labels(empty, "unity", folder, "p", origin="there", licence="CC0-1.0")
    assert (report.items, report.answers, report.frames) == (2, 6, 3)
    agree(empty, "p")
    release(empty, "p", "1.0.0", "unity", tmp_path / "out", date=DATE)
    assert verify(tmp_path / "out") == []
    names = json.loads((tmp_path / "out" / "clips.json").read_text())[0]["frames"]
    assert [f["index"] for f in names] == [1, 2]  # the black stand-in is not released


def test_bare_multix_annotations_come_out_as_they_went_in(
    empty: Catalog, tmp_path: Path, rng: np.random.Generator
) -> None:
    points = {f"expert-{e}": (np.array(lv_nodes(rng, 200, 20.0)) - 350).T.tolist() for e in range(3)}
    folder = tmp_path / "foreign"
    folder.mkdir()
    write_foreign(folder, {f"{code_of(1)}-0001.png": points}, (0, 1), ANNOTATIONS)
    import_labels(empty, "multix", folder, "p")
    agree(empty, "p")
    release(empty, "p", "1.0.0", "multix", tmp_path / "out", date=DATE)
    assert json.loads((tmp_path / "out" / ANNOTATIONS).read_text()) == json.loads(
        (folder / ANNOTATIONS).read_text()
    )


@pytest.mark.parametrize("broken", ["labels", "frame"])
def test_nothing_is_half_written(
    empty: Catalog, tmp_path_factory: pytest.TempPathFactory, broken: str
) -> None:
    labels = unity_labels(1, 2)
    folder = write_foreign(tmp_path_factory.mktemp("foreign"), labels, (1, 2))
    if broken == "labels":
        labels[f"{code_of(1)}-0002.png"] = {
            "labels": {"lv-apex-endo": {"type": "point", "x": "1", "y": "1 2"}}
        }
        (folder / "labels-all.json").write_text(json.dumps(labels))
    else:
        next(folder.rglob("*-0002.png")).write_bytes(b"no image")
    with pytest.raises((FormatError, ReleaseError), match="-0002"):
        import_labels(empty, "unity", folder, "p")
    with empty.read() as connection:
        assert all_clips(connection) == []
        assert all_projects(connection) == []


def test_a_label_far_outside_of_its_frame_is_refused(empty: Catalog, tmp_path: Path) -> None:
    point = {"type": "point", "x": "161", "y": "8"}
    labels = {f"{code_of(1)}-0001.png": {"labels": {"lv-apex-endo": point}}}
    folder = tmp_path / "foreign"
    folder.mkdir()
    write_foreign(folder, labels)
    with pytest.raises(FormatError, match=r"-0001: lv-apex-endo: .*frame of 80 x 60 px"):
        import_labels(empty, "unity", folder, "p")
    with empty.read() as connection:
        assert all_clips(connection) == []
