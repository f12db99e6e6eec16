"""The report of a run on the disk: ``report.json`` and ``report.html``, closed to other users."""

import json
import os
from datetime import datetime
from pathlib import Path

from unisono.base.errors import CatalogError
from unisono.catalog import evidence as rows
from unisono.catalog import waiting as lists
from unisono.catalog.clips import Clip, clip_by_code
from unisono.catalog.db import Catalog
from unisono.catalog.files import frame_code
from unisono.catalog.rows import now
from unisono.ingest.contact import small_jpeg
from unisono.ingest.identity import derive_keys, site_secret
from unisono.ingest.report import IngestReport
from unisono.ingest.report_page import RunReport, TakenClip, Told, report_page
from unisono.ingest.run.review import WAITING
from unisono.ingest.vault import Vault

THUMBNAIL_PX = 200
MOST_THUMBNAILS = 200
NAME_DIGITS = 12


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
    report = _report(catalog, found, at, seconds, policy)
    target = folder or _free(catalog.settings.home / "reports", at)
    try:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(target / "report.json", json.dumps(report.to_json(), indent=1, sort_keys=True) + "\n")
        _write(target / "report.html", report_page(report))
    except OSError as error:
        raise CatalogError(f"the report cannot be written: {error.strerror}") from None
    return target


def _report(catalog: Catalog, found: IngestReport, at: datetime, seconds: float, policy: str) -> RunReport:
    home = catalog.settings.home
    keys = derive_keys(site_secret(home))
    with Vault(home, keys) as vault:
        names = {}
        for path in {w.path for w in found.withheld} | {w.path for w in found.warnings}:
            key = keys.path_key(path)
            vault.put("path", key, {"path": path})
            names[path] = f"file-{key[:NAME_DIGITS]}"
    with catalog.read() as connection:
        taken = [clip_by_code(connection, code) for code in found.codes]
        verdicts = {c.code: rows.verdict_of(connection, c.code, c.mask_version) for c in taken}
        counts = lists.count_states(connection)
    clips = []
    for place, clip in enumerate(taken):
        verdict = verdicts[clip.code]
        state = verdict.verdict if verdict else "not run"
        jpeg = _thumbnail(catalog, clip, state) if place < MOST_THUMBNAILS else b""
        source = str(clip.mask.get("source", "-"))
        clips.append(TakenClip(clip.code, clip.state, clip.n_frames, state, source, jpeg))
    return RunReport(
        at=at.isoformat(timespec="seconds"),
        seconds=seconds,
        policy=policy,
        clips=tuple(clips),
        known=found.known,
        withheld=tuple(Told(names[w.path], w.code, w.reason) for w in found.withheld),
        warnings=tuple(Told(names[w.path], "", w.reason) for w in found.warnings),
        waiting=sum(counts[state] for state in WAITING),
    )


def _thumbnail(catalog: Catalog, clip: Clip, verdict: str) -> bytes:
    # What the text gate did not pass may show a name: no picture of it leaves the review.
    if clip.state != "approved" and not (clip.state == "gated" and verdict == "passed"):
        return b""
    middle = frame_code(clip.code, clip.n_frames // 2)
    return small_jpeg(catalog.files.read_frame(middle, held=clip.state != "approved"), THUMBNAIL_PX)


def _free(top: Path, at: datetime) -> Path:
    name = at.strftime("%Y-%m-%dT%H-%M-%S")
    taken = sum(1 for _ in top.glob(f"{name}*")) if top.is_dir() else 0
    return top / (f"{name}-{taken}" if taken else name)


def _write(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.tmp")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
