"""What an import takes in."""

import json
from pathlib import Path

import pytest

from tests.formats.make import curve, lv_nodes
from tests.make import point_label
from tests.release.make import code_of, make_contents, pngs_of, relist, write_release
from unisono.base.errors import FormatError, ReleaseError
from unisono.formats.names import Names, png_path
from unisono.labels.protocol import parse_protocol
from unisono.release.sources import Plan, foreign_plan, release_plan

CODE = code_of(1)


def write_foreign(
    folder: Path, labels: object, numbers: tuple[int, ...] = (1,), name: str = "labels-all.json"
) -> Path:
    for n in numbers:
        place = folder / png_path(f"{CODE}-{n:04d}")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(pngs_of(1)[n])
    (folder / name).write_text(json.dumps(labels))
    return folder


def unity_labels(*numbers: int) -> dict[str, object]:
    point = {"type": "point", "x": "40.5", "y": "8.0"}
    border = {"type": "curve", "x": "20.0 40.0 60.0", "y": "50.0 8.0 51.0"}
    labels = {"lv-apex-endo": point, "curve-lv-endo": border, "e-peak": {"type": "off", "x": "", "y": ""}}
    return {f"{CODE}-{n:04d}.png": {"labels": labels} for n in numbers}


def plan_of(folder: Path, fmt: str = "unity", dataset_class: str = "") -> Plan:
    return foreign_plan(fmt, folder, "p", names=Names(dataset_class), origin="there", licence="CC0-1.0")


def test_a_release_is_taken_whole(made: Path) -> None:
    contents, plan = make_contents(), release_plan(made, "unity")
    assert plan.title == contents.title
    assert plan.split_seed == "seed"
    assert {r.id for r in plan.answers} == {r.id for r in contents.answers}
    first = png_path(f"{CODE}-0000")
    assert plan.frames[first]() == pngs_of(1)[0]
    assert len(plan.frames) == 6


def test_a_release_that_does_not_verify_or_is_of_another_format_is_refused(made: Path) -> None:
    with pytest.raises(ReleaseError, match="a release of format 'unity'; got 'multix'"):
        release_plan(made, "multix")
    (made / "README.md").write_text("ada@one.example")
    relist(made)
    with pytest.raises(ReleaseError, match=r"made does not verify: README\.md: holds a mail address"):
        release_plan(made, "unity")


def test_foreign_unity_files_become_the_answers_of_the_last_expert(tmp_path: Path) -> None:
    plan = plan_of(write_foreign(tmp_path, unity_labels(1, 2), (1, 2)))
    assert {r.expert for r in plan.answers} == {"expert-last"}
    assert len(plan.answers) == 6
    protocol = parse_protocol(plan.protocol)
    kinds = {q.key: q.label_type.name for q in protocol.questions}
    assert kinds == {"lv-apex-endo": "point", "curve-lv-endo": "curve", "e-peak": "point"}
    for record in plan.answers:
        protocol.question(record.question).parse(record.label)
    (clip,) = plan.clips
    assert (clip.subject, clip.origin, clip.licence, clip.spacing_mm) == (CODE, "there", "CC0-1.0", None)
    assert clip.n_frames == 3
    assert clip.mask == {"rule": "as imported", "missing_frames": [0]}


def test_other_pictures_in_the_folder_do_not_matter(tmp_path: Path) -> None:
    folder = write_foreign(tmp_path, unity_labels(1))
    (folder / "overview.png").write_bytes(b"")
    assert len(plan_of(folder).frames) == 1


def test_a_label_without_its_frame_is_left_out_by_name(tmp_path: Path) -> None:
    plan = plan_of(write_foreign(tmp_path, unity_labels(1, 2)))
    assert plan.left_out == ((f"{CODE}-0002", "its frame is not in the png-cache"),)
    assert [i.image for i in plan.items] == [f"{CODE}-0001"]


def test_frames_are_found_in_a_zip_and_with_names_without_class(tmp_path: Path) -> None:
    release = write_release(tmp_path / "r")
    folder = tmp_path / "f"
    folder.mkdir()
    (release / "png-cache.zip").rename(folder / "png-cache.zip")
    labels = {name[3:]: value for name, value in unity_labels(1).items()}
    (folder / "labels-all.json").write_text(json.dumps(labels))
    plan = plan_of(folder, dataset_class="01")
    assert plan.frames[png_path(f"{CODE}-0001")]() == pngs_of(1)[1]
    with pytest.raises(FormatError, match="does not say its class"):
        plan_of(folder)


def test_parts_that_the_files_state_are_kept(tmp_path: Path) -> None:
    folder = write_foreign(tmp_path, unity_labels(1))
    (folder / "labels-tune.txt").write_text(f"{CODE}-0001.png\n")
    assert [c.split for c in plan_of(folder).clips] == ["tune"]
    (folder / "labels-ival.txt").write_text(f"{CODE}-0002.png\n")
    with pytest.raises(FormatError, match="has frames in the parts"):
        plan_of(folder)


def test_names_that_are_no_pseudonyms_go_no_further(tmp_path: Path, rng: object) -> None:
    nodes = lv_nodes(rng)  # type: ignore[arg-type]  # the fixture
    border = [[n["x"] for n in curve(nodes)["nodes"]], [n["y"] for n in curve(nodes)["nodes"]]]
    labels = {f"{CODE}-0001.png": {"expert-1": border, "aB3kUid": border, "ada@one.example": border}}
    folder = write_foreign(tmp_path, labels, name="UnityLV_multiX_annotations.json")
    names = {e.pseudonym for e in plan_of(folder, "multix").experts}
    assert "expert-1" in names
    assert len(names) == 3
    assert not {"aB3kUid", "ada@one.example"} & names


def test_one_file_beside_a_png_cache_is_enough(tmp_path: Path) -> None:
    folder = write_foreign(tmp_path, unity_labels(1), name="labels-train.json")
    plan = plan_of(folder / "labels-train.json")
    assert len(plan.items) == 1
    assert plan.answers[0].label in (
        point_label(40.5, 8.0),
        {"visibility": "off", "instances": []},
        {"visibility": "seen", "instances": [curve([(20, 50), (40, 8), (60, 51)])]},
    )


def test_without_any_frame_or_file_nothing_is_planned(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="none of 1 labelled frames"):
        plan_of(write_foreign(tmp_path, unity_labels(2)))
    with pytest.raises(FormatError, match="no such file or folder"):
        plan_of(tmp_path / "nothing")
