"""Write a release: into a new hidden folder beside ``OUT``, checked there, renamed when it is whole."""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from unisono.base.errors import ConflictError, ReleaseError
from unisono.catalog.db import Catalog
from unisono.catalog.experts import all_experts
from unisono.catalog.releases import ReleaseRow, insert_release, releases_of
from unisono.catalog.rows import now
from unisono.formats.jsonfiles import dump_json
from unisono.release.archive import sha256_of_file, write_zip
from unisono.release.card import write_card
from unisono.release.manifest import make_manifest
from unisono.release.opened import load_manifest
from unisono.release.package import (
    CARD,
    FRAMES_ZIP,
    LABELS_ZIP,
    MANIFEST,
    Contents,
    compose,
    frames_of,
    mark_of,
)
from unisono.release.run.gather import contents_of, withheld_of
from unisono.release.scan import holds_word
from unisono.release.verify import problems_of

VERSION = re.compile(r"^\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.-]+)?$")
FOLDER_MODE = 0o755
SITE_SECRET = "site-secret"  # noqa: S105  # a file's name


@dataclass(frozen=True, slots=True)
class ReleaseReport:
    """What was written, and what was not.

    Parameters
    ----------
    folder : pathlib.Path
    manifest_sha256 : str
    counts : dict
    left_out : tuple of (str, str)
        Questions that the format does not carry, each with the reason.
    withheld : tuple of (str, str)
        Codes of clips that are not approved, each with the reason and the number of items that stay out.
    """

    folder: Path
    manifest_sha256: str
    counts: dict[str, Any]
    left_out: tuple[tuple[str, str], ...]
    withheld: tuple[tuple[str, str], ...] = ()


