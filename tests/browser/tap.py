"""A relay between one browser and the server that keeps every byte on its way to the browser."""

import contextlib
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

CHUNK_BYTES = 65536


@dataclass
class Tap:
    """Listens on a loopback port and passes everything on to the server, both ways, unchanged.

    What a browser's own tools show is what they choose to show; this is what came over the wire: headers,
    bodies and streams alike.

    Parameters
    ----------
    to_port : int
        Of the server on this machine.
    """

    to_port: int
    streams: list[bytearray] = field(default_factory=list)
    _open: list[socket.socket] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._start(self._accept)

    @property
    def address(self) -> str:
        """Return where the browser reaches the server through this relay."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def received(self) -> bytes:
        """Return all that the browser was sent so far."""
        return b"\n".join(bytes(stream) for stream in self.streams)

    def close(self) -> None:
        """Take no more connections and end those that are open."""
        for end in (self._listening, *self._open):
            with contextlib.suppress(OSError):  # hung up already
                end.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        for end in (self._listening, *self._open):
            end.close()

    def _start(self, work: Callable[..., None], *args: Any) -> None:
        self._threads.append(threading.Thread(target=work, args=args, daemon=True))
        self._threads[-1].start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                browser, _ = self._listening.accept()
                server = socket.create_connection(("127.0.0.1", self.to_port))
                heard = bytearray()
                self.streams.append(heard)
                self._open += [browser, server]
                self._start(_pass_on, browser, server, None)
                self._start(_pass_on, server, browser, heard)


def _pass_on(source: socket.socket, target: socket.socket, heard: bytearray | None) -> None:
    with contextlib.suppress(OSError):  # either side hung up
        while data := source.recv(CHUNK_BYTES):
            if heard is not None:
                heard += data
            target.sendall(data)
    for end in (source, target):
        with contextlib.suppress(OSError):  # the other direction was first
            end.shutdown(socket.SHUT_RDWR)
