"""Whose eyes were on a clip, and the approvals that need that.

A picture that was sent was not seen for that: the page fetches the next clip ahead, and a contact sheet that
was written may never be opened. What counts is a look: the page says so once a masked picture stood on the
visible screen for a moment, or a person says which sheet it was on, by naming the file with the approval. A
look holds for one person, one clip and one mask.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from unisono.base.errors import ConflictError, NotFoundError, SettingsError
from unisono.catalog import evidence as rows
from unisono.catalog.clips import Clip
from unisono.catalog.db import Catalog
from unisono.catalog.rows import now
from unisono.ingest.reports.contact import OnSheet
from unisono.ingest.run.looking import listed
from unisono.ingest.run.review import Waiting, approve, check_open, check_seen, one_waiting, vault_of
from unisono.ingest.run.trail import put_on_record

PAGE = 200
UNSEEN = (
    "nobody of that name was shown it as it is now; look at it in the page, or make a sheet, look at that "
    "and name it: --sheet FILE"
)


@dataclass(frozen=True, slots=True)
class Swept:
    """What deciding on many clips came to: codes that it was done to, and why not to each of the others."""

    done: tuple[str, ...]
    left: tuple[tuple[str, str], ...]


def look_at(catalog: Catalog, code: str, by: str, mask_version: int) -> None:
    """Note that a person had a clip's masked picture on the screen; it is written to the audit log first.

    Raises
    ------
    NotFoundError
        If there is no such clip.
    ConflictError
        If its pixels are deleted, or the mask in force is another one.
    """
    clip = one_waiting(catalog, code).clip
    if clip.state == "rejected":
        raise ConflictError(f"clip {code} is rejected already")
    check_seen(clip, mask_version)
    _note_look(catalog, clip, by, "on the screen")


def look_on_sheet(catalog: Catalog, code: str, by: str, sheet: OnSheet) -> None:
    """Note that a person says to have looked at a clip on a sheet; it is written to the audit log first.

    Raises
    ------
    NotFoundError
        If there is no such clip, or it came without a mask.
    ConflictError
        If somebody decided on it, or the sheet does not show it as it is now.
    """
    clip = one_waiting(catalog, code).clip
    check_open(clip)
    if code not in sheet.masks:
        raise ConflictError("its masked picture is not on that sheet")
    check_seen(clip, sheet.masks[code])
    with catalog.read() as connection:
        verdict = rows.verdict_of(connection, code, clip.mask_version)
        newest = max([rows.mask_of(connection, code).at, *([verdict.at] if verdict else [])])
    if sheet.made_at < newest:
        raise ConflictError("that sheet is older than what is known of it now; make it anew and look again")
    _note_look(catalog, clip, by, "on a sheet")


def _note_look(catalog: Catalog, clip: Clip, by: str, where: str) -> None:
    with vault_of(catalog) as vault:
        put_on_record(vault, "look", clip.code, by)
    look = rows.Inspection(clip.code, clip.mask_version, by, "look", where, now())

    def write(connection: sa.Connection) -> None:
        if not rows.has_looked(connection, clip.code, by, clip.mask_version):
            rows.insert_inspection(connection, look)

    catalog.write(write)


def approve_seen(catalog: Catalog, code: str, by: str, reason: str = "", *, mask_version: int) -> None:
    """Approve a clip that this person had before the eyes as it would leave.

    Raises
    ------
    ConflictError
        If not, or for what `approve` refuses.
    SettingsError
        If the gate saw text and no reason is given why it is harmless.
    """
    clip = one_waiting(catalog, code).clip
    check_open(clip)
    check_seen(clip, mask_version)
    with catalog.read() as connection:
        if not rows.has_looked(connection, code, by, mask_version):
            raise ConflictError(UNSEEN)
    approve(catalog, code, by, reason, mask_version=mask_version)


def approve_passed(catalog: Catalog, by: str, reason: str = "", *, sheet: OnSheet | None = None) -> Swept:
    """Approve the clips whose text gate passed and that this person saw, and no others."""
    codes = [found.clip.code for found in _all_passed(catalog)]
    return approve_shown(catalog, codes, by, reason, sheet=sheet)


def approve_shown(
    catalog: Catalog, codes: Sequence[str], by: str, reason: str = "", *, sheet: OnSheet | None = None
) -> Swept:
    """Approve clips, each only if this person saw it under the mask in force.

    Parameters
    ----------
    catalog : Catalog
    codes : sequence of str
    by, reason : str
    sheet : OnSheet, optional
        Of which this person says to have looked at it.
    """
    approved, left = [], []
    for code in codes:
        try:
            if sheet is not None and not _has_looked(catalog, code, by):
                look_on_sheet(catalog, code, by, sheet)
            clip = one_waiting(catalog, code).clip
            approve_seen(catalog, code, by, reason, mask_version=clip.mask_version)
            approved.append(code)
        except (ConflictError, NotFoundError, SettingsError) as error:
            left.append((code, str(error)))
    return Swept(tuple(approved), tuple(left))


def _has_looked(catalog: Catalog, code: str, by: str) -> bool:
    clip = one_waiting(catalog, code).clip
    with catalog.read() as connection:
        return rows.has_looked(connection, code, by, clip.mask_version)


def _all_passed(catalog: Catalog) -> list[Waiting]:
    found: list[Waiting] = []
    offset, total = 0, 1
    while offset < total:
        page = listed(catalog, ("gated",), offset=offset, limit=PAGE)
        found += [one for one in page.clips if one.verdict == "passed"]
        offset, total = offset + PAGE, page.total
    return found
