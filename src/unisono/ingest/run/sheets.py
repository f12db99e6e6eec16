"""Contact sheets on the disk.

A sheet shows clips unmasked only inside ``home/quarantine``, a folder closed to everybody else that says
what it holds. Writing one is no look: whoever has opened and looked at it says so, by naming the file.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from unisono.base.errors import CatalogError, NotFoundError, SettingsError
from unisono.catalog.clips import Clip
from unisono.catalog.db import Catalog
from unisono.catalog.rows import now
from unisono.ingest.masks.drawn import decode_mask
from unisono.ingest.masks.outline import outlines
from unisono.ingest.reports.contact import OnSheet, SheetRow, contact_sheet, on_sheet
from unisono.ingest.run.looking import listed
from unisono.ingest.run.review import (
    WAITING,
    Waiting,
    evidence,
    one_waiting,
)

MOST_ON_A_SHEET = 200
README = """This folder holds pictures of patients from before they were de-identified.

Only the person who reviews recordings may open it. Nothing in it may be copied, mailed or backed up to
another place. A clip goes from its sheets, and its original from here, once somebody decided on it; delete
sheets that were made to be kept yourself. `unisono vault identify` tells whose an original is, on record.
"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that was written: where, with how many clips, and whether it shows them unmasked."""

    path: Path
    clips: int
    is_confidential: bool


def quarantine_folder(home: Path) -> Path:
    """Return the folder for what is not de-identified, made and closed to others."""
    folder = home / "quarantine"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    note = folder / "README.txt"
    if not note.exists():
        _write(note, README)
    return folder


def sheet(
    catalog: Catalog, out: Path, by: str, codes: Sequence[str] = (), *, offset: int = 0, keep: bool = False
) -> Sheet:
    """Write a contact sheet of the clips that wait, or of those named; what it shows goes to the audit log.

    Parameters
    ----------
    catalog : Catalog
    out : pathlib.Path
        Inside ``home/quarantine`` it shows clips before and after their mask, with what the gate read.
        Anywhere else only after, and only of clips whose gate passed.
    by : str
        Pseudonym of who makes it.
    codes : sequence of str, optional
    offset : int, default=0
        Where on the list to begin; a sheet has up to 200 clips.
    keep : bool, default=False
        Leave it as it is when its clips are decided on; else each goes from it then, when it lies inside
        ``home/quarantine``.

    Raises
    ------
    NotFoundError
        If a clip is not there.
    CatalogError
        If the file cannot be written.
    """
    inside = quarantine_folder(catalog.settings.home).resolve()
    is_confidential = out.resolve().is_relative_to(inside)
    made_at = now()
    found = _found(catalog, codes, offset)
    shown = [_row(catalog, one, by, is_confidential=is_confidential) for one in found]
    title = f"{len(shown)} clips that wait for a review"
    try:
        out.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        page = contact_sheet(
            shown, title=title, made_at=made_at, is_confidential=is_confidential, is_kept=keep
        )
        _write(out, page)
    except OSError as error:
        raise CatalogError(f"the sheet cannot be written: {error.strerror}") from None
    return Sheet(out, len(shown), is_confidential)


def read_sheet(path: Path) -> OnSheet:
    """Return what a sheet shows that `sheet` wrote, and that a person says to have looked at.

    Raises
    ------
    CatalogError
        If the file cannot be read.
    SettingsError
        If it is no sheet.
    """
    try:
        found = on_sheet(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CatalogError(f"the sheet cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        found = None
    if found is None:
        raise SettingsError("that file is no contact sheet; make one: unisono review sheet")
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
        mask_version=clip.mask_version,
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
    if clip.part:
        told.insert(2, ("part", _place_of(clip.part)))
    told += [(name.replace("_", " "), _in_words(name, value)) for name, value in sorted(clip.header.items())]
    if mask.get("warning"):
        told.append(("look at", str(mask["warning"])))
    return tuple(told)


def _place_of(part: dict[str, Any]) -> str:
    begins = "" if part["start_s"] is None else f", {part['start_s']:.1f} s"
    return f"{part['number']} of {part['of']}, from frame {part['first_frame']} of the recording{begins}"


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
