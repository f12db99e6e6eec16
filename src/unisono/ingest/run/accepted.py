"""What a person has let pass on a clip: places of words that were called harmless, with a reason.

They stay accepted for the mask under which they were. A place that the gate finds later is one of them when
it lies on them and names somebody no more than they did.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa

from unisono.catalog import evidence as rows
from unisono.catalog.clips import Clip
from unisono.ingest.gate.verdict import OWN_NUMBER, Hit

KINDS = (OWN_NUMBER, "text", "identifier")
"""From the most harmless to the worst."""
MARGIN_PX, MARGIN_SHARE = 2, 0.25
"""How far a place may reach beyond an accepted one: px, and of that one's height. A letter is wider."""
Boxes = Sequence[Mapping[str, Any]]


def accepted_boxes(connection: sa.Connection, clip: Clip) -> tuple[dict[str, Any], ...]:
    """Return the places that the gate had found when a person approved a clip; none when nobody did.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    clip : Clip
        As it is approved; with another mask nothing of it is accepted.
    """
    deeds = rows.inspections_of(connection, clip.code)
    approved = max((i for i, deed in enumerate(deeds) if deed.decision == "approve"), default=None)
    if approved is None or deeds[approved].by.startswith("policy:"):
        return ()
    if deeds[approved].mask_version != clip.mask_version:
        return ()
    # Each search of an approved clip added one verdict; by their order, as clocks are set back.
    n_later = sum(deed.decision == "recheck" for deed in deeds[approved:])
    verdicts = rows.verdicts_on(connection, clip.code, clip.mask_version)
    return verdicts[-1 - n_later].boxes if n_later < len(verdicts) else ()


def are_accepted(hits: Sequence[Hit], boxes: Boxes, rows_px: int, columns_px: int) -> bool:
    """Return whether every place that holds a clip back lies on places that were accepted.

    Parameters
    ----------
    hits : sequence of Hit
        What the gate finds now.
    boxes : sequence of dict
        What it had found: x0, y0, x1, y1 in px, kind.
    rows_px, columns_px : int, px
        Size of the frame.

    Returns
    -------
    bool
        False when nothing holds it back.
    """
    holding = [hit for hit in hits if hit.kind != OWN_NUMBER]
    return bool(holding) and all(_lies_on(hit, boxes, (rows_px, columns_px)) for hit in holding)


def _lies_on(hit: Hit, boxes: Boxes, shape: tuple[int, int]) -> bool:
    accepted = np.zeros(shape, bool)
    for box in boxes:
        if KINDS.index(box["kind"]) >= KINDS.index(hit.kind):
            margin = max(MARGIN_PX, MARGIN_SHARE * (box["y1"] - box["y0"]))
            x0, y0 = (max(0, int(box[corner] - margin)) for corner in ("x0", "y0"))
            x1, y1 = (int(box[corner] + margin) for corner in ("x1", "y1"))
            accepted[y0 : y1 + 1, x0 : x1 + 1] = True
    place = accepted[hit.y0 : hit.y1 + 1, hit.x0 : hit.x1 + 1]
    return place.size > 0 and bool(place.all())
