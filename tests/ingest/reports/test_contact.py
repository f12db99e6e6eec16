"""Contact sheets: what they show, and that nothing on them is more than text and pictures."""

from datetime import UTC, datetime

import cv2
import numpy as np
import pytest

from unisono.ingest.reports.contact import OnSheet, SheetRow, contact_sheet, on_sheet, small_jpeg

GREY = bytes(cv2.imencode(".png", np.full((300, 1280), 90, np.uint8))[1])
AT = datetime(2026, 11, 21, 18, 5, 0, 123, UTC)
BOX = {"x0": 1.0, "y0": 2.0, "x1": 31.0, "y1": 12.0}


def row(**changes: object) -> SheetRow:
    given: dict[str, object] = {
        "code": "01-aa", "state": "gated", "verdict": "passed", "held": "", "rows": 300, "columns": 1280,
        "facts": (("mask", "fan"),), "outline": (((0.0, 0.0), (9.0, 0.0), (9.0, 9.0)),), "boxes": (BOX,),
        "after_png": GREY,
    }  # fmt: skip
    return SheetRow(**{**given, **changes})  # type: ignore[arg-type]


def test_outline_and_boxes_lie_over_the_picture_in_its_pixels() -> None:
    page = contact_sheet([row()], title="t", made_at=AT, is_confidential=False)
    assert 'viewBox="-0.5 -0.5 1280 300"' in page
    assert 'd="M0 0L9 0L9 9Z"' in page
    assert '<rect class="box" x="1" y="2" width="30" height="10"/>' in page
    assert "before they were de-identified" not in page


def test_before_is_there_only_when_it_was_given() -> None:
    page = contact_sheet([row(before_png=GREY), row()], title="t", made_at=AT, is_confidential=True)
    assert page.count("<figcaption>before") == 1
    assert page.count("<figcaption>after") == 2
    assert "before they were de-identified" in page


def test_a_clip_without_a_picture_says_where_it_is() -> None:
    page = contact_sheet([row(after_png=b"")], title="t", made_at=AT, is_confidential=False)
    assert "data:image" not in page
    assert "Not on this sheet" in page


def test_what_was_read_is_text_and_nothing_else() -> None:
    nasty = "<script>alert(1)</script>"
    page = contact_sheet(
        [row(code=nasty, texts=(nasty,), held=nasty, facts=((nasty, nasty),))],
        title=nasty,
        made_at=AT,
        is_confidential=True,
    )
    assert "<script>" not in page
    assert page.count("&lt;script&gt;") >= 6


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_sheet_says_when_it_was_made_and_which_masks_it_shows(*, is_kept: bool) -> None:
    clips = [
        row(mask_version=3),
        row(code="01-bb", after_png=b""),
        row(code="01-cc", after_png=b"broken", before_png=GREY),
        row(code="01-dd", facts=(('<section class="clip" id="01-ee" data-mask="1">', "x"),)),
    ]
    page = contact_sheet(clips, title="t", made_at=AT, is_confidential=True, is_kept=is_kept)
    assert on_sheet(page) == OnSheet(AT, {"01-aa": 3, "01-dd": 1})


@pytest.mark.parametrize(
    "text",
    [
        "", "<!doctype html><html>", '<!doctype html><html lang="en" data-made="2026-11-21T18:05:00">',
        '<!doctype html><html lang="en" data-made="99">',
        ' <!doctype html><html lang="en" data-made="2026-11-21T18:05:00+00:00">',
    ],
)  # fmt: skip
def test_another_file_is_no_sheet(text: str) -> None:
    assert on_sheet(text) is None


def test_a_picture_is_small_and_keeps_its_shape() -> None:
    image = cv2.imdecode(np.frombuffer(small_jpeg(GREY, 640), np.uint8), cv2.IMREAD_COLOR)
    assert image.shape == (150, 640, 3)
    assert small_jpeg(b"") == small_jpeg(b"no picture") == b""


def test_nobody_prints_a_picture_by_accident() -> None:
    assert "SECRET" not in repr(row(dark_before_png=b"SECRET", dark_after_png=b"SECRET"))
    assert "SECRET" not in repr(row(texts=("SECRET",), before_png=b"SECRET"))
