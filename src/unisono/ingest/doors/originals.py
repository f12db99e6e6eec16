"""Originals that were delivered to us: kept while somebody must look, so that a mask can be drawn on them.

What lies on the site's own disks stays where it is. What came over the network or the page lies in a landing
folder that is emptied; until a clip is decided on, its original stands beside it, under a name that leads to
the clip with the site's secret alone. The vault says which it is, to whoever asks on record.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from unisono.ingest.files.sources import LANDINGS, Source
from unisono.ingest.identity.codes import derive_keys, site_secret
from unisono.ingest.identity.in_clear import ORIGINALS, QUARANTINE, take_off_sheets

FOLDER = Path(QUARANTINE, ORIGINALS)


def keep_original(home: Path, source: Source, code: str) -> Source:
    """Return a source whose files stay: itself, or links to what lies in a landing folder.

    Parameters
    ----------
    home : pathlib.Path
    source : Source
    code : str
        Of its clip.

    Raises
    ------
    SettingsError
        If the site's secret cannot be used.
    """
    landings = [(home / name).resolve() for name in LANDINGS]
    if not any(top in Path(name).resolve().parents for name in source.files for top in landings):
        return source
    (home / QUARANTINE).mkdir(mode=0o700, exist_ok=True)
    _drop(home, code)
    folder = next(_folders(home, code))
    folder.mkdir(parents=True)
    kept = []
    for number, name in enumerate(source.files):
        target = folder / str(number)
        os.link(name, target)
        kept.append(str(target))
    return replace(source, files=tuple(kept))


def drop_original(home: Path, code: str) -> None:
    """Delete what lies in clear of a clip that was decided on: its original and its place on sheets."""
    _drop(home, code)
    take_off_sheets(home, code)


def _drop(home: Path, code: str) -> None:
    if (home / FOLDER).is_dir():
        for folder in _folders(home, code):
            shutil.rmtree(folder, ignore_errors=True)


def _folders(home: Path, code: str) -> Iterator[Path]:
    """Yield where a clip's original lies, and where earlier versions laid it."""
    yield home / FOLDER / derive_keys(site_secret(home)).original_name(code)
    yield home / FOLDER / code
