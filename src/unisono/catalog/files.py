"""Frames on disk: lossless PNG masters in the Unity tree, and one pack a clip for the page.

A frame's place follows from its code alone:
``png-cache/CC/h1h2/h3h4/CC-<64 hex>-NNNN.png``. A pack is ``u32 n, n x u32 length, n images``
(little-endian), so the page can show the first frame while the rest is on its way, and frame i is frame i.
"""

import fcntl
import hashlib
import os
import re
import shutil
import struct
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from unisono.base.errors import CatalogError, NotFoundError

CLIP_CODE = re.compile(r"^[0-9]{2}-[0-9a-f]{64}$")
FRAME_CODE = re.compile(r"^([0-9]{2}-[0-9a-f]{64})-([0-9]{4})$")
MAX_FRAMES = 10_000
"""A frame's number has four digits."""


def frame_code(clip_code: str, index: int) -> str:
    """Return the code of frame ``index`` (from 0) of a clip.

    Raises
    ------
    CatalogError
        If the clip code is not ``CC-<64 hex>`` or the index is not 0 to 9999.
    """
    if not CLIP_CODE.match(clip_code):
        raise CatalogError(f"clip code must be CC-<64 hex digits>; got {clip_code!r}")
    if not 0 <= index < MAX_FRAMES:
        raise CatalogError(f"frame number must be 0 to {MAX_FRAMES - 1}; got {index}")
    return f"{clip_code}-{index:04d}"


def encode_pack(images: Sequence[bytes]) -> bytes:
    """Return the pack of already encoded images (JPEG, PNG or WebP), one a frame."""
    head = struct.pack(f"<{len(images) + 1}I", len(images), *(len(i) for i in images))
    return b"".join((head, *images))


def decode_pack(pack: bytes) -> list[bytes]:
    """Return the encoded images of a pack.

    Raises
    ------
    CatalogError
        If the lengths in its head do not add up to its size.
    """
    if len(pack) < 4:  # noqa: PLR2004
        raise CatalogError(f"a pack has a head of 4 bytes or more; got {len(pack)} bytes")
    (count,) = struct.unpack_from("<I", pack)
    start = 4 * (count + 1)
    lengths = struct.unpack_from(f"<{count}I", pack, 4) if start <= len(pack) else ()
    if start + sum(lengths) != len(pack):
        raise CatalogError(f"pack of {count} frames does not add up to its {len(pack)} bytes")
    images = []
    for size in lengths:
        images.append(pack[start : start + size])
        start += size
    return images


