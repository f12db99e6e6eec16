"""Which objects of a store were fetched before, so that those that are in are not fetched again.

Their addresses may name patients, so a keyed hash of address, size and version stands for an object, and
beside it the keyed hash of the content that it had: the catalog alone says whether that content is in.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from unisono.base.errors import CatalogError
from unisono.ingest.doors.stored import Group, Place
from unisono.ingest.identity.codes import derive_keys, sha256_of_parts, site_secret

FILE_NAME = "fetched-objects.sqlite"
CHUNK = 256
WAIT_S = 60.0
_TABLE = "create table if not exists fetched (object text primary key, content text not null) without rowid"


class Remembered:
    """The objects that this site fetched.

    Parameters
    ----------
    home : pathlib.Path
        They are remembered in ``home/fetched-objects.sqlite``, mode 600.
    which_are_in : callable
        Takes keyed hashes of contents, as `Keys.source_key`; returns those whose clips are in and not held.

    Raises
    ------
    CatalogError
        If the file cannot be used.
    """

    def __init__(self, home: Path, which_are_in: Callable[[Sequence[str]], set[str]]) -> None:
        self._keys = derive_keys(site_secret(home))
        self._which_are_in = which_are_in
        path = home / FILE_NAME
        try:
            path.touch(0o600)
            self._rows = sqlite3.connect(path, timeout=WAIT_S, isolation_level=None)
            self._rows.execute(_TABLE)
        except (OSError, sqlite3.Error) as error:
            raise _unusable(error) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._rows.close()

    def marked(self, place: Place, groups: Iterable[Group]) -> Iterator[tuple[Group, bool]]:
        """Yield each group, and whether it is in.

        Raises
        ------
        CatalogError
            If the file cannot be read.
        """
        ahead = iter(groups)
        while chunk := list(islice(ahead, CHUNK)):
            contents = [self._content_of(place, group) for group in chunk]
            there = self._which_are_in([content for content in contents if content])
            yield from ((group, content in there) for group, content in zip(chunk, contents, strict=True))

    def keep(self, place: Place, group: Group, digests: list[str]) -> None:
        """Remember what a group's objects held.

        Parameters
        ----------
        place : Place
        group : tuple of Stored
        digests : list of str
            SHA-256 of each, hex.

        Raises
        ------
        CatalogError
            If it cannot be written.
        """
        if not all(stored.version for stored in group):
            return  # nothing would tell that it has changed
        content = self._keys.source_key(sha256_of_parts(digests))
        try:
            self._rows.execute(
                "insert or replace into fetched values (?, ?)", (self._key(place, group), content)
            )
        except sqlite3.Error as error:
            raise _unusable(error) from None

    def _content_of(self, place: Place, group: Group) -> str:
        try:
            query = self._rows.execute(
                "select content from fetched where object = ?", (self._key(place, group),)
            )
            row = query.fetchone()
        except sqlite3.Error as error:
            raise _unusable(error) from None
        return str(row[0]) if row else ""

    def _key(self, place: Place, group: Group) -> str:
        objects = [[place.url_of(stored.name), stored.n_bytes, stored.version] for stored in group]
        return self._keys.path_key("object|v1|" + json.dumps(objects))


def _unusable(error: Exception) -> CatalogError:
    kind = type(error).__name__
    return CatalogError(f"home/{FILE_NAME} cannot be used ({kind}); without it objects are fetched again")
