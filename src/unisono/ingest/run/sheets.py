"""Contact sheets on the disk, and the approval of all that one showed and the text gate passed.

A sheet shows clips unmasked only inside ``home/quarantine``, a folder closed to everybody else that says
what it holds.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from unisono.base.errors import CatalogError, ConflictError, NotFoundError, SettingsError
from unisono.catalog import evidence as rows
from unisono.catalog.clips import Clip
from unisono.catalog.db import Catalog
from unisono.ingest.masks.drawn import decode_mask
from unisono.ingest.masks.outline import outlines
from unisono.ingest.reports.contact import SheetRow, contact_sheet
from unisono.ingest.run.looking import listed
from unisono.ingest.run.review import (
    WAITING,
    Waiting,
    approve,
    check_open,
    evidence,
    one_waiting,
    vault_of,
)
from unisono.ingest.run.trail import last_looks

MOST_ON_A_SHEET = 200
README = """This folder holds pictures of patients from before they were de-identified.

Only the person who reviews recordings may open it. Nothing in it may be copied, mailed or backed up to
another place. Delete a sheet when its review is done; unisono can make it again while the clips wait.
"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that was written: where, with how many clips, and whether it shows them unmasked."""

    path: Path
    clips: int
    is_confidential: bool


@dataclass(frozen=True, slots=True)
class Swept:
    """What deciding on many clips came to: codes that it was done to, and why not to each of the others."""

    done: tuple[str, ...]
    left: tuple[tuple[str, str], ...]


def quarantine_folder(home: Path) -> Path:
    """Return the folder for what is not de-identified, made and closed to others."""
    folder = home / "quarantine"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    note = folder / "README.txt"
    if not note.exists():
        _write(note, README)
    return folder


def sheet(catalog: Catalog, out: Path, by: str, codes: Sequence[str] = (), *, offset: int = 0) -> Sheet:
    """Write a contact sheet of the clips that wait, or of those named; each look goes to the audit log.

    Parameters
    ----------
    catalog : Catalog
    out : pathlib.Path
        Inside ``home/quarantine`` it shows clips before and after their mask, with what the gate read.
        Anywhere else only after, and only of clips whose gate passed.
    by : str
        Pseudonym of who looks.
    codes : sequence of str, optional
    offset : int, default=0
        Where on the list to begin; a sheet has up to 200 clips.

    Raises
    ------
    NotFoundError
        If a clip is not there.
    CatalogError
        If the file cannot be written.
    """
    inside = quarantine_folder(catalog.settings.home).resolve()
    is_confidential = out.resolve().is_relative_to(inside)
    found = _found(catalog, codes, offset)
    shown = [_row(catalog, one, by, is_confidential=is_confidential) for one in found]
    title = f"{len(shown)} clips that wait for a review"
    try:
        out.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(out, contact_sheet(shown, title=title, is_confidential=is_confidential))
    except OSError as error:
        raise CatalogError(f"the sheet cannot be written: {error.strerror}") from None
    return Sheet(out, len(shown), is_confidential)


def approve_passed(catalog: Catalog, by: str, reason: str = "") -> Swept:
    """Approve the clips whose text gate passed and whose picture this person was shown, and no others.

    Raises
    ------
    NotFoundError
        If there is no vault.
    """
    return approve_shown(catalog, [found.clip.code for found in _all_passed(catalog)], by, reason)


def approve_shown(catalog: Catalog, codes: Sequence[str], by: str, reason: str = "") -> Swept:
    """Approve clips, each only if this person was shown it as it would leave, under the mask in force.

    Raises
    ------
    NotFoundError
        If there is no vault.
    """
    with vault_of(catalog) as vault:
        looks = last_looks(vault, by)
    approved, left = [], []
    for code in codes:
        try:
            clip = one_waiting(catalog, code).clip
            check_open(clip)
            _check_shown(catalog, clip, looks.get(code, ""))
            approve(catalog, code, by, reason, mask_version=clip.mask_version)
            approved.append(code)
        except (ConflictError, NotFoundError, SettingsError) as error:
            left.append((code, str(error)))
    return Swept(tuple(approved), tuple(left))


def _check_shown(catalog: Catalog, clip: Clip, looked_at: str) -> None:
    with catalog.read() as connection:
        made_at = rows.mask_of(connection, clip.code).at.isoformat()
    if looked_at < made_at:
        raise ConflictError("nobody of that name was shown it as it is now; make a sheet of it first")


def _all_passed(catalog: Catalog) -> list[Waiting]:
    found: list[Waiting] = []
    offset, total = 0, 1
    while offset < total:
        page = listed(catalog, ("gated",), offset=offset, limit=MOST_ON_A_SHEET)
        found += [one for one in page.clips if one.verdict == "passed"]
        offset, total = offset + MOST_ON_A_SHEET, page.total
    return found


def _found(catalog: Catalog, codes: Sequence[str], offset: int) -> list[Waiting]:
    if codes:
        return [one_waiting(catalog, code) for code in codes]
    return list(listed(catalog, WAITING, offset=offset, limit=MOST_ON_A_SHEET).clips)


def _row(catalog: Catalog, found: Waiting, by: str, *, is_confidential: bool) -> SheetRow:
    clip = found.clip
    row = SheetRow(
        code=clip.code,
        state=clip.state,
        verdict=found.verdict,
        held=found.held,
        rows=clip.rows,
        columns=clip.columns,
        facts=facts(clip),
        boxes=found.boxes,
    )
    if not is_confidential and found.verdict != "passed":
        return row
    try:
        seen = evidence(catalog, clip.code, by, "sheet" if is_confidential else "masked sheet")
    except NotFoundError:
        return row
    return replace(
        row,
        outline=outlines(decode_mask(seen.mask_png)),
        texts=seen.texts if is_confidential else (),
        before_png=seen.before_png if is_confidential else b"",
        after_png=seen.after_png,
        dark_before_png=seen.dark_before_png if is_confidential else b"",
        dark_after_png=seen.dark_after_png,
    )


def facts(clip: Clip) -> tuple[tuple[str, str], ...]:
    """Return what may be told of a clip that nobody approved yet, each with its name."""
    mask = clip.mask
    coverage = f", {mask['coverage']:.0%} of the frame" if "coverage" in mask else ""
    spacing = clip.spacing_mm
    pixel = f"{spacing[0]:.3f} x {spacing[1]:.3f} mm" if spacing else "not calibrated"
    told = [
        ("mask", f"{mask.get('source', '-')}{coverage}, version {clip.mask_version}"),
        ("frames", f"{clip.n_frames} of {clip.columns} x {clip.rows}"),
        ("times", clip.timing),
        ("pixel", pixel),
        ("decoder", clip.decoder),
        ("kind", f"{clip.kind}, class {clip.dataset_class}"),
    ]
    told += [(name.replace("_", " "), _in_words(name, value)) for name, value in sorted(clip.header.items())]
    if mask.get("warning"):
        told.append(("look at", str(mask["warning"])))
    return tuple(told)


def _in_words(name: str, value: object) -> str:
    """Return DICOM's shorthand in words: 065Y, and 00 or 01 for pixels never or once compressed with loss."""
    said = str(value)
    if name == "lossy":
        return {"00": "no", "01": "yes"}.get(said, said)
    unit = {"Y": "years", "M": "months", "W": "weeks", "D": "days"}.get(said[-1:], "")
    return f"{int(said[:-1])} {unit}" if name == "age" and unit and said[:-1].isdecimal() else said


def _write(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.tmp")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
