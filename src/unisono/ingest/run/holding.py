"""Why a clip that is in lies in quarantine, or was rejected."""

from collections.abc import Callable, Mapping

import sqlalchemy as sa

from unisono.base.errors import IngestError
from unisono.catalog import evidence as rows
from unisono.catalog.clips import Clip, clip_by_code, known_sources
from unisono.ingest.prepared import gate_error


def held_reasons(
    connection: sa.Connection, codes: Mapping[str, str], part_key: Callable[[str, int], str]
) -> dict[str, IngestError]:
    """Return, of those recordings that lie in quarantine, or a part of them, the rule that put them there.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    codes : mapping of str to str
        The clip of each source key; of a recording that was cut, its first part.
    part_key : callable
        Gives the source key of a further part.
    """
    found = {}
    for source_key, code in codes.items():
        n_parts = (clip_by_code(connection, code).part or {}).get("of", 1)
        others = known_sources(connection, [part_key(source_key, k) for k in range(2, n_parts + 1)])
        errors = (_held_reason(connection, one) for one in (code, *others.values()))
        error = next(filter(None, errors), None)
        if error is not None:
            found[code] = error
    return found


def _held_reason(connection: sa.Connection, code: str) -> IngestError | None:
    clip = clip_by_code(connection, code)
    if clip.state == "quarantined":
        return why_held(clip, rows.verdict_of(connection, code, clip.mask_version))
    if clip.state == "rejected":
        return IngestError("E_REJECTED", "a person looked at this clip and rejected it")
    return None


def why_held(clip: Clip, verdict: rows.GateVerdict | None) -> IngestError:
    """Return the rule that put a clip into quarantine."""
    refused = clip.mask.get("refused")
    if refused:
        return IngestError(refused["code"], refused["reason"])
    error = gate_error(verdict.verdict) if verdict else None
    return error or IngestError("E_TEXT_RESIDUAL", "the masked frames show text")
