"""What lies under an address of an object store, folder by folder, and what of it has to be fetched together.

fsspec speaks to the store. A folder's listing is read when it is come to and forgotten after; numbered images
that may be one loop stay together, and nothing else does.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from unisono.base.errors import NotFoundError, SettingsError
from unisono.ingest.files.loops import series_of
from unisono.ingest.reports.report import Withheld

BATCH_OBJECTS, BATCH_BYTES = 64, 1024**3
STORE_ERRORS = (OSError, ValueError, RuntimeError)
"""What fsspec's file systems raise; those of botocore and aiohttp are turned into these by s3fs."""
_LOCAL = ("file", "local")
_VERSIONS = (
    "ETag", "etag", "md5Hash", "generation", "LastModified", "last_modified", "updated", "mtime", "created",
)  # fmt: skip
"""What stores call the mark of an object's content, the better ones first, or the time of its last change."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One object.

    Parameters
    ----------
    name : str
        As fsspec calls it.
    n_bytes : int, bytes
    version : str
        Changes with its content; empty where the store says nothing of the kind.
    """

    name: str = field(repr=False)
    n_bytes: int
    version: str = field(repr=False)


Group = tuple[Stored, ...]
"""Objects that are taken in together: the images of a loop in the order of their names, or a single one."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look in a store.

    Parameters
    ----------
    store : fsspec.AbstractFileSystem
    root : str
        As the store calls it.
    """

    store: Any = field(repr=False)
    root: str = field(repr=False)

    def url_of(self, name: str) -> str:
        """Return the whole address of an object."""
        url: str = self.store.unstrip_protocol(name)
        return url


def place_of(url: str) -> Place:
    """Return the place that an address names.

    Raises
    ------
    SettingsError
        If nobody here speaks to such a store, or it is none.
    """
    try:
        import fsspec  # type: ignore[import-untyped]  # noqa: PLC0415  # no stubs; this door alone needs it

        store, root = fsspec.core.url_to_fs(url)
    except ImportError as error:
        raise SettingsError(f"this kind of address needs: pip install 'unisono[s3]' ({error.name})") from None
    except STORE_ERRORS as error:
        raise SettingsError(f"the store's address is not understood ({type(error).__name__})") from None
    protocols = (store.protocol,) if isinstance(store.protocol, str) else store.protocol
    if set(protocols) & set(_LOCAL):
        raise SettingsError("give a folder of this machine as a path, not as an address")
    return Place(store, root)


def groups_under(place: Place) -> Iterator[Group | Withheld]:
    """Yield what lies there, group by group, and each folder inside that cannot be listed.

    Raises
    ------
    NotFoundError
        If nothing lies there.
    SettingsError
        If the store cannot be read.
    """
    is_empty = True
    waiting = [place.root]
    while waiting:
        folder = waiting.pop()
        try:
            objects, folders = _listed(place.store, folder)
        except STORE_ERRORS as error:
            if folder == place.root and isinstance(error, FileNotFoundError):
                break
            if folder == place.root:
                raise SettingsError(f"the store cannot be read ({type(error).__name__})") from None
            why = f"the folder cannot be listed ({type(error).__name__})"
            yield Withheld(place.url_of(folder), "E_STORE_IO", why)
            continue
        is_empty = is_empty and not objects
        yield from _grouped(objects)
        waiting += reversed(folders)
    if is_empty:
        raise NotFoundError(f"nothing lies under {place.url_of(place.root)}")


def batched(groups: Iterable[Group]) -> Iterator[list[Group]]:
    """Yield groups in batches of at most `BATCH_OBJECTS` and `BATCH_BYTES`, a larger group alone."""
    batch: list[Group] = []
    n_objects = n_bytes = 0
    for group in groups:
        more_bytes = sum(stored.n_bytes for stored in group)
        if batch and (n_objects + len(group) > BATCH_OBJECTS or n_bytes + more_bytes > BATCH_BYTES):
            yield batch
            batch, n_objects, n_bytes = [], 0, 0
        batch.append(group)
        n_objects, n_bytes = n_objects + len(group), n_bytes + more_bytes
    if batch:
        yield batch


def _listed(store: Any, folder: str) -> tuple[list[Stored], list[str]]:  # noqa: ANN401  # an fsspec file system
    objects, folders = [], []
    for about in store.ls(folder, detail=True):
        name = str(about["name"])
        if about.get("type") == "directory":
            if name.rstrip("/") != folder.rstrip("/"):
                folders.append(name)
        elif not name.endswith("/"):  # the empty object by which a console shows a folder
            version = next((str(about[key]) for key in _VERSIONS if about.get(key)), "")
            objects.append(Stored(name, int(about.get("size") or 0), version))
    store.invalidate_cache(folder)  # else the listings of the whole store would gather in memory
    return sorted(objects, key=lambda stored: stored.name), sorted(folders)


def _grouped(objects: Iterable[Stored]) -> Iterator[Group]:
    groups: dict[object, list[Stored]] = {}
    for stored in objects:
        found = series_of(PurePosixPath(stored.name).name)
        groups.setdefault(found[0] if found else stored.name, []).append(stored)
    yield from map(tuple, groups.values())
