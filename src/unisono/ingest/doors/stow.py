"""STOW-RS without its web server: parts into the inbox, and the answer as the standard has it.

Source: DICOM PS3.18 section 10.5 (store transaction) and annex I (Store Instances Response module); annex F
(JSON); PS3.4 table B.2-1 and PS3.18 table I.2-2 for the reasons.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from unisono.base.errors import IngestError
from unisono.ingest.doors.arrived import Facts, check_facts, read_facts, read_study
from unisono.ingest.doors.inbox import Arrival, Inbox
from unisono.ingest.doors.multipart import Begin, Data, Event, Parts

OUT_OF_RESOURCES, WRONG_CLASS, NOT_UNDERSTOOD = 0xA700, 0xA900, 0xC000
WRONG_STUDY = 0xA901
"""Of the range for an object that is not what it was announced as; no value of its own is standard."""
KIND = "application/dicom"
_REASONS = {"E_STORE_IO": OUT_OF_RESOURCES, "E_LIMIT_SIZE": OUT_OF_RESOURCES, "E_MODALITY": WRONG_CLASS}
_CLASS, _INSTANCE, _REASON = "00081150", "00081155", "00081197"
_FAILED, _STORED, _OTHER = "00081198", "00081199", "0008119A"


def reason_of(error: IngestError) -> int:
    """Return the status that says why an object was refused, in C-STORE and in STOW-RS alike."""
    return _REASONS.get(error.code, NOT_UNDERSTOOD)


@dataclass
class Stored:
    """What became of the parts so far.

    Parameters
    ----------
    stored : list of Facts
    failed : list of tuple
        Each with the reason; its facts are None when it could not be read.
    """

    stored: list[Facts] = field(default_factory=list)
    failed: list[tuple[Facts | None, int]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether no part came at all."""
        return not self.stored and not self.failed

    @property
    def http_status(self) -> int:
        """200 when all parts are stored, 202 when some are, 409 when none is, 503 for want of room."""
        if not self.failed:
            return 200
        if self.stored:
            return 202
        return 503 if all(reason == OUT_OF_RESOURCES for _, reason in self.failed) else 409

    def to_json(self) -> dict[str, Any]:
        """Return the Store Instances Response in DICOM JSON."""
        known = [(facts, reason) for facts, reason in self.failed if facts is not None]
        answer = {
            _STORED: [_reference(facts) for facts in self.stored],
            _FAILED: [_reference(facts) | _us(_REASON, reason) for facts, reason in known],
            _OTHER: [_us(_REASON, reason) for facts, reason in self.failed if facts is None],
        }
        return {tag: {"vr": "SQ", "Value": items} for tag, items in answer.items() if items}


class Store:
    """Takes the body of one request, piece by piece.

    Parts that were whole stay in when a later one breaks off: sending them again changes nothing.

    Parameters
    ----------
    inbox : Inbox
    boundary : bytes
    study : str, optional
        Study Instance UID that all parts must have.
    """

    def __init__(self, inbox: Inbox, boundary: bytes, study: str = "") -> None:
        self._inbox, self._parts, self._study = inbox, Parts(boundary), study
        self._arrival: Arrival | None = None
        self.result = Stored()

    def feed(self, piece: bytes) -> None:
        """Take some bytes.

        Raises
        ------
        IngestError
            If the body is no legal multipart; nothing of the open part is left then.
        """
        try:
            for event in self._parts.feed(piece):
                self._handle(event)
        except IngestError:
            self.drop()
            raise

    def finish(self) -> Stored:
        """Say that no more comes, and return what became of it.

        Raises
        ------
        IngestError
            ``E_TRUNCATED`` (nothing of the open part is left), ``E_NOT_DICOM`` if there was no part.
        """
        try:
            self._parts.finish()
        finally:
            self.drop()
        if self.result.is_empty:
            raise IngestError(
                "E_NOT_DICOM", f"the body holds no part; each {KIND} object is a part of its own"
            )
        return self.result

    def drop(self) -> None:
        """Let go of a part that is open."""
        if self._arrival is not None:
            self._arrival.close()
            self._arrival = None

    def _handle(self, event: Event) -> None:
        if isinstance(event, Begin):
            self._arrival = self._inbox.begin()
            if event.headers.get("content-type", KIND).partition(";")[0].strip().lower() != KIND:
                self._arrival.refuse(IngestError("E_NOT_DICOM", f"a part must be {KIND}"))
        elif isinstance(event, Data):
            if self._arrival is not None:
                self._arrival.write(event.data)
        elif self._arrival is not None:
            self._settle(self._arrival)
            self._arrival = None

    def _settle(self, arrival: Arrival) -> None:
        facts, path = None, Path(arrival.name)
        try:
            if arrival.error is not None:
                raise arrival.error
            facts = read_facts(path)
            check_facts(facts)
            if self._study and read_study(path) != self._study:
                self.result.failed.append((facts, WRONG_STUDY))
                return
            self._inbox.deliver(arrival)
            self.result.stored.append(facts)
        except IngestError as error:
            self.result.failed.append((facts, reason_of(error)))
        finally:
            arrival.close()


def _reference(facts: Facts) -> dict[str, Any]:
    uids = {_CLASS: facts.sop_class, _INSTANCE: facts.uid}
    return {tag: {"vr": "UI", "Value": [uid]} for tag, uid in uids.items()}


def _us(tag: str, value: int) -> dict[str, Any]:
    return {tag: {"vr": "US", "Value": [value]}}
