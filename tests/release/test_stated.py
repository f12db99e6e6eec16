"""An edited manifest or card does not verify, even with all hashes brought up to date."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.release.make import relist, write_manifest
from unisono.release.verify import problems_of


@pytest.mark.parametrize(
    ("place", "value", "wrong"),
    [
        ("version", "9.9.9", "README.md: version"),
        ("title", "Other", "README.md: pretty_name"),
        ("date", "2020-01-01", "README.md: date"),
        ("project", "other", "README.md: lacks"),
        ("code_version", "9", "README.md: lacks"),
        ("format_title", "x", "manifest.json: format_title"),
        ("coordinates", "mm", "manifest.json: coordinates"),
        ("schema", 2, "manifest.json: schema"),
        ("protocol.version", 9, "manifest.json: protocol"),
        ("simulated.project", True, "README.md: tags"),
        ("simulated.project", None, "manifest.json: simulated project"),
        ("simulated.experts", [], "manifest.json: simulated experts"),
        ("simulated.clips", ["x"], "manifest.json: simulated clips"),
        ("split.shares", {}, "manifest.json: split shares"),
        ("labels.carried", [], "manifest.json: labels carried"),
        ("labels.policy", "best", "manifest.json: labels policy"),
        ("labels.by_visibility", {}, "manifest.json: labels by_visibility"),
        ("clips", [], "manifest.json: clips"),
        ("counts.frames", 1, "manifest.json: counts frames"),
    ],
)
def test_an_edited_manifest(made: Path, place: str, value: object, wrong: str) -> None:
    manifest: dict[str, Any] = json.loads((made / "manifest.json").read_text())
    *parents, last = place.split(".")
    node = manifest
    for key in parents:
        node = node[key]
    node[last] = value
    write_manifest(made, manifest)
    assert any(line.startswith(wrong) for line in problems_of(made)), problems_of(made)


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("version: 1.2.3", "version: 2.0.0", "version: says '2.0.0'"),
        ("license: cc0-1.0", "license: mit", "license: says 'mit'"),
        ("| CC0-1.0 |", "| CC-BY-4.0 |", "lacks '| CC0-1.0 |"),
        ("16 answers", "99 answers", "lacks '6 frames"),
        ("**Simulated.**", "", "lacks '> **Simulated.**"),
        ("---\n", "", "pretty_name: says None"),
    ],
)
def test_an_edited_card(made: Path, old: str, new: str, wrong: str) -> None:
    card = made / "README.md"
    assert old in card.read_text()
    card.write_text(card.read_text().replace(old, new))
    relist(made)
    found = problems_of(made)
    assert any(line.startswith(f"README.md: {wrong}") for line in found), found
