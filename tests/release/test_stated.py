"""An edited manifest or card does not verify, even with all hashes brought up to date."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.release.make import make_contents, relist, write_manifest, write_release
from unisono.release.card import write_card
from unisono.release.manifest import SCHEMA, make_manifest
from unisono.release.package import compose
from unisono.release.verify import problems_of

CONSENSUS = {"format": "multix", "policy": "consensus"}


def set_in(manifest: dict[str, Any], place: str, value: object) -> None:
    *parents, last = place.split(".")
    node = manifest
    for key in parents:
        node = node[key]
    node[last] = value


@pytest.mark.parametrize(
    ("place", "value", "wrong"),
    [
        ("version", "9.9.9", "labels.zip: its comment"),
        ("version", 9, "manifest.json: version: not a text"),
        ("title", "Other", "README.md line 2: says 'pretty_name"),
        ("date", "2020-01-01", 'README.md line 4: says "date'),
        ("project", "other", "user-labels-all.csv row 2"),
        ("code_version", "9", "README.md line"),
        ("format_title", "x", "manifest.json: format_title"),
        ("coordinates", "mm", "manifest.json: coordinates"),
        ("schema", 1, f"manifest.json: schema: 1; this version of unisono reads {SCHEMA}"),
        ("protocol.version", 9, "manifest.json: protocol version"),
        ("protocol.text", "x", "manifest.json: protocol text: says 'x'; by the other files it is 'nothing'"),
        ("simulated.project", True, "README.md line"),
        ("simulated.project", "yes", "manifest.json: simulated project"),
        ("simulated.experts", [], "manifest.json: simulated experts"),
        ("simulated.clips", ["x"], "manifest.json: simulated clips"),
        ("split.shares", {}, "manifest.json: split shares"),
        ("split.seed", "z", "manifest.json: split given"),
        ("split.given", ["subject-7"], "manifest.json: split given"),
        ("labels.carried", [], "manifest.json: labels carried"),
        ("labels.left_out", [{"question": "a", "reason": "b"}], "manifest.json: labels left_out"),
        ("labels.policy", "best", "manifest.json: labels policy"),
        ("labels.by_visibility", {}, "manifest.json: labels by_visibility"),
        ("labels.by_visibility.curve-lv-endo.off", 900, "manifest.json: labels by_visibility: curve-lv-endo"),
        (
            "labels.by_visibility.curve-lv-endo.unasked",
            1,
            "manifest.json: labels by_visibility: curve-lv-endo",
        ),
        ("consensus", {"method": "magic"}, "manifest.json: consensus: is stated"),
        ("deidentification.approved_by", {"gate": 2}, "manifest.json: deidentification approved_by"),
        ("clips", [], "manifest.json: clips"),
        ("counts.frames", 1, "manifest.json: counts frames"),
        ("members", {}, "labels.zip: generation-1"),
        ("extra", "x", "manifest.json: extra: says 'x'; by the other files it is 'nothing'"),
    ],
)
def test_an_edited_manifest(made: Path, place: str, value: object, wrong: str) -> None:
    manifest: dict[str, Any] = json.loads((made / "manifest.json").read_text())
    set_in(manifest, place, value)
    write_manifest(made, manifest)
    found = problems_of(made)
    assert any(line.startswith(wrong) for line in found), found


@pytest.mark.parametrize("rows", ["files", "members"])
def test_a_row_that_stands_twice(made: Path, rows: str) -> None:
    manifest: dict[str, Any] = json.loads((made / "manifest.json").read_text())
    listed = manifest["files"] if rows == "files" else manifest["members"]["labels.zip"]
    listed.append(listed[0])
    write_manifest(made, manifest)
    (found,) = problems_of(made)
    assert found.startswith(f"manifest.json: {rows}: ")


def test_a_version_that_is_changed_in_manifest_and_card(made: Path) -> None:
    for name in ("manifest.json", "README.md"):
        text = (made / name).read_text()
        (made / name).write_text(text.replace("1.2.3", "2.0.0"))
    relist(made)
    (found,) = problems_of(made)
    assert found.startswith("labels.zip: its comment is not 'lv 2.0.0 unity'")


@pytest.mark.parametrize(
    ("key", "row"),
    [
        ("curve-lv-endo", {"seen": 1, "blurred": 1, "off": 0}),  # carried, so its labels are counted
        ("mv-post-hinge", {"seen": 1, "blurred": 1, "off": 0}),  # not carried, and nobody saw it
        ("lv-apex-endo", {"seen": 1, "blurred": 0, "off": 1}),  # nobody said off
        ("lv-apex-endo", {"seen": 2, "blurred": 1, "off": 0}),  # more than were asked
    ],
)
def test_labels_that_no_file_carries_are_bounded_by_the_answers(
    tmp_path: Path, key: str, row: dict[str, int]
) -> None:
    folder = write_release(tmp_path / "x", make_contents(**CONSENSUS))
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["labels"]["by_visibility"][key] = row
    write_manifest(folder, manifest)
    found = problems_of(folder)
    assert any(line.startswith(f"manifest.json: labels by_visibility: {key}: there are 2") for line in found)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (lambda card: card.replace("version: 1.2.3", "version: 2.0.0"), "line 3: says 'version: 2.0.0'"),
        (lambda card: card.replace("license: cc0-1.0", "license: mit"), "line 5: says 'license: mit'"),
        (lambda card: card.replace("| CC0-1.0 |", "| CC-BY-4.0 |"), "says '| CC-BY-4.0 |"),
        (lambda card: card.replace("16 answers", "99 answers"), "says '6 frames"),
        (lambda card: card.replace("**Simulated.**", ""), "says '>  0 of 2 clips"),
        (lambda card: card.replace("| person |", "| gate |"), "says '| gate |"),
        (lambda card: card.replace("By hash, seed `seed`", "at random"), "says 'No subject"),
        (lambda card: card + "Validated on 10,000 patients.", "says 'Validated"),
        (lambda card: card.split("## Limits")[0], "by the other files it is '## Limits'"),
    ],
)
def test_an_edited_card(made: Path, change: Callable[[str], str], wrong: str) -> None:
    card = made / "README.md"
    before = card.read_text()
    card.write_text(change(before))
    assert card.read_text() != before
    relist(made)
    (found,) = problems_of(made)
    assert found.startswith("README.md line "), found
    assert wrong in found, found


def test_the_tables_of_agreement_have_a_form(made: Path) -> None:
    head = "## How far the experts are apart"
    good = "| `lv-apex-endo` | expert-1 | 1.23 mm | 1.00 to 1.50 | 2 |"
    card = (made / "README.md").read_text()
    for line, is_good in ((good, True), ("All agree.", False), (good.replace("expert-1", "Ada"), False)):
        (made / "README.md").write_text(card.replace("## Licences", f"{head}\n{line}\n## Licences"))
        relist(made)
        assert (problems_of(made) == []) is is_good, line


def test_what_both_forms_are_is_pinned_to_their_version() -> None:
    contents = make_contents(**CONSENSUS)
    files = compose(contents)
    manifest = json.dumps(make_manifest(contents, files, ()), sort_keys=True).encode()
    digest = hashlib.sha256(write_card(contents, files) + manifest).hexdigest()[:16]
    # Another digest is another form: raise SCHEMA, for older releases do not verify by this version then.
    assert (SCHEMA, digest) == (2, "90aa1e917859f6c0")
