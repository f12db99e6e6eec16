"""Put a home in order after a run, or a reviewer's decision, that was killed half-way.

Rows decide. Files that no row stands behind go: drafts of dead runs, links of an approval that was not
written, held files of a clip that is approved or rejected by now.
"""

import re
from pathlib import Path

from unisono.catalog.clips import Clip, all_clips
from unisono.catalog.db import Catalog

_CLIP = re.compile(r"[0-9]{2}-[0-9a-f]{64}")
HOLDING = ("written", "gated", "quarantined")


def sweep(catalog: Catalog) -> int:
    """Delete what interrupted work left behind; return how many files and folders that were."""
    swept = catalog.files.drop_pending()
    with catalog.files.alone():
        with catalog.read() as connection:
            clips = {clip.code: clip for clip in all_clips(connection)}
        swept += sum(_settle_staged(catalog, clips.get(c), c, v) for c, v in catalog.files.staged())
        root = catalog.files.root
        swept += _sweep(root / "held", {c for c, clip in clips.items() if clip.state in HOLDING})
        swept += sum(_unlink_admitted(catalog, clip) for clip in clips.values() if clip.state != "approved")
    return swept


def _settle_staged(catalog: Catalog, clip: Clip | None, code: str, version: int) -> int:
    # The rows were written after the frames were staged: where they speak of them, the move is finished.
    if clip is not None and clip.state in HOLDING and clip.mask_version == version:
        catalog.files.unstage_clip(code, version, clip.pack_sha256)
    else:
        catalog.files.drop_staged(code, version)
    return 1


def stray_files(top: Path, wanted: set[str]) -> list[Path]:
    """Return the frame and pack files under a folder that belong to none of the wanted clips."""
    found = []
    for kind in ("png-cache", "packs"):
        for path in (top / kind).rglob("*"):
            match = _CLIP.match(path.name)
            if path.is_file() and not (match and match[0] in wanted):
                found.append(path)
    return found


def _sweep(top: Path, wanted: set[str]) -> int:
    strays = stray_files(top, wanted)
    for path in strays:
        path.unlink()
    return len(strays)


def _unlink_admitted(catalog: Catalog, clip: Clip) -> int:
    """Take a clip that nobody approved out of everybody's sight, without losing its only copy."""
    files = catalog.files
    if not files.frame_path(f"{clip.code}-0000").exists():
        return 0
    if clip.state != "rejected" and not files.frame_path(f"{clip.code}-0000", held=True).exists():
        files.withdraw_clip(clip.code, clip.n_frames, clip.pack_sha256)
    else:
        files.drop_clip(clip.code, clip.n_frames, clip.pack_sha256, held=False)
    return clip.n_frames
