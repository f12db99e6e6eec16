from functools import partial

import pytest
import sqlalchemy as sa

from tests.make import make_clip
from unisono.annotate.run import Catalog
from unisono.base.errors import ConflictError
from unisono.catalog import evidence as rows
from unisono.catalog.clips import clip_by_code
from unisono.catalog.rows import now


def test_masks_are_versions_and_the_newest_is_in_force(catalog: Catalog) -> None:
    code = make_clip(catalog).code
    for version, source in ((1, "fan"), (2, "drawn")):
        mask = rows.Mask(code, version, b"png", {"source": source}, "ingest", now())
        catalog.write(partial(rows.insert_mask, mask=mask))
    with catalog.read() as connection:
        assert rows.mask_of(connection, code).record == {"source": "drawn"}
        clip = clip_by_code(connection, code)
    assert (clip.mask_version, clip.mask) == (2, {"source": "drawn"})
    with pytest.raises(ConflictError, match=r"next mask of clip .* is 3; got 2"):
        catalog.write(partial(rows.insert_mask, mask=mask))


def test_verdicts_and_inspections_are_only_appended(catalog: Catalog) -> None:
    code = make_clip(catalog).code
    box = {"x0": 1, "y0": 2, "x1": 3, "y1": 4}
    for verdict in ("not run", "text"):
        row = rows.GateVerdict(code, 1, verdict, (box,), "engine", now())
        catalog.write(partial(rows.insert_verdict, verdict=row))
    for by, decision in (("expert-1", "reject"), ("expert-2", "approve")):
        inspection = rows.Inspection(code, 1, by, decision, "", now())
        catalog.write(partial(rows.insert_inspection, inspection=inspection))
    with catalog.read() as connection:
        newest = rows.verdict_of(connection, code, 1)
        assert newest is not None
        assert (newest.verdict, newest.boxes) == ("text", (box,))
        assert rows.verdict_of(connection, code, 2) is None
        assert [i.by for i in rows.inspections_of(connection, code)] == ["expert-1", "expert-2"]
        assert rows.approvals(connection, [code, "nobody"]) == {code: "expert-2"}
    for table in ("gate", "inspection"):
        with pytest.raises(sa.exc.DBAPIError, match="never changed or deleted"):
            catalog.write(lambda c, table=table: c.execute(sa.text(f"delete from {table}")))  # noqa: S608  # our names
