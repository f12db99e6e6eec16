"""Release, verify, import into an empty site, agree, release again: the same bytes."""

from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pytest

from tests.make import Site, curve_label, gesture, point_label
from unisono.agree.run import agree
from unisono.annotate.run import Catalog
from unisono.base.errors import ConflictError, ReleaseError
from unisono.catalog import tables as t
from unisono.catalog.clips import set_state
from unisono.catalog.releases import releases_of
from unisono.release.run import import_labels, manifest_sha256, release, verify

DATE = "2026-01-02"


def tree(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


@pytest.mark.parametrize(
    ("fmt", "policy"), [("unity", "consensus"), ("unity", "last"), ("multix", "consensus")]
)
def test_a_release_comes_back_byte_for_byte(
    answered: Site, elsewhere: Catalog, tmp_path: Path, fmt: str, policy: str
) -> None:
    agree(answered.catalog, "lv")
    first = release(answered.catalog, "lv", "1.0.0", fmt, tmp_path / "one", policy=policy, date=DATE)
    assert verify(tmp_path / "one") == []
    report = import_labels(elsewhere, fmt, tmp_path / "one", "lv")
    assert (report.clips, report.items, report.experts, report.answers) == (2, 2, 2, 16)
    agree(elsewhere, "lv")
    second = release(elsewhere, "lv", "1.0.0", fmt, tmp_path / "two", policy=policy, date=DATE)
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    assert first.manifest_sha256 == second.manifest_sha256


def mixed_border(shift: float, *, freehand: bool) -> dict[str, Any]:
    """Return a border with a straight step and a gap, or one drawn in a stroke."""
    if freehand:
        bend = np.linspace(np.pi, 0, 80)
        trace = [{"x": float(40 + 18 * np.cos(a)) + shift, "y": float(50 - 40 * np.sin(a))} for a in bend]
        curve = {"nodes": trace, "spline": "polyline", "freehand": True}
        return {"visibility": "seen", "instances": [curve]}
    label = curve_label(shift)
    nodes = label["instances"][0]["nodes"]
    nodes[0]["step"] = "straight"
    nodes.insert(4, {"x": 59.0 + shift, "y": 40.0, "step": "gap"})
    return label


@pytest.fixture
def mixed(site: Site) -> Site:
    """Return a site whose two experts used everything: gap, straight, freehand, blurred, off, unusable."""
    for name, shift in (("Ada One", 0.0), ("Ben Two", 0.83)):
        client = site.client(name)
        first, second = (row["item"] for row in client.get("/api/projects/lv/queue").json())
        site.save(client, first, "curve-lv-endo", mixed_border(shift, freehand=name == "Ben Two"))
        site.save(client, first, "lv-apex-endo", {"visibility": "blurred", "instances": []})
        site.save(client, first, "mv-ant-hinge", {"visibility": "off", "instances": []})
        site.save(client, first, "mv-post-hinge", point_label(60.0 + shift, 51.0))
        body = {
            "project": "lv",
            "item": first,
            "outcome": "done",
            "protocol_version": 1,
            "gesture": gesture(),
        }
        client.put(f"/api/submissions/{uuid4()}", json=body).raise_for_status()
        unusable = {**body, "item": second, "outcome": "unusable", "reason": "image quality"}
        client.put(f"/api/submissions/{uuid4()}", json=unusable).raise_for_status()
    return site


@pytest.mark.parametrize("fmt", ["unity", "multix"])
def test_gaps_straight_steps_and_all_that_was_not_seen_come_back_too(
    mixed: Site, elsewhere: Catalog, tmp_path: Path, fmt: str
) -> None:
    agree(mixed.catalog, "lv")
    release(mixed.catalog, "lv", "1.0.0", fmt, tmp_path / "one", date=DATE)
    assert verify(tmp_path / "one") == []
    import_labels(elsewhere, fmt, tmp_path / "one", "lv")
    agree(elsewhere, "lv")
    release(elsewhere, "lv", "1.0.0", fmt, tmp_path / "two", date=DATE)
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


def test_the_same_version_again_is_the_same_or_refused(answered: Site, tmp_path: Path) -> None:
    agree(answered.catalog, "lv")
    release(answered.catalog, "lv", "1.0.0", "unity", tmp_path / "one", date=DATE)
    release(answered.catalog, "lv", "1.0.0", "unity", tmp_path / "two")
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    with pytest.raises(ConflictError, match=r"1\.0\.0 was released already as unity with other content"):
        release(answered.catalog, "lv", "1.0.0", "unity", tmp_path / "three", policy="last")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["home", "one", "two"]


def test_what_is_withheld_is_reported_and_not_in_the_package(answered: Site, tmp_path: Path) -> None:
    first = answered.clips[0].code
    answered.catalog.write(partial(set_state, code=first, state="quarantined"))
    agree(answered.catalog, "lv")
    report = release(answered.catalog, "lv", "1.0.0", "unity", tmp_path / "out", date=DATE)
    assert [code for code, _ in report.withheld] == [first]
    assert report.counts["clips"] == 1
    for path in (tmp_path / "out").iterdir():
        data = path.read_bytes()
        assert first.encode() not in data, path.name
    assert "| not recorded | nothing is recorded | 1 |" in (tmp_path / "out" / "README.md").read_text()
    assert verify(tmp_path / "out", answered.catalog) == []


def test_a_folder_is_never_written_over(answered: Site, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(ReleaseError, match="out exists already"):
        release(answered.catalog, "lv", "1.0.0", "unity", tmp_path / "out")


@pytest.mark.parametrize("version", ["1.0.0", "one"])
def test_a_folder_that_another_made_is_left_alone(answered: Site, tmp_path: Path, version: str) -> None:
    agree(answered.catalog, "lv")
    mine = tmp_path / "out.tmp" / "thesis.txt"
    mine.parent.mkdir()
    mine.write_text("ten years")
    if version == "one":
        with pytest.raises(ReleaseError):
            release(answered.catalog, "lv", version, "unity", tmp_path / "out")
    else:
        release(answered.catalog, "lv", version, "unity", tmp_path / "out")
        assert (tmp_path / "out").stat().st_mode & 0o777 == 0o755
        with answered.catalog.read() as connection:
            assert [r.path for r in releases_of(connection, "lv")] == [str(tmp_path / "out")]
    assert mine.read_text() == "ten years"
    assert {p.name for p in tmp_path.iterdir()} <= {"home", "out", "out.tmp"}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"version": "one"}, "MAJOR.MINOR.PATCH"),
        ({"date": "yesterday"}, "YYYY-MM-DD"),
        ({"policy": "best"}, "one of: consensus, last"),
        ({}, "run `unisono agree lv` first"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_stays(
    answered: Site, tmp_path: Path, changes: dict[str, str], wrong: str
) -> None:
    given = {"version": "1.0.0", **changes}
    with pytest.raises(ReleaseError, match=wrong):
        release(answered.catalog, "lv", given.pop("version"), "unity", tmp_path / "out", **given)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["home"]


def test_an_expert_whose_name_got_in_stops_the_release(answered: Site, tmp_path: Path) -> None:
    agree(answered.catalog, "lv")
    # The name gets in by the pseudonym, which nobody should choose so.
    answered.catalog.write(
        lambda c: c.execute(t.expert.update().where(t.expert.c.name == "Ada One").values(pseudonym="Ada One"))
    )
    with pytest.raises(ReleaseError, match="holds a name or secret of the site"):
        release(answered.catalog, "lv", "1.0.0", "unity", tmp_path / "out", policy="last")
    assert not (tmp_path / "out").exists()


def test_verify_with_a_catalog_looks_for_its_names_and_secret(answered: Site, tmp_path: Path) -> None:
    agree(answered.catalog, "lv")
    release(answered.catalog, "lv", "1.0.0", "unity", tmp_path / "out")
    assert verify(tmp_path / "out", answered.catalog) == []
    (answered.home / "site-secret").write_bytes(b"s" * 32)
    (tmp_path / "out" / "README.md").write_text(f"secret {(b's' * 32).hex()}, Ben Two")
    found = verify(tmp_path / "out", answered.catalog)
    assert found.count("README.md: holds a name or secret of the site in line 1") == 2
    assert verify(tmp_path / "nothing") == ["nothing: no such folder"]


def test_verify_compares_the_hash_that_a_publisher_or_the_site_states(answered: Site, tmp_path: Path) -> None:
    agree(answered.catalog, "lv")
    report = release(answered.catalog, "lv", "1.0.0", "unity", tmp_path / "out", date=DATE)
    out = tmp_path / "out"
    assert manifest_sha256(out) == report.manifest_sha256
    assert verify(out, answered.catalog, sha256=report.manifest_sha256.upper()) == []
    (found,) = verify(out, sha256="0" * 64)
    assert found == f"manifest.json: its SHA-256 is {report.manifest_sha256}, not {'0' * 64}"
    (out / "manifest.json").write_bytes((out / "manifest.json").read_bytes() + b"\n")
    assert verify(out) == []
    (found,) = verify(out, answered.catalog)
    assert found.endswith(f"this site wrote {report.manifest_sha256}")
