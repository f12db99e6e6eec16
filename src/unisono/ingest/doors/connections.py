"""The connections of a storage provider: how many there may be, from where, and how long each may be silent.

Whoever connects can hold a connection by silence, or by a request that comes a byte at a time. So what comes
before the association request has one short time in all, such connections do not count as senders, and one
address cannot have all places.

Source: DICOM PS3.8 section 9.1.5 (ARTIM timer).
"""

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from pynetdicom import AE
from pynetdicom.association import Association
from pynetdicom.dimse import DIMSEServiceProvider
from pynetdicom.transport import AssociationSocket, RequestHandler, ThreadedAssociationServer

MOST_PDU_BYTES = 1024 * 1024
"""An association request with all our contexts takes 30 kB; a length beyond this is an attack."""
OF_ONE_ADDRESS, IN_ALL = 2, 3
"""Connections for each association that may be: one address's, and everybody's."""
_WITHOUT_REQUEST = ("Sta1", "Sta2")
"""No association: the connection is not noticed yet, or awaits its request, or is over."""
_SHORTEST_S = 0.001


@dataclass(frozen=True, slots=True)
class Waits:
    """How long a connection may take, and how many may be.

    Parameters
    ----------
    request_s : float, s
        From its start until its association request is complete.
    idle_s : float, s
        Silence after that.
    associations : int
        Senders at the same time.
    """

    request_s: float
    idle_s: float
    associations: int


class Application(AE):
    """Counts as associations only those that were asked for."""

    @property
    def active_associations(self) -> list[Association]:
        """Associations whose request has come."""
        return [a for a in super().active_associations if is_asked_for(a)]


class Server(ThreadedAssociationServer):
    """Listens, and turns away at once what is too many."""

    daemon_threads = True
    request_queue_size = 128  # with the default of 5, a burst makes honest senders wait for a second or more

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  # as base
        waits: Waits,
        dimse_of: Callable[[Association], DIMSEServiceProvider],
        **rest: Any,  # noqa: ANN401
    ) -> None:
        self.waits, self.dimse_of = waits, dimse_of
        self._open: WeakKeyDictionary[socket.socket, str] = WeakKeyDictionary()
        super().__init__(*args, **rest)

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        """Return a new connection; its TLS handshake is left to its own thread."""
        listening: Any = self.socket
        connection, address = listening.accept()
        if self.ssl_context:
            # A silent client must not stop the others.
            connection = self.ssl_context.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            )
        return connection, address

    def verify_request(self, request: Any, client_address: Any) -> bool:  # noqa: ANN401  # as base
        """Return whether there is a place for a connection, in all and of its address."""
        there = [host for connection, host in list(self._open.items()) if connection.fileno() >= 0]
        most = self.waits.associations
        if len(there) >= IN_ALL * most or there.count(client_address[0]) >= OF_ONE_ADDRESS * most:
            return False
        self._open[request] = client_address[0]
        return True

    def handle_error(self, _request: object, _client_address: object) -> None:
        """Say nothing: the default prints the sender's address and a traceback."""


class Handler(RequestHandler):
    """Gives each connection our socket and our inbox."""

    def _create_association(self) -> Association:
        server: Any = self.server
        self.request.settimeout(server.waits.request_s)
        association = super()._create_association()
        association.dul.event_queue.queue.clear()  # the socket that is replaced said: connected
        association.dul.socket = _Socket(association, self.request, server.waits)
        association.dimse = server.dimse_of(association)
        return association


class _Socket(AssociationSocket):
    """Reads in large pieces, never more than a PDU may have, and never waits for ever."""

    def __init__(self, association: Association, connection: socket.socket, waits: Waits) -> None:
        super().__init__(association, client_socket=connection)
        self._of, self._idle_s = association, waits.idle_s
        self._until_s = time.monotonic() + waits.request_s

    def recv(self, nr_bytes: int) -> bytearray:
        if nr_bytes > MOST_PDU_BYTES:
            raise OSError("a PDU longer than any legal one")
        buffer = bytearray(nr_bytes)
        view, at = memoryview(buffer), 0
        sock = self.socket
        while at < nr_bytes and sock is not None:
            sock.settimeout(self._patience_s())
            n_read = sock.recv_into(view[at:])
            if not n_read:
                return buffer[:at]
            at += n_read
        return buffer

    def _patience_s(self) -> float:
        if is_asked_for(self._of):
            return self._idle_s
        return max(_SHORTEST_S, self._until_s - time.monotonic())

    def _shutdown_socket(self) -> None:
        # The base leaves a connection open that its peer has closed first.
        if self.socket is not None:
            with suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)
            self.socket.close()


def is_asked_for(association: Association) -> bool:
    """Return whether an association's request has come, and its end has not."""
    return association.dul.state_machine.current_state not in _WITHOUT_REQUEST
