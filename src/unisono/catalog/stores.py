"""Where frames and packs lie: a folder of this machine, or an object store.

Both keep the same names, ``png-cache/CC/h1h2/h3h4/...`` and ``packs/...``, and both are written before the
row of the catalog speaks of them: a name that no row stands behind is a leftover, never a half-told clip.
"""

import errno
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from unisono.base.errors import CatalogError, NotFoundError, SettingsError
from unisono.catalog.drafts import flush

KINDS = ("png-cache", "packs")
AT_ONCE = 64
PIECE_BYTES = 4 * 2**20
_NO_LINK = (errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK)


class Store(Protocol):
    """What the catalog asks of a place for files."""

    @property
    def folder(self) -> Path | None:
        """The folder of this machine in which the names lie; None when they lie elsewhere."""

    def put(self, files: Sequence[tuple[Path, str]]) -> None:
        """Store local files under names; all of them are durable and whole when this returns."""

    def read(self, name: str) -> bytes:
        """Return one file; NotFoundError if there is none."""

    def read_each(self, names: Sequence[str]) -> Iterator[bytes | None]:
        """Yield the files in order, None for one that is not there."""

    def pieces(self, name: str, n_bytes: int) -> Iterator[bytes]:
        """Yield a file of a known size piece by piece."""

    def delete(self, names: Iterable[str]) -> None:
        """Delete files; what is not there already is no error."""

    def beside(self, branch: str) -> list[str]:
        """Return the names in one folder."""

    def listing(self) -> Iterator[list[str]]:
        """Yield all names of frames and packs, one folder at a time."""


def open_store(address: str, home: Path) -> Store:
    """Return the store that a setting names.

    Parameters
    ----------
    address : str
        Empty for the home; else what fsspec understands, such as ``s3://bucket/prefix``. ``file://`` is a
        folder, which may be on another disk.
    home : pathlib.Path

    Raises
    ------
    SettingsError
        If the address is not understood, or a package for it is not installed.
    """
    if not address:
        return LocalStore(home)
    try:
        import fsspec  # type: ignore[import-untyped]  # noqa: PLC0415  # no stubs; most homes need it not

        # A listing kept from before would hide what another process wrote; a read by several connections
        # asks for the size first, so each small object would cost two requests.
        options = {"max_concurrency": 1} if address.startswith("s3") else {}
        system, root = fsspec.core.url_to_fs(address, use_listings_cache=False, **options)
    except ImportError as error:
        raise SettingsError(f"this kind of address needs: pip install 'unisono[s3]' ({error.name})") from None
    except (OSError, ValueError) as error:
        raise SettingsError(f"frames: the address is not understood ({type(error).__name__})") from None
    protocols = (system.protocol,) if isinstance(system.protocol, str) else system.protocol
    return LocalStore(Path(root)) if "file" in protocols else RemoteStore(system, root)


class LocalStore:
    """A folder: linked where the file system can, copied and renamed where it cannot.

    Parameters
    ----------
    folder : pathlib.Path
    """

    def __init__(self, folder: Path) -> None:
        self.folder: Path = folder

    def put(self, files: Sequence[tuple[Path, str]]) -> None:
        """Store local files under names; all of them are durable and whole when this returns."""
        flush(source for source, _ in files)
        moves = [(source, self.folder / name) for source, name in files]
        folders = {target.parent for _, target in moves}
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
        for source, target in moves:
            place(source, target)
        flush(self._upward(folders))

    def _upward(self, folders: Iterable[Path]) -> set[Path]:
        # A folder that was made just now has a name as well, and a power cut may take that.
        inside = {folder for start in folders for folder in (start, *start.parents)}
        return {folder for folder in inside if folder.is_relative_to(self.folder)}

    def read(self, name: str) -> bytes:
        """Return one file.

        Raises
        ------
        NotFoundError
        """
        try:
            return (self.folder / name).read_bytes()
        except FileNotFoundError:
            raise NotFoundError(f"no file {PurePosixPath(name).name}") from None

    def read_each(self, names: Sequence[str]) -> Iterator[bytes | None]:
        """Yield the files in order, None for one that is not there."""
        for name in names:
            try:
                with open(f"{self.folder}/{name}", "rb", buffering=0) as file:  # noqa: PTH123  # hot
                    data = file.read()
            except FileNotFoundError:
                data = None
            yield data

    def pieces(self, name: str, n_bytes: int) -> Iterator[bytes]:  # noqa: ARG002  # the file knows
        """Yield a file piece by piece."""
        with (self.folder / name).open("rb") as file:
            while piece := file.read(PIECE_BYTES):
                yield piece

    def delete(self, names: Iterable[str]) -> None:
        """Delete files; what is not there already is no error."""
        for name in names:
            (self.folder / name).unlink(missing_ok=True)

    def beside(self, branch: str) -> list[str]:
        """Return the names in one folder."""
        try:
            return [
                f"{branch}/{name}" for name in sorted(path.name for path in (self.folder / branch).iterdir())
            ]
        except FileNotFoundError:
            return []

    def listing(self) -> Iterator[list[str]]:
        """Yield all names of frames and packs, one folder at a time."""
        for kind in KINDS:
            for top, _, files in os.walk(self.folder / kind):
                where = Path(top).relative_to(self.folder).as_posix()
                yield [f"{where}/{name}" for name in sorted(files)]


