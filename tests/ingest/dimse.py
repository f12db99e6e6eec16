"""DICOM senders for the tests: dcmtk's programs, and pynetdicom where a program is too polite."""

import shutil
import socket
import struct
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pynetdicom import AE
from pynetdicom.association import Association

US_MULTI, VERIFICATION = "1.2.840.10008.5.1.4.1.1.3.1", "1.2.840.10008.1.1"
needs_dcmtk = pytest.mark.skipif(
    shutil.which("storescu") is None, reason="dcmtk is not installed: storescu and echoscu are missing"
)


def send(
    program: str, port: int, *files: Path, option: str = "-x=", title: str = "SENDER", called: str = "UNISONO"
) -> "subprocess.CompletedProcess[str]":
    """Run echoscu, or storescu with the option that proposes a transfer syntax."""
    options = [option] if program == "storescu" else []
    command = [program, *options, "-aet", title, "-aec", called, "127.0.0.1", str(port), *map(str, files)]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)


def connect(
    port: int, *, title: str = "SENDER", called: str = "UNISONO", sop_class: str = US_MULTI, **rest: Any
) -> Association:
    """Open an association for explicit little endian objects of one class, and for C-ECHO."""
    ae = AE(ae_title=title)
    ae.acse_timeout = ae.dimse_timeout = ae.network_timeout = 60
    ae.add_requested_context(VERIFICATION)
    ae.add_requested_context(sop_class, ["1.2.840.10008.1.2.1"])
    return ae.associate("127.0.0.1", port, ae_title=called, **rest)


def request_bytes(title: str = "SENDER", called: str = "UNISONO") -> bytes:
    """Return an association request, as bytes: explicit little endian ultrasound in context 1."""

    def item(kind: int, value: bytes) -> bytes:
        return struct.pack(">BBH", kind, 0, len(value)) + value

    context = item(
        0x20,
        b"\x01\0\0\0" + item(0x30, US_MULTI.encode()) + item(0x40, b"1.2.840.10008.1.2.1"),
    )
    user = item(0x50, item(0x51, struct.pack(">I", 16384)) + item(0x52, b"1.2.3"))
    head = struct.pack(">HH", 1, 0) + called.encode().ljust(16) + title.encode().ljust(16) + b"\0" * 32
    body = head + item(0x10, b"1.2.840.10008.3.1.1.1") + context + user
    return struct.pack(">BBI", 1, 0, len(body)) + body


def pdv(control: int, data: bytes) -> bytes:
    """Return a P-DATA PDU of one fragment in context 1."""
    value = struct.pack(">IBB", len(data) + 2, 1, control) + data
    return struct.pack(">BBI", 4, 0, len(value)) + value


def store_command(uid: str = "1.2.826.7.1", *, most: int = 0x0000) -> bytes:
    """Return the command set of a C-STORE request, as bytes."""

    def element(number: int, value: bytes) -> bytes:
        value += b"\0" * (len(value) % 2)
        return struct.pack("<HHI", 0, number, len(value)) + value

    rest = (
        element(0x0002, US_MULTI.encode())
        + element(0x0100, struct.pack("<H", 1))
        + element(0x0110, struct.pack("<H", 1))
        + element(0x0700, struct.pack("<H", 0))
        + element(0x0800, struct.pack("<H", most))
        + element(0x1000, uid.encode())
    )
    return element(0, struct.pack("<I", len(rest))) + rest


def raw(port: int, title: str = "SENDER") -> socket.socket:
    """Return a connection whose association was accepted."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    connection.sendall(request_bytes(title))
    kind = connection.recv(4096)[:1]
    assert kind == b"\x02", "the association was not accepted"
    return connection


def wait_until(is_so: Callable[[], bool], within_s: float = 60.0) -> bool:
    """Return whether something comes to be so."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if is_so():
            return True
        time.sleep(0.02)
    return is_so()


def files_in(folder: Path) -> list[str]:
    """Return the names of the files in an inbox, its lock aside."""
    return sorted(p.name for p in folder.iterdir() if p.name != ".lock")
