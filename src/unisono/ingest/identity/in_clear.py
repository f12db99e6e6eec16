"""What lies unencrypted in ``home/quarantine``: delivered originals, contact sheets, deliveries set aside.

The vault's key protects none of it, so it has ends of its own: a clip's part goes once somebody decided on
the clip, and all of it goes before the vault does.
"""

import mmap
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from unisono.base.errors import SettingsError
from unisono.ingest.identity.keys import shred

QUARANTINE, ORIGINALS, NOTE = "quarantine", "originals", "README.txt"
SECTION, END, KEPT = b'<section class="clip"', b"</section>", b"data-kept"
"""How `reports.contact` begins and ends a clip on a sheet, and marks a sheet that shall outlive decisions."""
_HEAD_BYTES = 200


@dataclass(frozen=True, slots=True)
class InClear:
    """How much lies there.

    Parameters
    ----------
    originals : int
        Clips whose delivered files are kept.
    sheets : int
        Contact sheets, and pictures of any kind.
    set_aside : int
        Deliveries that were refused.
    """

    originals: int
    sheets: int
    set_aside: int

    def __bool__(self) -> bool:
        return bool(self.originals or self.sheets or self.set_aside)

    def __str__(self) -> str:
        return (
            f"{self.originals} delivered originals in home/{QUARANTINE}/{ORIGINALS}, {self.sheets} contact "
            f"sheets and {self.set_aside} deliveries set aside in home/{QUARANTINE}"
        )


def in_clear(home: Path) -> InClear:
    """Return how much lies unencrypted in a home's quarantine."""
    folder = home / QUARANTINE / ORIGINALS
    originals = sum(1 for _ in folder.iterdir()) if folder.is_dir() and not folder.is_symlink() else 0
    names = [path.suffix.lower() for path in _files(home) if path.name != NOTE]
    sheets = sum(suffix in {".html", ".htm", ".png", ".jpg", ".jpeg"} for suffix in names)
    return InClear(originals, sheets, len(names) - sheets)


def delete_in_clear(home: Path) -> None:
    """Overwrite and delete all of it; what a link leads to stays where it is.

    Raises
    ------
    SettingsError
        If something cannot be deleted.
    """
    folder = home / QUARANTINE
    if folder.is_symlink():
        raise SettingsError(f"home/{QUARANTINE} is a link: delete what it leads to yourself, then the link")
    try:
        for path in folder.rglob("*"):
            # The same file may lie in an inbox, too: only the last of its names takes the content with it.
            if not path.is_symlink() and path.is_file() and path.stat().st_nlink == 1:
                shred(path)
        if folder.exists():
            shutil.rmtree(folder)
    except OSError as error:
        raise SettingsError(
            f"home/{QUARANTINE} cannot be deleted ({error.strerror}); the secret was left as it is"
        ) from None


def take_off_sheets(home: Path, code: str) -> None:
    """Blank a clip on every contact sheet, and delete sheets that show no other, and files of its name.

    Parameters
    ----------
    home : pathlib.Path
    code : str
        A sheet that was written to be kept stays as it is.
    """
    for path in list(_files(home)):
        if code in path.name:
            path.unlink(missing_ok=True)
        elif path.suffix.lower() == ".html" and path.stat().st_size:
            _blank(path, code.encode())


def _files(home: Path) -> Iterator[Path]:
    """Yield what lies in the quarantine besides originals and links."""
    folder = home / QUARANTINE
    if folder.is_symlink():
        return
    for path in folder.rglob("*"):
        is_original = ORIGINALS in path.relative_to(folder).parts[:1]
        if not is_original and not path.is_symlink() and path.is_file():
            yield path


def _blank(path: Path, code: bytes) -> None:
    # In place: a sheet of 200 clips is large, and the blocks that showed the clip are written over.
    with path.open("r+b") as file, mmap.mmap(file.fileno(), 0) as page:
        if KEPT in page[:_HEAD_BYTES]:
            return
        start = page.find(SECTION + b' id="' + code + b'"')
        end = page.find(END, start)
        if start < 0 or end < 0:
            return
        end += len(END)
        page[start:end] = b" " * (end - start)
        page.flush()
        is_empty = page.find(SECTION) < 0
    if is_empty:
        path.unlink(missing_ok=True)
