"""Which places lie on accepted ones: known boxes on a small frame."""

from collections.abc import Sequence
from functools import partial

import pytest

from tests.make import make_clip
from unisono.annotate.run import Catalog
from unisono.catalog import evidence as rows
from unisono.catalog.rows import now
from unisono.ingest.gate.verdict import Hit
from unisono.ingest.run.accepted import accepted_boxes, are_accepted


def box(x0: int, y0: int, x1: int, y1: int, kind: str = "text") -> dict[str, object]:
    return {"x0": x0, "y0": y0, "x1": x1, "y1": y1, "score": 0.9, "kind": kind}


def hit(x0: int, y0: int, x1: int, y1: int, kind: str = "text") -> Hit:
    return Hit(x0, y0, x1, y1, 0.9, kind, "words")


OLD = [box(20, 20, 60, 36)]


@pytest.mark.parametrize(
    ("hits", "boxes", "is_known"),
    [
        ([hit(20, 20, 60, 36)], OLD, True),
        ([hit(16, 16, 64, 40)], OLD, True),
        ([hit(15, 20, 60, 36)], OLD, False),
        ([hit(20, 20, 65, 36)], OLD, False),
        ([hit(30, 24, 40, 30)], OLD, True),
        ([hit(20, 20, 60, 36), hit(80, 20, 95, 30)], OLD, False),
        ([hit(20, 20, 90, 36)], [*OLD, box(66, 20, 90, 36)], True),
        ([hit(20, 20, 60, 36, "identifier")], OLD, False),
        ([hit(20, 20, 60, 36)], [box(20, 20, 60, 36, "identifier")], True),
        ([hit(20, 20, 60, 36)], [box(20, 20, 60, 36, "own number")], False),
        ([hit(20, 20, 60, 36), hit(5, 5, 9, 9, "own number")], OLD, True),
        ([hit(2, 2, 10, 10)], [box(0, 0, 10, 10)], True),
        ([hit(99, 79, 98, 79)], [box(0, 0, 99, 79)], False),
        ([hit(5, 5, 9, 9, "own number")], OLD, False),
        ([hit(20, 20, 60, 36)], [], False),
        ([], OLD, False),
    ],
)
def test_a_place_is_known_when_it_lies_on_accepted_ones_and_is_no_worse(
    hits: Sequence[Hit], boxes: list[dict[str, object]], *, is_known: bool
) -> None:
    assert are_accepted(hits, boxes, 80, 100) is is_known


def see(catalog: Catalog, code: str, x0: int) -> None:
    verdict = rows.GateVerdict(code, 1, "text", (box(x0, 0, x0 + 9, 9),), "made", now())
    catalog.write(partial(rows.insert_verdict, verdict=verdict))


def do(catalog: Catalog, code: str, decision: str, by: str = "rev-1") -> None:
    row = rows.Inspection(code, 1, by, decision, "", now())  # type: ignore[arg-type]
    catalog.write(partial(rows.insert_inspection, inspection=row))


def test_what_was_accepted_is_what_was_found_when_a_person_approved_last(catalog: Catalog) -> None:
    clip = make_clip(catalog)

    def accepted() -> list[int]:
        with catalog.read() as connection:
            return [found["x0"] for found in accepted_boxes(connection, clip)]

    see(catalog, clip.code, 0)
    do(catalog, clip.code, "approve", "policy:none")
    assert accepted() == []
    do(catalog, clip.code, "approve")
    assert accepted() == [0]
    for x0 in (10, 20):
        do(catalog, clip.code, "recheck")
        see(catalog, clip.code, x0)
        assert accepted() == [0]
    do(catalog, clip.code, "approve")
    assert accepted() == [20]