def release(
    catalog: Catalog,
    project: str,
    version: str,
    fmt: str,
    out: Path,
    *,
    policy: str = "consensus",
    date: str | None = None,
    split_seed: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> ReleaseReport:
    """Write a release of a project.

    Parameters
    ----------
    catalog : Catalog
    project, version, fmt : str
        ``version`` as MAJOR.MINOR.PATCH.
    out : pathlib.Path
        The folder to make; it must not exist.
    policy : str, default="consensus"
        ``consensus``, or ``last``: the last answer in time wins.
    date : str, optional
        ISO date; that of the earlier writing when this version was written before, else today.
    split_seed : str, optional
    progress : callable, optional
        Told how many frames of how many are written.

    Raises
    ------
    ReleaseError
        If the folder exists, the version or date is malformed, the consensus is not up to date, or the
        finished release does not verify.
    ConflictError
        If this version was released already and is not identical.
    """
    if not VERSION.match(version):
        raise ReleaseError(f"a version is MAJOR.MINOR.PATCH; got {version!r}")
    if out.exists():
        raise ReleaseError(f"{out.name} exists already; a release is never written over")
    with catalog.read() as connection:
        earlier = next(
            (r for r in releases_of(connection, project) if (r.version, r.format) == (version, fmt)), None
        )
        day = _day(date, earlier)
        contents = contents_of(
            connection,
            project,
            version=version,
            fmt=fmt,
            policy=policy,
            date=day,
            split_seed=split_seed,
        )
        withheld = withheld_of(connection, project)
        words = _words(catalog, _people(connection), contents)
    out.parent.mkdir(parents=True, exist_ok=True)
    pending = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        row = _build(catalog, contents, pending, words, progress)
        if earlier is not None and earlier.manifest_sha256 != row.manifest_sha256:
            raise ConflictError(f"{project} {version} was released already as {fmt} with other content")
        pending.chmod(FOLDER_MODE)  # a temporary folder is closed to everybody else
        pending.rename(out)
    finally:
        shutil.rmtree(pending, ignore_errors=True)
    if earlier is None:
        catalog.write(partial(insert_release, release=replace(row, path=str(out))))
    manifest = json.loads((out / MANIFEST).read_bytes())
    left_out = tuple((r["question"], r["reason"]) for r in manifest["labels"]["left_out"])
    return ReleaseReport(out, row.manifest_sha256, manifest["counts"], left_out, withheld)


def manifest_sha256(folder: Path) -> str:
    """Return the SHA-256 of a release's manifest, which a publisher states; empty when there is none."""
    path = folder / MANIFEST
    return sha256_of_file(path) if path.is_file() else ""


def verify(folder: Path, catalog: Catalog | None = None, *, sha256: str | None = None) -> list[str]:
    """Return everything that is wrong with a release, one line each; empty when it verifies.

    Parameters
    ----------
    folder : pathlib.Path
    catalog : Catalog, optional
        Its experts' names and its secret are looked for in the release, and the manifest's hash must be the
        one that it noted when it wrote this version.
    sha256 : str, optional
        What the manifest's SHA-256 must be, 64 hex digits.
    """
    if not folder.is_dir():
        return [f"{folder.name}: no such folder"]
    own = manifest_sha256(folder)
    found = []
    if sha256 is not None and own != sha256.strip().lower():
        found.append(f"{MANIFEST}: its SHA-256 is {own or 'none'}, not {sha256.strip().lower()}")
    if catalog is None:
        return [*found, *problems_of(folder)]
    with catalog.read() as connection:
        names = _people(connection)
        noted = _noted(connection, folder)
    if noted and noted != own:
        found.append(f"{MANIFEST}: its SHA-256 is {own}; this site wrote {noted}")
    return [*found, *problems_of(folder, [*names, *_secrets(catalog)])]


def _noted(connection: sa.Connection, folder: Path) -> str:
    """Return the hash that the site noted for the version that a manifest names; empty when it wrote none."""
    try:
        stated = load_manifest(folder)
    except ReleaseError:
        return ""
    rows = releases_of(connection, str(stated.get("project")))
    key = (stated.get("version"), stated["format"])
    here = [r.manifest_sha256 for r in rows if (r.version, r.format) == key]
    return here[0] if here else ""


def _build(
    catalog: Catalog,
    contents: Contents,
    folder: Path,
    words: Sequence[str],
    progress: Callable[[int, int], None] | None,
) -> ReleaseRow:
    files = compose(contents)
    for name, data in files.loose.items():
        (folder / name).write_bytes(data)
    (folder / CARD).write_bytes(write_card(contents, files))
    mark = mark_of(contents.project, contents.version, contents.format)
    write_zip(folder / LABELS_ZIP, files.labels, files.labels.__getitem__, mark)
    _write_frames(catalog, contents, folder / FRAMES_ZIP, progress)
    on_disk: list[dict[str, str | int]] = [
        {"path": p.name, "bytes": p.stat().st_size, "sha256": sha256_of_file(p)}
        for p in sorted(folder.iterdir())
    ]
    (folder / MANIFEST).write_bytes(dump_json(make_manifest(contents, files, on_disk), indent=1))
    problems = problems_of(folder, words)
    if problems:
        raise ReleaseError(f"the release would not verify: {'; '.join(problems[:5])}")
    _flush(folder)
    at = datetime.fromisoformat(contents.date).replace(tzinfo=UTC)
    sha256 = sha256_of_file(folder / MANIFEST)
    return ReleaseRow(contents.project, contents.version, contents.format, sha256, str(folder), at)


def _write_frames(
    catalog: Catalog, contents: Contents, path: Path, progress: Callable[[int, int], None] | None
) -> None:
    expected = frames_of(contents.clips)
    n_done = 0

    def read(name: str) -> bytes:
        nonlocal n_done
        data = catalog.files.read_frame(Path(name).stem)
        n_done += 1
        if progress:
            progress(n_done, len(expected))
        return data

    write_zip(path, expected, read)


def _day(date: str | None, earlier: ReleaseRow | None) -> str:
    if date is None:
        return (earlier.created_at if earlier else now()).date().isoformat()
    try:
        return datetime.fromisoformat(date).date().isoformat()
    except ValueError:
        raise ReleaseError(f"a date is YYYY-MM-DD; got {date!r}") from None


def _words(catalog: Catalog, names: Sequence[str], contents: Contents) -> list[str]:
    """Return what the release must not hold: people's names and secrets, less what is public anyway."""
    terms = [f"{c.origin} {c.licence}" for c in contents.clips]
    public = "\n".join((contents.project, contents.title, contents.protocol.text, *terms))
    return [*(n for n in names if not holds_word(public, n)), *_secrets(catalog)]


def _people(connection: sa.Connection) -> list[str]:
    return [e.name for e in all_experts(connection) if not e.simulated]


def _secrets(catalog: Catalog) -> list[str]:
    path = catalog.settings.home / SITE_SECRET
    if not path.is_file():
        return []
    secret = path.read_bytes()
    return [secret.hex(), *([secret.decode().strip()] if secret.isascii() else [])]


def _flush(folder: Path) -> None:
    for path in (*folder.iterdir(), folder):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
