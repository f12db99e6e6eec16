"""Whether a content is in already, asked by its keyed hash alone: so a door need not fetch it."""

from collections.abc import Sequence

from unisono.catalog.clips import clip_by_code, known_sources
from unisono.catalog.db import Catalog

NOT_IN = frozenset({"quarantined", "rejected"})
"""States in which a recording is withheld; reading it again says why."""


def which_are_in(catalog: Catalog, dataset_class: str, source_keys: Sequence[str]) -> set[str]:
    """Return those contents whose clips are in, in this class, and not withheld.

    Parameters
    ----------
    catalog : Catalog
    dataset_class : str
        Two digits.
    source_keys : sequence of str
        As `Keys.source_key` gives them.

    Returns
    -------
    set of str
        Recordings that were cut into parts are never among them: each of the parts may be withheld.
    """
    with catalog.read() as connection:
        clips = {
            key: clip_by_code(connection, code)
            for key, code in known_sources(connection, source_keys).items()
        }
    return {
        key
        for key, clip in clips.items()
        if clip.dataset_class == dataset_class and clip.state not in NOT_IN and clip.part is None
    }