class RemoteStore:
    """An object store, by fsspec: an object is there whole or not at all.

    Parameters
    ----------
    system : fsspec file system
    root : str
        Bucket and prefix.
    """

    folder: Path | None = None

    def __init__(self, system: Any, root: str) -> None:  # noqa: ANN401  # fsspec has no types
        self._system, self._root = system, root.rstrip("/")

    def put(self, files: Sequence[tuple[Path, str]]) -> None:
        """Store local files under names; all of them were acknowledged when this returns."""
        for start in range(0, len(files), AT_ONCE):
            part = files[start : start + AT_ONCE]
            with _spoken():
                self._system.pipe({self._at(name): source.read_bytes() for source, name in part})

    def read(self, name: str) -> bytes:
        """Return one object.

        Raises
        ------
        NotFoundError
        CatalogError
            If the store does not answer.
        """
        with _spoken():
            return bytes(self._system.cat_file(self._at(name)))

    def read_each(self, names: Sequence[str]) -> Iterator[bytes | None]:
        """Yield the objects in order, None for one that is not there."""
        for start in range(0, len(names), AT_ONCE):
            part = [self._at(name) for name in names[start : start + AT_ONCE]]
            with _spoken():
                got = self._system.cat(part, on_error="return")
            for place in part:
                one = got[place]
                if isinstance(one, Exception) and not isinstance(one, FileNotFoundError):
                    with _spoken():
                        raise one
                yield one if isinstance(one, bytes) else None

    def pieces(self, name: str, n_bytes: int) -> Iterator[bytes]:
        """Yield an object of a known size piece by piece."""
        for start in range(0, n_bytes, PIECE_BYTES):
            with _spoken():
                piece = self._system.cat_file(self._at(name), start=start, end=start + PIECE_BYTES)
            yield bytes(piece)

    def delete(self, names: Iterable[str]) -> None:
        """Delete objects; what is not there already is no error."""
        places = [self._at(name) for name in names]
        try:
            with _spoken():
                self._system.rm(places)
        except NotFoundError:
            # Some stores stop at the first one that is lacking.
            for place in places:
                with _spoken():
                    if self._system.exists(place):
                        self._system.rm_file(place)

    def beside(self, branch: str) -> list[str]:
        """Return the names in one folder."""
        with _spoken():
            try:
                found = self._system.ls(self._at(branch), detail=False)
            except FileNotFoundError:
                return []
        return sorted(self._name(place) for place in found)

    def listing(self) -> Iterator[list[str]]:
        """Yield all names of frames and packs, one folder at a time."""
        for kind in KINDS:
            with _spoken():
                for top, _, files in self._system.walk(self._at(kind), on_error=_unless_missing):
                    yield [f"{self._name(top)}/{name}" for name in sorted(files)]

    def _at(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _name(self, place: str) -> str:
        return place.strip("/").removeprefix(self._root.strip("/")).strip("/")


def _unless_missing(error: OSError) -> None:
    # Left alone, fsspec takes a folder that it may not read for an empty one.
    if not isinstance(error, FileNotFoundError):
        raise error


@contextmanager
def _spoken() -> Iterator[None]:
    """Turn what a store says into errors of ours, without its words: they name buckets and keys."""
    try:
        yield
    except FileNotFoundError:
        raise NotFoundError("no such object in the store of frames") from None
    except _store_errors() as error:
        raise CatalogError(f"the store of frames does not answer ({type(error).__name__})") from None


def _store_errors() -> tuple[type[BaseException], ...]:
    # botocore's own errors are no OSError, and it is loaded only where s3:// is spoken.
    boto = sys.modules.get("botocore.exceptions")
    return (OSError, ValueError, RuntimeError) + ((boto.BotoCoreError,) if boto else ())


def place(source: Path, target: Path) -> None:
    """Put a file under another name, linked where the file system can, copied where it cannot."""
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in _NO_LINK:
            raise
        draft = target.with_name(f"{target.name}.tmp")
        shutil.copyfile(source, draft)
        flush([draft])
        draft.replace(target)
