"""Hold the disk against the rows: every frame there, whole, and nothing besides.

Clips are looked at page by page, so memory does not grow with their number, and no transaction lasts long.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from unisono.catalog.db import Catalog
from unisono.catalog.inventory import Stock, frame_hashes, next_page, stock_of
from unisono.catalog.names import frame_code, frame_name, pack_name
from unisono.ingest.run.sweeping import HOLDING, clip_in_name, sweep


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    Parameters
    ----------
    what : str
        ``missing``, ``damaged`` or ``stray``.
    path : str
        Relative to the home folder, or to the store of frames.
    """

    what: str
    path: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check came to.

    Parameters
    ----------
    clips, frames, bytes : int
        Looked at.
    swept : int
        Leftovers of interrupted work that were put in order first.
    faults : tuple of Fault
    """

    clips: int
    frames: int
    bytes: int
    swept: int
    faults: tuple[Fault, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing is missing, damaged or astray."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class _Seen:
    """What looking at one clip came to."""

    frames: int
    bytes: int
    faults: tuple[Fault, ...]


def fsck(catalog: Catalog, *, threads: int = 0) -> Checked:
    """Compare every frame and pack with its hash, and look for files that no row names.

    Leftovers of work that was killed are swept first; they are no faults.

    Parameters
    ----------
    catalog : Catalog
    threads : int, default=0
        For reading and hashing; 0 means one for each core.
    """
    swept = sweep(catalog)
    faults: list[Fault] = []
    n_clips = n_frames = n_bytes = 0
    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        for stocks in _pages(catalog):
            with catalog.read() as connection:
                hashes = frame_hashes(connection, [stock.code for stock in stocks])
            looks = pool.map(partial(_look, catalog), stocks, [hashes.get(s.code, []) for s in stocks])
            for stock, look in zip(stocks, looks, strict=True):
                seen = _again(catalog, stock, look) if look.faults else look
                n_clips, n_frames, n_bytes = n_clips + 1, n_frames + seen.frames, n_bytes + seen.bytes
                faults += seen.faults
    for held in (False, True):
        faults += [Fault("stray", _shown(name, held=held)) for name in _strays(catalog, held=held)]
    return Checked(n_clips, n_frames, n_bytes, swept, tuple(faults))


def _pages(catalog: Catalog) -> Iterator[list[Stock]]:
    after = ""
    while True:
        with catalog.read() as connection:
            page = next_page(connection, after, without=("rejected",))
        if not page:
            return
        yield page
        after = page[-1].code


def _look(catalog: Catalog, stock: Stock, hashes: Sequence[str]) -> _Seen:
    held = stock.state != "approved"
    names = [frame_name(frame_code(stock.code, index)) for index in range(len(hashes))]
    names.append(pack_name(stock.code, stock.pack_sha256))
    faults, n_bytes = [], 0
    files = catalog.files.store(held=held).read_each(names)
    for name, sha256, data in zip(names, (*hashes, stock.pack_sha256), files, strict=True):
        if data is None:
            faults.append(Fault("missing", _shown(name, held=held)))
            continue
        n_bytes += len(data)
        if hashlib.sha256(data).hexdigest() != sha256:
            faults.append(Fault("damaged", _shown(name, held=held)))
    return _Seen(len(hashes), n_bytes, tuple(faults))


def _again(catalog: Catalog, before: Stock, look: _Seen) -> _Seen:
    """Look once more at a clip with faults, when nobody can be deciding on it at this moment."""
    with catalog.files.alone():
        with catalog.read() as connection:
            stock = stock_of(connection, [before.code]).get(before.code)
            hashes = frame_hashes(connection, [before.code]).get(before.code, [])
        if stock == before:
            return look
        if stock is None or stock.state == "rejected":
            return _Seen(0, 0, ())
        return _look(catalog, stock, hashes)


def _strays(catalog: Catalog, *, held: bool) -> Iterator[str]:
    for names in catalog.files.store(held=held).listing():
        suspects = _unnamed(catalog, names, held=held)
        if suspects:
            # A clip that is being stored has its files before its row.
            with catalog.files.alone():
                there = set(catalog.files.store(held=held).beside(suspects[0].rpartition("/")[0]))
                yield from _unnamed(catalog, [name for name in suspects if name in there], held=held)


def _unnamed(catalog: Catalog, names: Iterable[str], *, held: bool) -> list[str]:
    owners = {name: clip_in_name(name) for name in names}
    with catalog.read() as connection:
        stock = stock_of(connection, set(owners.values()) - {""})
    states = HOLDING if held else ("approved",)
    right = {code for code, one in stock.items() if one.state in states}
    return [name for name, owner in owners.items() if owner not in right]


def _shown(name: str, *, held: bool) -> str:
    return f"held/{name}" if held else name
