"""The audit log of a review says who did what."""

from datetime import UTC, datetime
from functools import partial
from typing import get_args

from tests.make import make_clip
from unisono.catalog import evidence as rows
from unisono.catalog.db import Catalog
from unisono.ingest.run.review import vault_of
from unisono.ingest.run.trail import Done, Shown, put_on_record
from unisono.web.wire_review import Decision

CODE = f"01-{1:064x}"


def test_an_entry_says_what_by_whom_when_on_which_clip_and_no_more(catalog: Catalog) -> None:
    begin = datetime.now(UTC)
    with vault_of(catalog) as vault:
        for what in (*get_args(Shown), *get_args(Done)):
            put_on_record(vault, what, CODE, "rev-1")
        log = vault.audit()
    assert [e["what"] for e in log] == [*get_args(Shown), *get_args(Done)]
    for entry in log:
        assert set(entry) == {"action", "what", "by", "code", "at"}
        assert (entry["action"], entry["by"], entry["code"]) == ("review", "rev-1", CODE)
        assert begin <= datetime.fromisoformat(entry["at"]) <= datetime.now(UTC)


def test_the_history_takes_every_verb_that_the_log_has(catalog: Catalog) -> None:
    code = make_clip(catalog).code
    for what in get_args(Done):
        row = rows.Inspection(code, 1, "rev-1", what, "", datetime.now(UTC))
        catalog.write(partial(rows.insert_inspection, inspection=row))
    with catalog.read() as connection:
        assert [d.decision for d in rows.inspections_of(connection, code)] == list(get_args(Done))
    assert set(get_args(Decision.model_fields["decision"].annotation)) == set(get_args(Done))