class FrameFiles:
    """The folders of frames and packs inside a site's home.

    What nobody approved yet lies under ``held``, in the same tree; only approved clips are in ``png-cache``
    and ``packs``.

    Parameters
    ----------
    home : pathlib.Path
    """

    def __init__(self, home: Path) -> None:
        self.root = home
        self._held = home / "held"
        self._staged = self._held / "redrawn"

    def frame_path(self, code: str, *, held: bool = False) -> Path:
        """Return where a frame lies.

        Raises
        ------
        CatalogError
            If the code is not ``CC-<64 hex>-NNNN``.
        """
        match = FRAME_CODE.match(code)
        if not match:
            raise CatalogError(f"frame code must be CC-<64 hex digits>-NNNN; got {code!r}")
        return self._top(held=held) / "png-cache" / _branch(match[1]) / f"{code}.png"

    def pack_path(self, clip_code: str, sha256: str, *, held: bool = False) -> Path:
        """Return where a clip's pack lies."""
        if not CLIP_CODE.match(clip_code):
            raise CatalogError(f"clip code must be CC-<64 hex digits>; got {clip_code!r}")
        name = f"{clip_code}.{sha256[:16]}.pack"
        return self._top(held=held) / "packs" / _branch(clip_code) / name

    def read_frame(self, code: str, *, held: bool = False) -> bytes:
        """Return a frame's PNG file.

        Raises
        ------
        NotFoundError
            If there is none.
        """
        try:
            return self.frame_path(code, held=held).read_bytes()
        except FileNotFoundError:
            raise NotFoundError(f"no frame {code}") from None

    def put_clip(self, code: str, pngs: Iterable[bytes], pack: bytes, *, held: bool = False) -> None:
        """Store a clip's frames and pack: all of them, durable, or none.

        Files are written under temporary names, flushed in one go and only then renamed, so a crash leaves
        either nothing or files that no row of the catalog names.
        """
        pack_path = self.pack_path(code, hashlib.sha256(pack).hexdigest(), held=held)
        with self.pending() as pending:
            moves = [(pending / "pack", pack_path)]
            moves[0][0].write_bytes(pack)
            for index, png in enumerate(pngs):
                place = self.frame_path(frame_code(code, index), held=held)
                (pending / place.name).write_bytes(png)
                moves.append((pending / place.name, place))
            _flush(source for source, _ in moves)
            folders = {target.parent for _, target in moves}
            for folder in folders:
                folder.mkdir(parents=True, exist_ok=True)
            for source, target in moves:
                source.replace(target)
            _flush(folders)

    def admit_clip(self, code: str, n_frames: int, pack_sha256: str) -> None:
        """Link a held clip's files to where everybody reads; the held ones stay until `drop_clip`.

        Raises
        ------
        NotFoundError
            If one of them is missing; nothing is linked then.
        """
        moves = list(
            zip(*(self._places(code, n_frames, pack_sha256, held=h) for h in (True, False)), strict=True)
        )
        if not all(source.exists() for source, _ in moves):
            raise NotFoundError(f"the held files of clip {code} are not all there")
        folders = {target.parent for _, target in moves}
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
        for source, target in moves:
            target.unlink(missing_ok=True)
            os.link(source, target)
        _flush(folders)

    def withdraw_clip(self, code: str, n_frames: int, pack_sha256: str) -> None:
        """Move a clip's files to the held side, where nobody but a reviewer sees them."""
        there, held = (self._places(code, n_frames, pack_sha256, held=h) for h in (False, True))
        for source, target in zip(there, held, strict=True):
            if source.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                source.replace(target)
        _flush({target.parent for target in held if target.parent.exists()})

    def stage_clip(self, code: str, version: int, pngs: Iterable[bytes], pack: bytes) -> None:
        """Write other frames for a held clip beside it, durable, under the version of their mask.

        They take their places with `unstage_clip`, once the rows speak of them.
        """
        target = self._staged / f"{code}.{version}"
        self._staged.mkdir(parents=True, exist_ok=True)
        with self.pending() as pending:
            draft = pending / "clip"
            draft.mkdir()
            (draft / "pack").write_bytes(pack)
            for index, png in enumerate(pngs):
                (draft / f"{frame_code(code, index)}.png").write_bytes(png)
            _flush([*draft.iterdir(), draft])
            shutil.rmtree(target, ignore_errors=True)
            draft.rename(target)
            _flush([self._staged])

    def unstage_clip(self, code: str, version: int, pack_sha256: str) -> None:
        """Move staged frames and their pack to the places of a held clip; again does what is left of it."""
        folder = self._staged / f"{code}.{version}"
        pack_path = self.pack_path(code, pack_sha256, held=True)
        moves = [(f, self.frame_path(f.stem, held=True)) for f in folder.glob("*.png")]
        if (folder / "pack").exists():
            moves.append((folder / "pack", pack_path))
        for source, target in moves:
            source.replace(target)
        _flush({target.parent for _, target in moves})
        for old in pack_path.parent.glob(f"{code}.*.pack"):
            if old != pack_path:
                old.unlink()
        shutil.rmtree(folder, ignore_errors=True)

    def staged(self) -> list[tuple[str, int]]:
        """Return the code and mask version of what is staged."""
        names = [f.name.rpartition(".") for f in self._staged.glob("*")]
        return [(code, int(version)) for code, _, version in names]

    def drop_staged(self, code: str, version: int) -> None:
        """Delete staged frames that no row speaks of."""
        shutil.rmtree(self._staged / f"{code}.{version}", ignore_errors=True)

    def drop_clip(self, code: str, n_frames: int, pack_sha256: str, *, held: bool) -> None:
        """Delete a clip's files on one of the two sides."""
        for path in self._places(code, n_frames, pack_sha256, held=held):
            path.unlink(missing_ok=True)

    def drop_pending(self) -> int:
        """Delete what dead runs left unfinished; return how many folders that were."""
        with self._doorkeeper():
            dead = [f for f in (self.root / "pending").glob("*") if f.is_dir() and _is_dead(f)]
            for folder in dead:
                shutil.rmtree(folder, ignore_errors=True)
        return len(dead)

    @contextmanager
    def pending(self) -> Iterator[Path]:
        """Open a folder for drafts; it goes when this ends, or is swept when the process was killed."""
        folder = self.root / "pending" / uuid4().hex
        with self._doorkeeper():
            folder.mkdir()
            alive = os.open(folder, os.O_RDONLY)
            fcntl.flock(alive, fcntl.LOCK_EX)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(alive)

    def is_alive(self, name: str) -> bool:
        """Return whether the process that opened a drafts folder of this name still has it open."""
        folder = self.root / "pending" / name
        return folder.is_dir() and not _is_dead(folder)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be the only process that stores, admits or drops clips of this home."""
        with _locked(self._held):
            yield

    @contextmanager
    def _doorkeeper(self) -> Iterator[None]:
        # A folder that is made but not yet locked would look like a dead run's.
        with _locked(self.root / "pending"):
            yield

    def _places(self, code: str, n_frames: int, pack_sha256: str, *, held: bool) -> list[Path]:
        frames = [self.frame_path(frame_code(code, i), held=held) for i in range(n_frames)]
        return [*frames, self.pack_path(code, pack_sha256, held=held)]

    def _top(self, *, held: bool) -> Path:
        return self._held if held else self.root


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _is_dead(folder: Path) -> bool:
    # The kernel lets go of a lock when its process dies.
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True


def _branch(clip_code: str) -> Path:
    return Path(clip_code[:2], clip_code[3:5], clip_code[5:7])


def _flush(paths: Iterable[Path]) -> None:
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
