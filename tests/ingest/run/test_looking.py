"""One clip as a reviewer sees it; `tests/web/routes/test_review.py` asks for it over the web."""

from functools import partial
from pathlib import Path

import pytest

from tests.ingest import makers
from tests.make import make_clip
from unisono.annotate.run import Catalog
from unisono.base.errors import NotFoundError
from unisono.catalog.clips import set_state
from unisono.ingest.run import ingest, looking
from unisono.ingest.run.review import approve


@pytest.fixture
def code(catalog: Catalog, tmp_path: Path) -> str:
    source = makers.write_dicom(tmp_path / "a.dcm", makers.loop(2))
    (made,) = ingest(catalog, [source], "01", workers=1, policy="person", isolated=False).codes
    return made


def test_a_clip_is_shown_with_its_mask_before_and_after_a_decision(catalog: Catalog, code: str) -> None:
    seen = looking.look(catalog, code, "rev-1")
    assert seen.has_evidence
    assert seen.outline
    assert seen.decisions == ()
    approve(catalog, code, "rev-1")
    after = looking.look(catalog, code, "rev-1")
    assert not after.has_evidence
    assert after.outline == seen.outline
    assert [d.decision for d in looking.decisions_on(catalog, code)] == ["approve"]
    assert looking.evidence_of(catalog, code, "rev-1") is None


def test_a_clip_that_came_without_a_mask_has_no_outline(catalog: Catalog) -> None:
    clip = make_clip(catalog)
    seen = looking.look(catalog, clip.code, "rev-1")
    assert (seen.outline, seen.corners, seen.has_evidence) == ((), (), False)


def test_the_list_has_one_state_or_all_that_wait(catalog: Catalog, code: str) -> None:
    other = make_clip(catalog, seed=5).code
    catalog.write(partial(set_state, code=other, state="quarantined"))
    page = looking.listed(catalog)
    assert [w.clip.code for w in page.clips] == [other, code]
    assert page.clips[0].held
    assert (page.total, page.counts["quarantined"]) == (2, 1)
    assert looking.listed(catalog, ("approved",)).clips == ()


def test_what_is_not_there(catalog: Catalog) -> None:
    for ask in (looking.look, looking.evidence_of):
        with pytest.raises(NotFoundError):
            ask(catalog, "01-none", "rev-1")
