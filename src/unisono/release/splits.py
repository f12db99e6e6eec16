"""Train, tune and internal validation, by subject: all images of a patient are in one part.

The part follows from the subject's pseudonym and a seed by a public hash, so adding subjects to a later
version moves nobody, and anyone who has the release can check it.
"""

import hashlib
from collections.abc import Iterable, Mapping

SHARES = {"train": 0.70, "tune": 0.15, "ival": 0.15}
"""Share of the subjects that each part is expected to get."""
SEED = "unisono-1"
"""Seed of releases that name none."""


def split_of(subject: str, seed: str = SEED) -> str:
    """Return the part of a subject.

    Parameters
    ----------
    subject : str
        Pseudonym.
    seed : str
        Another seed gives another division.

    Examples
    --------
    >>> split_of("subject-1") == split_of("subject-1")
    True
    """
    digest = hashlib.sha256(f"{seed}\n{subject}".encode()).digest()
    place = int.from_bytes(digest[:8]) / 2**64  # evenly in [0, 1)
    if place < SHARES["train"]:
        return "train"
    return "tune" if place < SHARES["train"] + SHARES["tune"] else "ival"


def divide(
    subjects: Iterable[str], seed: str = SEED, given: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the part of each subject; what is ``given`` stands.

    Parameters
    ----------
    subjects : iterable of str
    seed : str
    given : mapping of str to str, optional
        Parts that were fixed before, such as those of an imported release.
    """
    fixed = given or {}
    return {s: fixed.get(s) or split_of(s, seed) for s in sorted(set(subjects))}


def crossing(rows: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return the subjects that stand in more than one part, with these parts.

    Parameters
    ----------
    rows : iterable of (subject, part)
    """
    parts: dict[str, set[str]] = {}
    for subject, part in rows:
        parts.setdefault(subject, set()).add(part)
    return {s: sorted(p) for s, p in sorted(parts.items()) if len(p) > 1}
