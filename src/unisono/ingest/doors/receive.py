"""A DICOM storage provider: C-STORE and C-ECHO in, durable files in the inbox out.

pynetdicom speaks the protocol. What is ours is where the bytes go and what may come: objects are streamed to
the inbox as they arrive, senders must be on a list, and sizes, times and connections have limits. Success is
said only when the object is on the disk for good.

Sources: DICOM PS3.7 section 9.1.1 (C-STORE), PS3.4 annex B.2.3 (its status codes), PS3.8 section 9.3 (PDUs).
"""

import logging
import re
import ssl
import struct
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydicom.filewriter import write_file_meta_info
from pynetdicom import evt
from pynetdicom.association import Association
from pynetdicom.dimse import DIMSEServiceProvider
from pynetdicom.dimse_messages import C_STORE_RQ
from pynetdicom.dsutils import create_file_meta
from pynetdicom.pdu_primitives import P_DATA

from unisono.base.errors import IngestError, SettingsError
from unisono.ingest.doors.arrived import CLASSES, TRANSFER_SYNTAXES, check_facts, read_facts
from unisono.ingest.doors.connections import Application, Handler, Server, Waits, is_asked_for
from unisono.ingest.doors.inbox import Arrival, Inbox
from unisono.ingest.doors.stow import NOT_UNDERSTOOD, reason_of

SUCCESS = 0x0000
VERIFICATION = "1.2.840.10008.1.1"
PDU_BYTES = 256 * 1024
MOST_COMMAND_BYTES = 64 * 1024
MALFORMED = (
    AttributeError, EOFError, IndexError, KeyError, NotImplementedError, OverflowError, RecursionError,
    TypeError, ValueError, struct.error,
)  # fmt: skip
"""What pydicom and pynetdicom raise on a command set that is not one."""
_AE_TITLE = re.compile(r"[\x20-\x5b\x5d-\x7e]{1,16}")
# What pynetdicom logs may name a sender or a value.
logging.getLogger("pynetdicom").addHandler(logging.NullHandler())
logging.getLogger("pynetdicom").propagate = False


@dataclass(frozen=True, slots=True)
class Terms:
    """Who may send, to whom, and within which limits.

    Parameters
    ----------
    allow : tuple of str
        Calling AE titles; at least one.
    ae_title : str
        Our own; who calls another is rejected.
    host : str
    port : int
        0 takes a free one.
    associations : int
        At the same time.
    idle_s : float, s
        Silence after which a connection is closed.
    cert, key, ca : pathlib.Path, optional
        PEM files: our certificate and its key; and, when senders must show theirs, who signed them.
    request_s : float, s
        Time from the connection to the whole association request, TLS included (ARTIM, PS3.8 section 9.1.5).
    any_called : bool
        Let senders call us by any title.

    Raises
    ------
    SettingsError
        If nobody may send, a title is no AE title, or a certificate comes without its key.
    """

    allow: tuple[str, ...]
    ae_title: str = "UNISONO"
    host: str = "127.0.0.1"
    port: int = 11112
    associations: int = 8
    idle_s: float = 60.0
    cert: Path | None = None
    key: Path | None = None
    ca: Path | None = None
    request_s: float = 10.0
    any_called: bool = False

    def __post_init__(self) -> None:
        if not self.allow:
            raise SettingsError("nobody may send: name each sender's AE title with --allow")
        for title in (*self.allow, self.ae_title):
            if not _AE_TITLE.fullmatch(title) or not title.strip():
                raise SettingsError(f"an AE title has 1 to 16 printable characters; got {title!r}")
        if (self.cert is None) != (self.key is None) or (self.ca and not self.cert):
            raise SettingsError("TLS needs a certificate and its key; --ca comes on top of both")


