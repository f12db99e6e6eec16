"""The report of a run on the disk: ``report.json`` and ``report.html``, closed to other users.

A command that ends writes one of its own; a door that stays open keeps one a day.
"""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from unisono.base.errors import CatalogError, NotFoundError
from unisono.base.locks import locked
from unisono.catalog import evidence as rows
from unisono.catalog import waiting as lists
from unisono.catalog.clips import Clip, clip_by_code
from unisono.catalog.db import Catalog
from unisono.catalog.names import frame_code
from unisono.catalog.rows import now
from unisono.ingest.doors.inbox import private_folder
from unisono.ingest.identity.codes import derive_keys, site_secret
from unisono.ingest.identity.vault import Vault
from unisono.ingest.reports.contact import small_jpeg
from unisono.ingest.reports.report import IngestReport
from unisono.ingest.reports.report_page import RunReport, TakenClip, Told, report_page
from unisono.ingest.run.review import WAITING
from unisono.ingest.run.storing import STORE_ERRORS, why_unstorable

THUMBNAIL_PX = 200
MOST_THUMBNAILS, MOST_DAILY_THUMBNAILS = 200, 24
"""Pictures in a report; that of a day is written anew for each batch."""
Place = Callable[[str], str]
"""From the label of a source to where it lies now."""


def write_report(
    catalog: Catalog, found: IngestReport, *, seconds: float, policy: str, folder: Path | None = None
) -> Path:
    """Write what a run came to, and return the folder.

    Parameters
    ----------
    catalog : Catalog
    found : IngestReport
    seconds : float, s
        How long the run took.
    policy : str
        Who must look, in this run.
    folder : pathlib.Path, optional
        ``home/reports/<time>`` by default.

    Raises
    ------
    CatalogError
        If it cannot be written.
    """
    at = now()
    with _said():
        withheld, warnings = _named(catalog, found, str)
        report = RunReport(
            at=at.isoformat(timespec="seconds"),
            seconds=seconds,
            policy=policy,
            clips=_clips(catalog, found.codes, MOST_THUMBNAILS),
            known=found.known,
            withheld=withheld,
            warnings=warnings,
            waiting=_waiting(catalog),
            stopped=found.stopped,
            left=found.left,
        )
        target = folder or _free(private_folder(catalog.settings.home / "reports"), at)
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_both(target, report)
    return target


def add_to_daily(
    catalog: Catalog, found: IngestReport, *, door: str, seconds: float, place: Place = str
) -> Path:
    """Add what a batch came to to the report of a door's day, and return its folder.

    Parameters
    ----------
    catalog : Catalog
    found : IngestReport
    door : str
        ``receive-01``, for one.
    seconds : float, s
    place : callable, optional
        Where a source lies by now: what the vault shall tell who asks for it.

    Raises
    ------
    CatalogError
        If it cannot be written.
    """
    at = now()
    # Two commands of one door may run: each reads what the other wrote.
    with _said(), locked((folder := _daily(catalog, at, door)) / ".lock"):
        withheld, warnings = _named(catalog, found, place)
        before = _read(folder / "report.json")
        codes = [clip["code"] for clip in before.get("clips", [])] + list(found.codes)
        report = RunReport(
            at=at.isoformat(timespec="seconds"),
            seconds=before.get("seconds", 0.0) + seconds,
            policy=catalog.settings.review,
            clips=_clips(catalog, codes, MOST_DAILY_THUMBNAILS),
            known=before.get("known", 0) + found.known,
            withheld=_joined(before.get("withheld", []), withheld),
            warnings=_joined(before.get("warnings", []), warnings),
            waiting=_waiting(catalog),
        )
        _write_both(folder, report)
    return folder


def _named(catalog: Catalog, found: IngestReport, place: Place) -> tuple[tuple[Told, ...], tuple[Told, ...]]:
    home = catalog.settings.home
    keys = derive_keys(site_secret(home))
    paths = {w.path for w in found.withheld} | {w.path for w in found.warnings}
    with Vault(home, keys) as vault:
        vault.put_all(("path", keys.path_key(path), {"path": place(path)}) for path in sorted(paths))
    return (
        tuple(Told(keys.file_name(w.path), w.code, w.reason) for w in found.withheld),
        tuple(Told(keys.file_name(w.path), "", w.reason) for w in found.warnings),
    )


def _clips(catalog: Catalog, codes: Sequence[str], most: int) -> tuple[TakenClip, ...]:
    with catalog.read() as connection:
        taken = [clip_by_code(connection, code) for code in codes]
        verdicts = {c.code: rows.verdict_of(connection, c.code, c.mask_version) for c in taken}
    clips = []
    for place, clip in enumerate(taken):
        verdict = verdicts[clip.code]
        state = verdict.verdict if verdict else "not run"
        jpeg = _thumbnail(catalog, clip, state) if place < most else b""
        source = str(clip.mask.get("source", "-"))
        clips.append(TakenClip(clip.code, clip.state, clip.n_frames, state, source, jpeg))
    return tuple(clips)


def _waiting(catalog: Catalog) -> int:
    with catalog.read() as connection:
        counts = lists.count_states(connection)
    return sum(counts[state] for state in WAITING)


def _thumbnail(catalog: Catalog, clip: Clip, verdict: str) -> bytes:
    # What the text gate did not pass may show a name: no picture of it leaves the review.
    if clip.state != "approved" and not (clip.state == "gated" and verdict == "passed"):
        return b""
    middle = frame_code(clip.code, clip.n_frames // 2)
    try:
        frame = catalog.files.read_frame(middle, held=clip.state != "approved")
    except NotFoundError:  # decided on since its row was read
        return b""
    return small_jpeg(frame, THUMBNAIL_PX)


def _free(top: Path, at: datetime) -> Path:
    name = at.strftime("%Y-%m-%dT%H-%M-%S")
    taken = sum(1 for _ in top.glob(f"{name}*"))
    return top / (f"{name}-{taken}" if taken else name)


def _daily(catalog: Catalog, at: datetime, door: str) -> Path:
    return private_folder(private_folder(catalog.settings.home / "reports") / f"{at:%Y-%m-%d}-{door}")


def _joined(before: Sequence[dict[str, str]], after: Sequence[Told]) -> tuple[Told, ...]:
    """Return what was said before and what is said now; of one file only the last counts."""
    said = {t["file"]: Told(t["file"], t.get("code", ""), t["reason"]) for t in before}
    return tuple((said | {t.file: t for t in after}).values())


def _read(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found


@contextmanager
def _said() -> Iterator[None]:
    try:
        yield
    except STORE_ERRORS as error:
        raise CatalogError(f"the report cannot be written: {why_unstorable(error)}") from None


def _write_both(folder: Path, report: RunReport) -> None:
    _write(folder / "report.json", json.dumps(report.to_json(), indent=1, sort_keys=True) + "\n")
    _write(folder / "report.html", report_page(report))


def _write(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.tmp")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
