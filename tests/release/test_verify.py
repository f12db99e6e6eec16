"""Every fault of a release is found and named."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.release.make import (
    code_of,
    listing,
    make_clip_facts,
    make_contents,
    relist,
    write_manifest,
    write_release,
)
from unisono.release.archive import Archive, hashes_of, write_zip
from unisono.release.facts import ExpertFacts
from unisono.release.verify import problems_of


def rewrite(path: Path, change: Callable[[str, bytes], bytes | None]) -> None:
    """Change or drop members of a zip."""
    archive = Archive(path)
    files = {n: new for n in archive.names if (new := change(n, archive.read(n))) is not None}
    write_zip(path, files, files.__getitem__, archive.comment)


def test_a_good_release_has_no_problems(made: Path, tmp_path: Path) -> None:
    assert problems_of(made) == []
    multix = write_release(tmp_path / "multix", make_contents(format="multix", policy="consensus"))
    assert problems_of(multix) == []


def test_a_changed_byte_an_extra_and_a_missing_file(made: Path) -> None:
    (made / "README.md").write_bytes((made / "README.md").read_bytes().replace(b"border", b"Border", 1))
    (made / "notes.txt").write_text("mine")
    (made / "protocol.yaml").rename(made / "protocol.yml")
    found = problems_of(made)
    assert "README.md: SHA-256 is not what the manifest says" in found
    assert "notes.txt: in the folder but not in the manifest" in found
    assert "protocol.yaml: in the manifest but not in the folder" in found


def test_a_frame_too_few_one_too_many_and_one_changed(made: Path) -> None:
    names = Archive(made / "png-cache.zip").names

    def change(name: str, data: bytes) -> bytes | None:
        return None if name == names[0] else data + b"x" if name == names[1] else data

    rewrite(made / "png-cache.zip", change)
    relist(made)
    found = "\n".join(problems_of(made))
    assert f"{names[0]} is missing" in found
    assert f"{names[1]}: SHA-256 is not what clips.json says" in found
    assert f"{names[1]}: does not end where its PNG ends" in found
    assert "there is no such frame" not in found  # frame 0 bears no label


def test_labels_that_do_not_parse(made: Path) -> None:
    def change(name: str, data: bytes) -> bytes:
        return data.replace(b'"type": "point"', b'"type": "dot"') if name == "labels-all.json" else data

    rewrite(made / "labels.zip", change)
    relist(made)
    found = problems_of(made)
    assert any(line.startswith("labels-all.json: 01-") and "type dot" in line for line in found)


def test_a_changed_member_of_the_labels(made: Path) -> None:
    rewrite(made / "labels.zip", lambda n, d: d + b"\n" if n == "keys.json" else d)
    relist(made)
    assert problems_of(made) == ["labels.zip: keys.json is not what the manifest says"]


def test_wrong_counts(made: Path) -> None:
    manifest = json.loads((made / "manifest.json").read_text())
    manifest["counts"]["answers"] = 17
    (made / "manifest.json").write_text(json.dumps(manifest))
    assert problems_of(made)[0] == "manifest.json: counts answers: says 17; by the other files it is 16"


def test_a_subject_in_two_parts(tmp_path: Path) -> None:
    clips = (make_clip_facts(1, "train"), make_clip_facts(2, "ival", subject="subject-1"))
    found = problems_of(write_release(tmp_path / "x", make_contents(clips=clips)))
    assert found == ["subject subject-1 crosses the parts ival, train"]


def test_a_list_that_names_an_image_of_another_part(made: Path) -> None:
    image = f"{code_of(2)}-0001.png\n".encode()

    def change(name: str, data: bytes) -> bytes:
        return image if name == "labels-tune.txt" else b"" if name == "labels-ival.txt" else data

    rewrite(made / "labels.zip", change)
    relist(made)
    assert f"{code_of(2)}-0001: listed in tune, but its clip is in ival" in problems_of(made)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"image": f"{code_of(1)}-0099"}, "there is no such frame"),
        ({"expert": "expert-3"}, "expert expert-3 answers but is not in experts.json"),
        ({"expert": "expert-3"}, "expert-3 did not finish it"),
        ({"label": {"visibility": "unasked", "instances": []}, "question": "view"}, "has no question 'view'"),
    ],
)
def test_an_answer_that_cannot_be(tmp_path: Path, change: dict[str, object], wrong: str) -> None:
    contents = make_contents()
    at = next(i for i, r in enumerate(contents.answers) if r.question == "lv-apex-endo")
    bad = replace(contents.answers[at], **change)
    answers = (*contents.answers[:at], bad, *contents.answers[at + 1 :])
    found = problems_of(write_release(tmp_path / "x", replace(contents, answers=answers)))
    assert any(wrong in line for line in found)


def test_forbidden_content(made: Path) -> None:
    (made / "README.md").write_text("Labelled by Ada One, ada@one.example")
    relist(made)
    assert problems_of(made, ["Ada One"])[:2] == [
        "README.md: holds a mail address in line 1",
        "README.md: holds a name or secret of the site in line 1",
    ]


def test_what_is_no_release_says_so(tmp_path: Path) -> None:
    assert problems_of(tmp_path) == ["manifest.json: missing"]
    for raw, wrong in (
        ("[]", "missing counts, files"),
        ('{"files": 1}', "missing counts"),
        ("{", "not JSON"),
    ):
        (tmp_path / "manifest.json").write_text(raw)
        (found,) = problems_of(tmp_path)
        assert found.startswith(f"manifest.json: {wrong}")


def test_a_manifest_of_another_form(made: Path) -> None:
    manifest = json.loads((made / "manifest.json").read_text())
    for change in ({"files": [1]}, {"files": [{"path": "x"}]}, {"counts": 3}):
        (made / "manifest.json").write_text(json.dumps({**manifest, **change}))
        assert problems_of(made) == [f"manifest.json: not of its form: {next(iter(change))}"]


def moved(value: object) -> object:
    """Move whatever is drawn by 50 px to the right."""
    if isinstance(value, dict):
        is_drawn = isinstance(value.get("x"), str) and value["x"]
        x = " ".join(str(float(v) + 50) for v in value["x"].split()) if is_drawn else None
        return {k: x if k == "x" and is_drawn else moved(v) for k, v in value.items()}
    if isinstance(value, list) and len(value) == 2 and isinstance(value[0], list):
        return [[v + 50 for v in value[0]], value[1]]
    return [moved(v) for v in value] if isinstance(value, list) else value


def refresh(folder: Path) -> None:
    """Bring all hashes up to date, those of the zip's members too."""
    archive = Archive(folder / "labels.zip")
    members = {"labels.zip": hashes_of({n: archive.read(n) for n in archive.names})}
    manifest = json.loads((folder / "manifest.json").read_text())
    write_manifest(folder, {**manifest, "members": members, "files": listing(folder)})


