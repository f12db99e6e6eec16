"""Rows of the JSON files of a release."""

import json

import pytest

from tests.release.make import make_clip_facts
from unisono.base.errors import ReleaseError
from unisono.release.facts import ExpertFacts, clips_from_json, clips_to_json, rows_from_json


def test_clips_come_back_sorted_by_code() -> None:
    clips = [make_clip_facts(s) for s in (1, 2, 3)]
    found = clips_from_json(json.loads(json.dumps(clips_to_json(clips))))
    assert found == tuple(sorted(clips, key=lambda c: c.code))


def test_nothing_of_the_site_is_in_a_clip() -> None:
    (row,) = clips_to_json([make_clip_facts(1)])
    assert not row.keys() & {"source_key", "created_at", "pack_sha256", "path"}


@pytest.mark.parametrize(
    "raw", [{}, [1], [{"pseudonym": "a"}], [{"pseudonym": "a", "simulated": 1, "name": "b"}]]
)
def test_other_rows_are_refused(raw: object) -> None:
    with pytest.raises(ReleaseError, match=r"experts\.json: e"):
        rows_from_json(raw, ExpertFacts, "experts.json")
