"""Read clips, then look for text in them, in two pools: who reads pictures is large, who reads files lean."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import cv2

from unisono.base.errors import IngestError
from unisono.ingest.gate.composites import Composites
from unisono.ingest.gate.verdict import Verdict, run_gate
from unisono.ingest.identity.identifiers import NOBODY, Identifiers
from unisono.ingest.prepare import Job, prepare_parts
from unisono.ingest.prepared import NOT_RUN, Prepared
from unisono.ingest.workers import Workers


@dataclass(frozen=True, slots=True)
class Look:
    """What the gate is shown: the pictures, and whom the header names."""

    shown: Composites = field(repr=False)
    identifiers: Identifiers = field(repr=False)


def look(what: Look) -> Verdict:
    """Return what the gate says."""
    cv2.setNumThreads(1)  # as in `prepare`
    return run_gate(what.shown, what.identifiers)


def read_and_look(
    readers: Workers, gates: Workers, jobs: Sequence[Job], known: Identifiers = NOBODY
) -> Iterator[tuple[Job, Prepared | IngestError]]:
    """Yield each job with its clip, looked at, or with the error that refuses it; once for each of its parts.

    A gate that dies over a clip has not seen it: its verdict stays ``not run``.

    Parameters
    ----------
    readers, gates : Workers
    jobs : sequence of Job
    known : Identifiers, optional
        Whom the originals name, for jobs whose files do not say.
    """
    passed_on: deque[tuple[Job, Prepared]] = deque()
    refused: deque[tuple[Job, IngestError]] = deque()

    def looks() -> Iterator[Look]:
        for job, parts in readers.map(prepare_parts, jobs):
            if isinstance(parts, IngestError):
                refused.append((job, parts))
                continue
            for prepared in parts:
                passed_on.append((job, prepared))
                yield Look(prepared.shown, prepared.private.identifiers or known)

    for _, verdict in gates.map(look, looks()):
        yield from _all_of(refused)
        job, prepared = passed_on.popleft()
        yield job, prepared.looked_at(NOT_RUN if isinstance(verdict, IngestError) else verdict)
    yield from _all_of(refused)


def _all_of(refused: deque[tuple[Job, IngestError]]) -> Iterator[tuple[Job, IngestError]]:
    while refused:
        yield refused.popleft()
