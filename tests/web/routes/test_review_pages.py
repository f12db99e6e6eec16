"""The review's list page by page, over the web, while others decide on its clips."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.ingest import makers
from tests.make import Site, make_clip
from unisono.annotate.run import people
from unisono.catalog.clips import Frame, insert_clip, set_state
from unisono.ingest.run import ingest


@pytest.fixture
def rita(site: Site) -> TestClient:
    """Return a client of somebody who may review."""
    site.catalog.write(partial(people.add_expert, name="Rita"))
    site.catalog.write(partial(people.set_reviewer, name="Rita"))
    return site.client("Rita")


def test_pages_follow_one_another(site: Site, tmp_path: Path, rita: TestClient) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for k in range(5):
        makers.write_dicom(folder / f"{k}.dcm", makers.loop(1, seed=k), SOPInstanceUID=f"1.2.3.{k}")
    made = ingest(site.catalog, [folder], "01", workers=1, policy="person", isolated=False).codes
    seen = []
    for offset in (0, 2, 4):
        page = rita.get("/api/review", params={"offset": offset, "limit": 2}).json()
        assert page["total"] == 5
        seen += [row["code"] for row in page["clips"]]
    assert len(seen) == 5
    assert set(seen) == set(made)


def many(site: Site, n_clips: int) -> list[str]:
    """Put clips that wait into the catalog, a third of them in quarantine; return the order of the list."""
    pattern = make_clip(site.catalog, seed=99, n_frames=1)
    clips = [
        replace(
            pattern,
            code=f"01-{k:064x}",
            source_key=f"{k:064x}",
            created_at=pattern.created_at + timedelta(seconds=(k * 7 % n_clips) // 3),
            state=("quarantined", "gated", "written")[k % 3],
        )
        for k in range(n_clips)
    ]
    site.catalog.write(lambda c: [insert_clip(c, clip, [Frame(clip.code, 0, "", "", 0)]) for clip in clips])
    place = {state: n for n, state in enumerate(("quarantined", "written", "gated"))}
    return [c.code for c in sorted(clips, key=lambda c: (place[c.state], c.created_at, c.code))]


def after(row: dict[str, str]) -> str:
    return f"{row['state']}:{row['code']}"


def test_450_clips_are_paged_through_while_others_decide(site: Site, rita: TestClient) -> None:
    wanted = many(site, 450)
    seen: list[str] = []
    last: dict[str, str] = {}
    for length in (200, 200, 50, 0):
        place = {"after": after(last)} if last else {}
        page = rita.get("/api/review", params={"limit": 200, **place}).json()
        assert len(page["clips"]) == length
        seen += [row["code"] for row in page["clips"]]
        last = page["clips"][-1] if page["clips"] else last
        # Somebody else decides on clips of this page, the last one among them.
        for code in (seen[-1], seen[-2]):
            site.catalog.write(partial(set_state, code=code, state="approved"))
    assert seen == wanted
    assert page["total"] == 450 - 6
    assert page["counts"]["approved"] == len(site.clips) + 1 + 6


@pytest.mark.parametrize(
    "place", ["", "gated", "lost:01-" + "0" * 64, "gated:01-" + "g" * 64, "gated:../" * 9]
)
def test_a_place_that_is_none(site: Site, rita: TestClient, place: str) -> None:
    assert rita.get("/api/review", params={"after": place}).status_code == 422
    missing = rita.get("/api/review", params={"after": f"gated:01-{'0' * 64}"})
    assert missing.status_code == 404
