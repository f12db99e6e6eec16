"""Originals that were delivered to us: kept while somebody must look, so that a mask can be drawn on them.

What lies on the site's own disks stays where it is. What came over the network or the page lies in a landing
folder that is emptied; until a clip is decided on, its original stands under another name beside it.
"""

import os
import shutil
from dataclasses import replace
from pathlib import Path

from unisono.ingest.files.sources import LANDINGS, Source

FOLDER = Path("quarantine", "originals")


def keep_original(home: Path, source: Source, code: str) -> Source:
    """Return a source whose files stay: itself, or links to what lies in a landing folder.

    Parameters
    ----------
    home : pathlib.Path
    source : Source
    code : str
        Of its clip.
    """
    landings = [(home / name).resolve() for name in LANDINGS]
    if not any(top in Path(name).resolve().parents for name in source.files for top in landings):
        return source
    folder = home / FOLDER / code
    (home / FOLDER.parts[0]).mkdir(mode=0o700, exist_ok=True)
    drop_original(home, code)
    folder.mkdir(parents=True)
    kept = []
    for number, name in enumerate(source.files):
        target = folder / str(number)
        os.link(name, target)
        kept.append(str(target))
    return replace(source, files=tuple(kept))


def drop_original(home: Path, code: str) -> None:
    """Delete what was kept of a clip's original, if anything was."""
    shutil.rmtree(home / FOLDER / code, ignore_errors=True)
