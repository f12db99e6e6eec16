"""Frames on disk: lossless PNG masters in the Unity tree, and one pack a clip for the page.

A frame's place follows from its code alone:
``png-cache/CC/h1h2/h3h4/CC-<64 hex>-NNNN.png``, in the home or in an object store. A pack is
``u32 n, n x u32 length, n images`` (little-endian), so the page can show the first frame while the rest is on
its way, and frame i is frame i.
"""

import hashlib
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from unisono.base.errors import CatalogError, NotFoundError
from unisono.catalog.drafts import Drafts, flush, make_folder
from unisono.catalog.names import branch, frame_code, frame_name, names_of_clip, pack_name
from unisono.catalog.stores import KINDS, LocalStore, Store, open_store, place


class FrameFiles(Drafts):
    """The frames and packs of a site.

    What nobody approved yet lies under ``held`` in the home, wherever the rest lies; only approved clips are
    in ``png-cache`` and ``packs`` of the store.

    Parameters
    ----------
    home : pathlib.Path
    frames : str, optional
        Address of the store of approved clips; the home by default.

    Raises
    ------
    SettingsError
        If the address is not understood.
    """

    def __init__(self, home: Path, frames: str = "") -> None:
        super().__init__(home)
        self._staged = self._held / "redrawn"
        self._waiting = LocalStore(self._held)
        self._approved = open_store(frames, home)

    @property
    def is_local(self) -> bool:
        """Whether approved clips lie in a folder of this machine, so that they have paths."""
        return self._approved.folder is not None

    def store(self, *, held: bool = False) -> Store:
        """Return the store of what is held, or of what is approved."""
        if held:
            return self._waiting
        return self._approved

    def frame_path(self, code: str, *, held: bool = False) -> Path:
        """Return where a frame lies on this machine.

        Raises
        ------
        CatalogError
            If the code is not ``CC-<64 hex>-NNNN``, or frames lie in an object store.
        """
        return self._folder(held=held) / frame_name(code)

    def pack_path(self, clip_code: str, sha256: str, *, held: bool = False) -> Path:
        """Return where a clip's pack lies on this machine.

        Raises
        ------
        CatalogError
            If the code is not ``CC-<64 hex>``, or packs lie in an object store.
        """
        return self._folder(held=held) / pack_name(clip_code, sha256)

    def read_frame(self, code: str, *, held: bool = False) -> bytes:
        """Return a frame's PNG file.

        Raises
        ------
        NotFoundError
            If there is none.
        """
        name = frame_name(code)
        try:
            return self.store(held=held).read(name)
        except NotFoundError:
            raise NotFoundError(f"no frame {code}") from None

    def read_pack(self, clip_code: str, sha256: str, *, held: bool = False) -> bytes:
        """Return a clip's pack.

        Raises
        ------
        NotFoundError
            If there is none.
        """
        name = pack_name(clip_code, sha256)
        try:
            return self.store(held=held).read(name)
        except NotFoundError:
            raise NotFoundError(f"no pack of clip {clip_code}") from None

    def pack_pieces(self, clip_code: str, sha256: str, n_bytes: int) -> Iterator[bytes]:
        """Yield the pack of an approved clip piece by piece."""
        return self._approved.pieces(pack_name(clip_code, sha256), n_bytes)

    def put_clip(
        self, code: str, pngs: Iterable[bytes | Path], pack: bytes | Path, *, held: bool = False
    ) -> None:
        """Store a clip's frames and pack: all of them, durable, or none.

        Each is given by its bytes, or as a draft on this machine that is not written to again. Bytes become
        drafts first, so a crash leaves either nothing or files that no row of the catalog names.
        """
        if held or self._is_alone:
            self.mark(code)
        with self.pending() as pending:
            moves = [(_drafted(pack, pending / "pack"), pack_name(code, _sha256(pack)))]
            for index, png in enumerate(pngs):
                draft = _drafted(png, pending / f"{index:04d}.png")
                moves.append((draft, frame_name(frame_code(code, index))))
            self.store(held=held).put(moves)

    def admit_clip(self, code: str, n_frames: int, pack_sha256: str) -> None:
        """Put a held clip's files where everybody reads; the held ones stay until `drop_clip`.

        Raises
        ------
        NotFoundError
            If one of them is missing; nothing is put there then.
        """
        files = [(self._held / name, name) for name in names_of_clip(code, n_frames, pack_sha256)]
        if not all(source.exists() for source, _ in files):
            raise NotFoundError(f"the held files of clip {code} are not all there")
        self.mark(code)
        self._approved.put(files)

    def withdraw_clip(self, code: str) -> None:
        """Move a clip's files to the held side, where nobody but a reviewer sees them."""
        self.mark(code)
        names = self.names_of(code)
        with self.pending() as pending:
            files = []
            for number, name in enumerate(names):
                draft = pending / str(number)
                if self._approved.folder is not None:
                    draft = self._approved.folder / name
                else:
                    draft.write_bytes(self._approved.read(name))
                files.append((draft, name))
            self._waiting.put(files)
        self._approved.delete(names)

    def stage_clip(self, code: str, version: int, pngs: Iterable[bytes | Path], pack: bytes | Path) -> None:
        """Write other frames for a held clip beside it, durable, under the version of their mask.

        They take their places with `unstage_clip`, once the rows speak of them.
        """
        target = self._staged / f"{code}.{version}"
        make_folder(self._staged)
        with self.pending() as pending:
            draft = pending / "clip"
            draft.mkdir()
            _put(pack, draft / "pack")
            for index, png in enumerate(pngs):
                _put(png, draft / f"{frame_code(code, index)}.png")
            flush([*draft.iterdir(), draft])
            shutil.rmtree(target, ignore_errors=True)
            draft.rename(target)
            flush([self._staged])

    def unstage_clip(self, code: str, version: int, pack_sha256: str) -> None:
        """Move staged frames and their pack to the places of a held clip; again does what is left of it."""
        folder = self._staged / f"{code}.{version}"
        pack_path = self.pack_path(code, pack_sha256, held=True)
        moves = [(f, self.frame_path(f.stem, held=True)) for f in folder.glob("*.png")]
        if (folder / "pack").exists():
            moves.append((folder / "pack", pack_path))
        for source, target in moves:
            source.replace(target)
        flush({target.parent for _, target in moves})
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
        self.mark(code)
        self.store(held=held).delete(names_of_clip(code, n_frames, pack_sha256))

    def drop_names(self, names: Sequence[str], *, held: bool) -> int:
        """Delete files by their names, and return how many."""
        if names:
            self.store(held=held).delete(names)
        return len(names)

    def names_of(self, code: str, *, held: bool = False) -> list[str]:
        """Return the names of all files there are of a clip on one of the two sides."""
        store = self.store(held=held)
        beside = [name for kind in KINDS for name in store.beside(f"{kind}/{branch(code)}")]
        return [name for name in beside if name.rpartition("/")[2].startswith(code)]

    def _folder(self, *, held: bool) -> Path:
        folder = self.store(held=held).folder
        if folder is None:
            raise CatalogError("approved clips lie in an object store and have no path here")
        return folder


def _drafted(data: bytes | Path, path: Path) -> Path:
    """Return where a draft lies; bytes are written to the path."""
    if isinstance(data, Path):
        return data
    path.write_bytes(data)
    return path


def _put(data: bytes | Path, path: Path) -> None:
    if isinstance(data, Path):
        place(data, path)
    else:
        path.write_bytes(data)


def _sha256(data: bytes | Path) -> str:
    if isinstance(data, bytes):
        return hashlib.sha256(data).hexdigest()
    with data.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