class Receiver:
    """A running storage provider.

    Parameters
    ----------
    inbox : Inbox
    terms : Terms

    Raises
    ------
    SettingsError
        If the address cannot be listened on, or the TLS files cannot be read.
    """

    def __init__(self, inbox: Inbox, terms: Terms) -> None:
        self._terms = terms
        inbox.sweep()
        ae = _application(terms)
        try:
            self._server: Any = ae.make_server(
                (terms.host, terms.port),
                ssl_context=_tls(terms),
                evt_handlers=[(evt.EVT_C_STORE, _stored, [inbox]), (evt.EVT_CONN_CLOSE, _let_go)],
                server_class=Server,
                request_handler=Handler,
                waits=Waits(terms.request_s, terms.idle_s, terms.associations),
                dimse_of=lambda association: _Dimse(association, inbox),
            )
        except OSError as error:
            where = f"{terms.host}:{terms.port}"
            raise SettingsError(f"cannot listen on {where} ({type(error).__name__})") from None
        ae._servers.append(self._server)  # noqa: SLF001  # as start_server does; shutdown takes it out again
        self._ae = ae
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The port in force."""
        return int(self._server.server_address[1])

    def close(self) -> None:
        """Stop listening and end what is under way; objects that are not whole leave nothing."""
        active = list(self._server.active_associations)
        self._server.shutdown()
        for association in active:
            if is_asked_for(association):
                association.abort()
            else:
                association.dul.socket.close()
            association.join(self._terms.idle_s)
            _abandon(association)
        self._thread.join()


class _Dimse(DIMSEServiceProvider):
    """Puts an inbox file under every C-STORE request, and keeps all else small."""

    def __init__(self, association: Association, inbox: Inbox) -> None:
        super().__init__(association)
        self._inbox, self.arrivals = inbox, set[Arrival]()
        self._n_bytes = 0

    def receive_primitive(self, primitive: P_DATA) -> None:
        for context_id, data in primitive.presentation_data_value_list:
            one = P_DATA()
            one.presentation_data_value_list.append((context_id, data))
            try:
                if not self._is_legal(context_id, data):
                    raise ValueError("a message that no sender would send")
                super().receive_primitive(one)
            except MALFORMED:
                self.dul.event_queue.put("Evt19")  # as for an unknown PDU: the association is aborted
                return
            if self.message is None:
                self._n_bytes = 0
            elif isinstance(self.message, C_STORE_RQ) and self.message._data_set_file is None:  # noqa: SLF001
                self._open(self.message, context_id)

    def _is_legal(self, context_id: int, data: bytes) -> bool:
        is_object = self.message is not None and isinstance(self.message, C_STORE_RQ)
        if is_object:
            return True
        self._n_bytes += len(data)
        is_known = any(cx.context_id == context_id for cx in self.assoc.accepted_contexts)
        return bool(data) and is_known and self._n_bytes <= MOST_COMMAND_BYTES

    def _open(self, message: Any, context_id: int) -> None:  # noqa: ANN401  # pynetdicom makes its classes at run time
        arrival = self._inbox.begin()
        self.arrivals.add(arrival)
        command = message.command_set
        syntax = next(
            cx.transfer_syntax[0] for cx in self.assoc.accepted_contexts if cx.context_id == context_id
        )
        message._data_set_file, message._data_set_path = arrival, Path(arrival.name)  # noqa: SLF001
        try:
            meta = create_file_meta(
                sop_class_uid=command.AffectedSOPClassUID,
                sop_instance_uid=command.AffectedSOPInstanceUID,
                transfer_syntax=syntax,
            )
            arrival.write(b"\0" * 128 + b"DICM")
            write_file_meta_info(arrival, meta)  # type: ignore[arg-type]  # asks for write alone
        except (AttributeError, TypeError, ValueError) as error:
            message = f"the request does not say what it stores ({type(error).__name__})"
            arrival.refuse(IngestError("E_NOT_DICOM", message))


def _stored(event: evt.Event, inbox: Inbox) -> int:
    arrival = getattr(event.request, "_dataset_file", None)
    if not isinstance(arrival, Arrival):
        return NOT_UNDERSTOOD
    association: Any = event.assoc
    association.dimse.arrivals.discard(arrival)
    try:
        if arrival.error is not None:
            return reason_of(arrival.error)
        request: Any = event.request
        check_facts(
            read_facts(Path(arrival.name)),
            sop_class=str(request.AffectedSOPClassUID),
            uid=str(request.AffectedSOPInstanceUID),
        )
        inbox.deliver(arrival)
    except IngestError as error:
        return reason_of(error)
    finally:
        arrival.close()
    return SUCCESS


def _let_go(event: evt.Event) -> None:
    _abandon(event.assoc)


def _abandon(association: Any) -> None:  # noqa: ANN401  # its dimse is ours
    dimse = association.dimse
    for arrival in list(getattr(dimse, "arrivals", ())):
        arrival.close()


def _application(terms: Terms) -> Application:
    ae = Application(ae_title=terms.ae_title)
    ae.require_calling_aet = list(terms.allow)
    ae.require_called_aet = not terms.any_called
    ae.maximum_associations = terms.associations
    ae.maximum_pdu_size = PDU_BYTES
    ae.acse_timeout = terms.request_s
    ae.dimse_timeout = ae.network_timeout = terms.idle_s
    ae.add_supported_context(VERIFICATION)
    for sop_class in CLASSES:
        ae.add_supported_context(sop_class, list(TRANSFER_SYNTAXES))
    return ae


def _tls(terms: Terms) -> ssl.SSLContext | None:
    if terms.cert is None or terms.key is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(terms.cert, terms.key)
        if terms.ca is not None:
            context.load_verify_locations(terms.ca)
            context.verify_mode = ssl.CERT_REQUIRED
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(f"the TLS files cannot be used ({type(error).__name__})") from None
    return context
