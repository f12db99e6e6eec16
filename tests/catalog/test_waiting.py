"""Lists of clips by state: counted, in the order of their urgency, page by page, on both databases."""

from functools import partial

import pytest

from tests.make import make_clip
from unisono.annotate.run import Catalog
from unisono.base.errors import ConflictError, NotFoundError
from unisono.catalog import waiting
from unisono.catalog.clips import set_state
from unisono.catalog.evidence import GateVerdict, insert_verdict
from unisono.catalog.rows import now

STATES = ("gated", "approved", "quarantined", "written", "quarantined")


@pytest.fixture
def codes(catalog: Catalog) -> list[str]:
    made = [make_clip(catalog, seed=seed).code for seed in range(len(STATES))]
    for code, state in zip(made, STATES, strict=True):
        catalog.write(partial(set_state, code=code, state=state))
    return made


def test_clips_are_counted_and_listed_most_urgent_first(catalog: Catalog, codes: list[str]) -> None:
    with catalog.read() as connection:
        counts = waiting.count_states(connection)
        pages = [
            waiting.clips_by_urgency(connection, ("gated", "written", "quarantined"), offset, 2)
            for offset in (0, 2, 4)
        ]
    assert counts == {"written": 1, "gated": 1, "approved": 1, "quarantined": 2, "rejected": 0}
    assert [c.code for page in pages for c in page] == [codes[k] for k in (2, 4, 3, 0)]


def test_the_newest_verdict_on_the_mask_in_force_counts(catalog: Catalog, codes: list[str]) -> None:
    for verdict, version in (("passed", 1), ("text", 1), ("identifier", 2)):
        row = GateVerdict(codes[0], version, verdict, (), "made", now())
        catalog.write(partial(insert_verdict, verdict=row))
    with catalog.read() as connection:
        clips = waiting.clips_by_urgency(connection, ("gated", "written"))
        assert {k: v.verdict for k, v in waiting.verdicts_of(connection, clips).items()} == {codes[0]: "text"}


def test_a_code_is_found_by_its_beginning(catalog: Catalog, codes: list[str]) -> None:
    with catalog.read() as connection:
        assert waiting.code_beginning(connection, codes[1][:12]) == codes[1]
        with pytest.raises(ConflictError, match="several"):
            waiting.code_beginning(connection, "01-")
        for beginning in ("02-", "01-%", "0_-"):
            with pytest.raises(NotFoundError):
                waiting.code_beginning(connection, beginning)
