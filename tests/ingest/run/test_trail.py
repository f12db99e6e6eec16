"""The audit log of a review says who did what, and whose looks count as having been shown a clip."""

from datetime import UTC, datetime
from typing import get_args

from unisono.catalog.db import Catalog
from unisono.ingest.run.review import vault_of
from unisono.ingest.run.trail import Done, Shown, last_looks, put_on_record

CODES = [f"01-{k:064x}" for k in range(4)]


def test_an_entry_says_what_by_whom_when_on_which_clip_and_no_more(catalog: Catalog) -> None:
    begin = datetime.now(UTC)
    with vault_of(catalog) as vault:
        for what in (*get_args(Shown), *get_args(Done)):
            put_on_record(vault, what, CODES[0], "rev-1")
        log = vault.audit()
    assert [e["what"] for e in log] == [*get_args(Shown), *get_args(Done)]
    for entry in log:
        assert set(entry) == {"action", "what", "by", "code", "at"}
        assert (entry["action"], entry["by"], entry["code"]) == ("review", "rev-1", CODES[0])
        assert begin <= datetime.fromisoformat(entry["at"]) <= datetime.now(UTC)


def test_the_last_look_of_the_right_person_counts_and_no_deed_does(catalog: Catalog) -> None:
    with vault_of(catalog) as vault:
        put_on_record(vault, "after", CODES[0], "rev-1")
        put_on_record(vault, "frames", CODES[0], "rev-1")
        put_on_record(vault, "sheet", CODES[1], "rev-2")
        put_on_record(vault, "redraw", CODES[2], "rev-1")
        put_on_record(vault, "before", CODES[3], "rev-1")
        vault.append_audit(
            {"action": "identify", "by": "rev-1", "code": CODES[1], "at": "2026", "reason": "x"}
        )
        log = vault.audit()
        assert last_looks(vault, "rev-1") == {CODES[0]: log[1]["at"]}
        assert last_looks(vault, "rev-2") == {CODES[1]: log[2]["at"]}
