"""Put a home in order after a run, or a reviewer's decision, that was killed half-way.

Rows decide. Files that no row stands behind go: drafts of dead runs, files of an approval that was not
written, held files of a clip that is approved or rejected by now, with what only that decision needed. Only
clips that were being changed are looked at; all of them once in a home of before such marks were kept.
"""

from collections.abc import Iterator

from unisono.base.errors import NotFoundError
from unisono.catalog.clips import clip_by_code
from unisono.catalog.db import Catalog
from unisono.catalog.inventory import next_page, stock_of
from unisono.catalog.names import CLIP_CODE
from unisono.ingest.run.forgetting import forget

HOLDING = ("written", "gated", "quarantined")
DECIDED = ("approved", "rejected")
CODE_LENGTH = 67


def sweep(catalog: Catalog) -> int:
    """Delete what interrupted work left behind; return how many files and folders that were."""
    files = catalog.files
    swept = files.drop_pending()
    with files.alone():
        swept += sum(_settle_staged(catalog, code, version) for code, version in files.staged())
        marked = files.marked()
        for code in _all_open(catalog) if marked is None else marked:
            swept += _settle(catalog, code)
        files.keep_marks()
        files.settle(marked or ())
    return swept


def clip_in_name(name: str) -> str:
    """Return the code of the clip that a file belongs to by its name, empty if to none."""
    code = name.rpartition("/")[2][:CODE_LENGTH]
    return code if CLIP_CODE.match(code) else ""


def _settle_staged(catalog: Catalog, code: str, version: int) -> int:
    # The rows were written after the frames were staged: where they speak of them, the move is finished.
    try:
        with catalog.read() as connection:
            clip = clip_by_code(connection, code)
    except NotFoundError:
        clip = None
    if clip is not None and clip.state in HOLDING and clip.mask_version == version:
        catalog.files.unstage_clip(code, version, clip.pack_sha256)
    else:
        catalog.files.drop_staged(code, version)
    return 1


def _all_open(catalog: Catalog) -> Iterator[str]:
    """Yield every clip whose files could be on the wrong side: those not approved, and files of no clip."""
    after = ""
    while True:
        with catalog.read() as connection:
            page = next_page(connection, after, without=("approved",))
        if not page:
            break
        yield from (stock.code for stock in page)
        after = page[-1].code
    for names in catalog.files.store(held=True).listing():
        yield from sorted({clip_in_name(name) for name in names} - {""})


def _settle(catalog: Catalog, code: str) -> int:
    files = catalog.files
    with catalog.read() as connection:
        stock = stock_of(connection, [code]).get(code)
        clip = clip_by_code(connection, code) if stock else None
    if clip is not None and clip.state in DECIDED:
        forget(catalog, clip)
    state = stock.state if stock else ""
    held = files.names_of(code, held=True)
    if state == "approved":
        return files.drop_names(held, held=True)
    shown = files.names_of(code)
    if state not in HOLDING:
        return files.drop_names(held, held=True) + files.drop_names(shown, held=False)
    # A clip that nobody approved leaves everybody's sight, but not with its only copy.
    if {name for name in shown if name.endswith(".png")} <= set(held):
        files.drop_names(shown, held=False)
    else:
        files.withdraw_clip(code)
    return len(shown)
