"""The manifest."""

import hashlib

from tests.release.make import make_contents
from unisono.release.manifest import make_manifest
from unisono.release.package import compose


def test_it_says_what_the_release_is() -> None:
    contents = make_contents()
    files = compose(contents)
    on_disk = [{"path": "README.md", "bytes": 3, "sha256": "0" * 64}]
    found = make_manifest(contents, files, on_disk)
    assert found["files"] == on_disk
    assert (found["format"], found["version"], found["date"]) == ("unity", "1.2.3", "2026-01-02")
    assert found["labels"]["policy"] == "last"
    assert found["simulated"] == {"project": False, "clips": [], "experts": ["expert-2"]}
    assert {c["licence"] for c in found["clips"]} == {"CC0-1.0"}
    member = next(m for m in found["members"]["labels.zip"] if m["path"] == "keys.json")
    assert member["sha256"] == hashlib.sha256(files.labels["keys.json"]).hexdigest()


def test_only_the_date_differs_between_two_days() -> None:
    one, two = (
        make_manifest(c, compose(c), [])
        for c in (make_contents(date=d) for d in ("2026-01-02", "2027-03-04"))
    )
    assert {k for k in one if one[k] != two[k]} == {"date"}
