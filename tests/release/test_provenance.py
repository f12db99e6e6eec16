"""What a release says of its consensus."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.make import Site
from tests.release.make import make_contents, write_manifest, write_release
from unisono.agree.run import agree
from unisono.catalog.results import latest_result
from unisono.release.provenance import input_sha256
from unisono.release.run.gather import contents_of
from unisono.release.verify import problems_of


@pytest.fixture
def multix(tmp_path: Path) -> Path:
    return write_release(tmp_path / "x", make_contents(format="multix", policy="consensus"))


def test_the_hash_is_that_of_the_stored_consensus(answered: Site) -> None:
    agree(answered.catalog, "lv")
    with answered.catalog.read() as connection:
        stored = latest_result(connection, "lv", "consensus")
        found = contents_of(
            connection, "lv", version="1.0.0", fmt="unity", policy="consensus", date="2026-01-02"
        )
    assert stored is not None
    assert input_sha256(found.answers, found.items, found.clips) == stored.input_sha256
    other = replace(found.clips[0], spacing_mm=[9.0, 9.0])
    assert input_sha256(found.answers, found.items, (other, *found.clips[1:])) != stored.input_sha256


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (None, "consensus: has the keys"),
        ({"extra": 1}, "consensus: has the keys"),
        ({"method": "magic"}, "consensus method: not those"),
        ({"input_sha256": "0" * 64}, "consensus input_sha256: is not the hash of these answers"),
        ({"parameters": {}}, "consensus method: not those"),
        ({"questions": {}}, "consensus questions: not a method for each"),
        ({"questions": "all"}, "consensus questions: not a method for each"),
        ({"code_version": "7"}, "README.md line"),
    ],
)
def test_what_cannot_be(multix: Path, change: dict[str, Any] | None, wrong: str) -> None:
    manifest = json.loads((multix / "manifest.json").read_text())
    manifest["consensus"] = None if change is None else {**manifest["consensus"], **change}
    write_manifest(multix, manifest)
    found = problems_of(multix)
    assert any(line.removeprefix("manifest.json: ").startswith(wrong) for line in found), found


def test_a_method_has_a_methods_name(multix: Path) -> None:
    text = (multix / "manifest.json").read_text()
    (multix / "manifest.json").write_text(text.replace("curve-normals", "Magic 7"))
    assert "manifest.json: consensus method: no method has such a name" in problems_of(multix)