@pytest.mark.parametrize("part", ["all", "train", "ival"])
@pytest.mark.parametrize("where", ["", "generation-1/"])
def test_a_curve_moved_in_one_file(made: Path, where: str, part: str) -> None:
    file = f"{where}labels-{part}.json"
    rewrite(made / "labels.zip", lambda n, d: json.dumps(moved(json.loads(d))).encode() if n == file else d)
    refresh(made)
    found = problems_of(made)
    image = code_of(2 if part == "ival" else 1)
    named = file if part != "all" else f"{where}labels-all.json"
    assert any(line.startswith(f"{named}: {image}") for line in found), found


@pytest.mark.parametrize("which", ["annotations", "consensus_curves"])
def test_a_curve_moved_in_a_file_of_multix(tmp_path: Path, which: str) -> None:
    folder = write_release(tmp_path / "x", make_contents(format="multix", policy="consensus"))
    file = folder / f"UnityLV_multiX_{which}.json"
    file.write_text(json.dumps(moved(json.loads(file.read_text()))))
    refresh(folder)
    found = problems_of(folder)
    assert any(line.startswith(f"{file.name}: {code_of(1)}") for line in found), found


def test_a_list_that_lacks_an_image_and_a_file_that_is_gone(made: Path) -> None:
    rewrite(made / "labels.zip", lambda n, d: b"" if n == "labels-all.txt" else d)
    refresh(made)
    assert problems_of(made) == ["labels-all.txt: does not list the images of labels-all.json"]
    rewrite(made / "labels.zip", lambda n, d: None if n == "generation-1/labels-tune.json" else d)
    refresh(made)
    assert problems_of(made) == ["generation-1/labels-tune.json: missing"]


def test_columns_that_are_not_those_of_the_answer(made: Path) -> None:
    rewrite(
        made / "labels.zip",
        lambda n, d: d.replace(b",41.0,8.0,", b",91.0,8.0,", 1) if n == "user-labels-all.csv" else d,
    )
    refresh(made)
    (found,) = problems_of(made)
    assert "user-labels-all.csv row" in found
    assert "01-" in found


def test_an_expert_without_answers(tmp_path: Path) -> None:
    contents = make_contents()
    experts = (*contents.experts, ExpertFacts("expert-7", simulated=False))
    found = problems_of(write_release(tmp_path / "x", replace(contents, experts=experts)))
    assert found == ["expert expert-7 is in experts.json but answers nothing"]
