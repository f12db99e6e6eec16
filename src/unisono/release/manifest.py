"""``manifest.json``: what a release is, how it came about, and the hash of every file in it."""

from collections.abc import Sequence
from typing import Any

from unisono.formats.base import codecs
from unisono.release.archive import hashes_of
from unisono.release.package import (
    Contents,
    Files,
    approvals_of,
    counts_of,
    given_parts,
    labels_by_visibility,
)
from unisono.release.splits import SHARES

SCHEMA = 2
"""Version of the forms of manifest and card; `verify` makes both anew and compares."""
RULE = "sha256 of seed and subject; what is given stands"
COORDINATES = (
    "px of the stored frame, x right, y down, (0, 0) the centre of the top-left pixel, frames from 0"
)


def make_manifest(
    contents: Contents, files: Files, on_disk: Sequence[dict[str, str | int]]
) -> dict[str, Any]:
    """Return the manifest.

    Parameters
    ----------
    contents : Contents
    files : Files
    on_disk : sequence of dict
        ``path``, ``bytes`` and ``sha256`` of every other file of the release.
    """
    return {
        "schema": SCHEMA,
        "project": contents.project,
        "title": contents.title,
        "version": contents.version,
        "format": contents.format,
        "format_title": codecs()[contents.format].title,
        "date": contents.date,
        "code_version": contents.code_version,
        "protocol": {"name": contents.protocol.name, "version": contents.protocol.version},
        "coordinates": COORDINATES,
        "labels": {
            "policy": contents.policy,
            "carried": list(files.carried),
            "left_out": files.left_out,
            "by_visibility": labels_by_visibility(contents.settled),
        },
        "consensus": contents.consensus,
        "split": {
            "rule": RULE,
            "seed": contents.split_seed,
            "shares": SHARES,
            "given": given_parts(contents.clips, contents.split_seed),
        },
        "deidentification": {"approved_by": approvals_of(contents.clips)},
        "counts": counts_of(contents.clips, contents.experts, contents.items, contents.answers),
        "simulated": {
            "project": contents.simulated,
            "clips": [c.code for c in contents.clips if c.simulated],
            "experts": [e.pseudonym for e in contents.experts if e.simulated],
        },
        "clips": [{"code": c.code, "licence": c.licence, "origin": c.origin} for c in contents.clips],
        "files": list(on_disk),
        "members": {"labels.zip": hashes_of(dict(files.labels))},
    }
