import io
import socket
import ssl
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pydicom
import pytest

from tests.ingest import dimse
from tests.ingest.makers import (
    BIG,
    EXPLICIT,
    IMPLICIT,
    J2K,
    JPEG,
    JPEG_LS,
    RLE,
    SV1,
    dataset,
    loop,
    write_dicom,
)
from unisono.base.errors import SettingsError
from unisono.ingest.doors import inbox as inbox_module
from unisono.ingest.doors.inbox import Inbox
from unisono.ingest.doors.receive import Receiver, Terms
from unisono.ingest.limits import Limits

SAMPLES = Path(__file__).parents[3].parent / "shared" / "data" / "dicom"
TERMS = Terms(("SENDER",), port=0, idle_s=5.0)


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path, "01")


@pytest.fixture
def port(inbox: Inbox) -> Iterator[int]:
    receiver = Receiver(inbox, TERMS)
    yield receiver.port
    receiver.close()


def test_an_object_is_stored_as_it_was_sent(port: int, inbox: Inbox) -> None:
    association = dimse.connect(port)
    sent = dataset(loop(3))
    assert association.send_c_echo().Status == 0
    assert association.send_c_store(sent).Status == 0
    association.release()
    (path,) = inbox.delivered()
    stored = pydicom.dcmread(path)
    assert stored.SOPInstanceUID == sent.SOPInstanceUID
    assert stored.PixelData == sent.PixelData
    assert dimse.files_in(inbox.folder) == [path.name]


def test_nobody_is_let_in_who_is_not_on_the_list(port: int, inbox: Inbox) -> None:
    association = dimse.connect(port, title="STRANGER")
    assert association.is_rejected
    with pytest.raises(SettingsError, match="nobody may send"):
        Terms(())
    for wrong in ("", " ", "x" * 17, "a\\b"):
        with pytest.raises(SettingsError):
            Terms((wrong,))


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"Modality": "CT"}, 0xA900),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.2"}, 0xA900),
        ({"Modality": None}, 0xA900),
    ],
)
def test_what_is_no_ultrasound_is_refused_at_once(
    port: int, inbox: Inbox, values: dict[str, str | None], status: int
) -> None:
    connection = dimse.raw(port)
    sent = dataset(loop(2), **values)
    assert stored_status(connection, encoded(sent)) == status
    assert dimse.files_in(inbox.folder) == []


def test_who_calls_another_title_is_rejected_and_told_why(port: int, tmp_path: Path) -> None:
    for title, called, diagnostic in (
        ("SENDER", "ANY-SCP", 7),
        ("SENDER", "unisono", 7),
        ("OTHER", "UNISONO", 3),
    ):
        with socket.create_connection(("127.0.0.1", port), 10) as connection:
            connection.sendall(dimse.request_bytes(title, called))
            # PS3.8 section 9.3.4: A-ASSOCIATE-RJ; rejected for good, by the service user, and the diagnostic.
            assert connection.recv(64) == bytes([3, 0, 0, 0, 0, 4, 0, 1, 1, diagnostic]), called
    open_to_all = Receiver(Inbox(tmp_path / "other", "01"), Terms(("SENDER",), port=0, any_called=True))
    for called in ("ANY-SCP", "UNISONO"):
        association = dimse.connect(open_to_all.port, called=called)
        assert association.is_established
        association.release()
    open_to_all.close()


def test_another_class_is_not_even_negotiated(port: int) -> None:
    association = dimse.connect(port, sop_class="1.2.840.10008.5.1.4.1.1.2")
    assert [c.abstract_syntax for c in association.accepted_contexts] == [dimse.VERIFICATION]
    association.release()


def test_junk_is_not_understood(port: int, inbox: Inbox) -> None:
    assert stored_status(dimse.raw(port), b"junk" * 100) == 0xC000
    whole = encoded(dataset(loop(2)))
    assert stored_status(dimse.raw(port), whole[:-7]) == 0xC000
    assert dimse.files_in(inbox.folder) == []


def test_an_object_over_the_cap_or_on_a_full_disk_is_out_of_resources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = Inbox(tmp_path, "01", Limits(file_bytes=10_000))
    receiver = Receiver(small, TERMS)
    association = dimse.connect(receiver.port)
    assert association.send_c_store(dataset(loop(3))).Status == 0xA700
    monkeypatch.setattr(inbox_module.shutil, "disk_usage", lambda _: SimpleNamespace(total=100, free=1))
    assert association.send_c_store(dataset(loop(1, 8, 8))).Status == 0xA700
    association.release()
    receiver.close()
    assert dimse.files_in(small.folder) == []


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_sender_that_goes_away_mid_object_leaves_nothing(port: int, inbox: Inbox, share: float) -> None:
    data = encoded(dataset(loop(3)))
    connection = dimse.raw(port)
    connection.sendall(dimse.pdv(3, dimse.store_command()))
    connection.sendall(dimse.pdv(0, data[: int(share * 200_000)]))
    assert dimse.wait_until(lambda: dimse.files_in(inbox.folder) != [])
    connection.close()
    assert dimse.wait_until(lambda: dimse.files_in(inbox.folder) == [])


def test_a_sender_that_falls_silent_is_let_go_of(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, "01")
    receiver = Receiver(inbox, Terms(("SENDER",), port=0, idle_s=0.5))
    connection = dimse.raw(receiver.port)
    connection.sendall(dimse.pdv(3, dimse.store_command()) + dimse.pdv(0, b"half")[:-2])
    assert dimse.wait_until(lambda: dimse.files_in(inbox.folder) == [])
    connection.settimeout(10)
    while connection.recv(4096):
        pass
    connection.close()
    receiver.close()
    assert dimse.files_in(inbox.folder) == []


@pytest.mark.parametrize(
    "attack",
    [
        struct.pack(">BBI", 4, 0, 0xFFFFFFF0) + b"x" * 1000,  # a PDU of 4 GiB
        struct.pack(">BBI", 9, 0, 10) + b"x" * 10,  # no PDU at all
        dimse.pdv(3, b"\xff" * 40),  # a command that is none
        dimse.pdv(3, dimse.store_command("not a uid \\ 1")) + dimse.pdv(2, b"1"),
        b"".join(dimse.pdv(1, b"\0" * 60_000) for _ in range(4)),  # a command that does not end
        dimse.pdv(2, b"data without a command"),
    ],
    ids=["huge-pdu", "unknown-pdu", "junk-command", "junk-uid", "endless-command", "no-command"],
)
@pytest.mark.filterwarnings("ignore:End of file reached")
def test_a_hostile_sender_ends_its_own_connection_and_no_other(
    port: int, inbox: Inbox, attack: bytes
) -> None:
    polite = dimse.connect(port)
    connection = dimse.raw(port)
    connection.sendall(attack)
    connection.settimeout(1.0)
    try:
        while connection.recv(4096):
            pass
    except (TimeoutError, ConnectionError):
        pass
    connection.close()
    assert polite.send_c_store(dataset(loop(2))).Status == 0
    polite.release()
    assert len(inbox.delivered()) == 1
    assert dimse.wait_until(lambda: len(dimse.files_in(inbox.folder)) == 1)


def test_no_more_than_the_agreed_number_at_once(tmp_path: Path) -> None:
    receiver = Receiver(Inbox(tmp_path, "01"), Terms(("SENDER",), port=0, idle_s=5.0, associations=2))
    two = [dimse.connect(receiver.port) for _ in range(2)]
    assert all(a.is_established for a in two)
    assert not dimse.connect(receiver.port).is_established
    for association in two:
        association.release()
    receiver.close()


def test_closing_ends_what_is_under_way(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, "01")
    receiver = Receiver(inbox, TERMS)
    connection = dimse.raw(receiver.port)
    connection.sendall(dimse.pdv(3, dimse.store_command()) + dimse.pdv(0, b"half"))
    assert dimse.wait_until(lambda: dimse.files_in(inbox.folder) != [])
    receiver.close()
    assert dimse.files_in(inbox.folder) == []
    connection.close()


def test_an_address_that_is_taken_is_said(port: int, inbox: Inbox) -> None:
    with pytest.raises(SettingsError, match="cannot listen"):
        Receiver(inbox, Terms(("SENDER",), port=port))


def test_with_tls_only_certified_senders_come_through(tmp_path: Path) -> None:
    certificate(tmp_path, "server")
    certificate(tmp_path, "client")
    files = {"cert": tmp_path / "server.pem", "key": tmp_path / "server.key", "ca": tmp_path / "client.pem"}
    inbox = Inbox(tmp_path / "home", "01")
    receiver = Receiver(inbox, Terms(("SENDER",), port=0, idle_s=3.0, **files))
    context = ssl.create_default_context(cafile=tmp_path / "server.pem")
    context.check_hostname = False
    plain = socket.create_connection(("127.0.0.1", receiver.port), 10)
    assert not answer_to(plain), "without TLS"
    connection = socket.create_connection(("127.0.0.1", receiver.port), 10)
    assert not answer_to(context.wrap_socket(connection)), "without a certificate"
    context.load_cert_chain(tmp_path / "client.pem", tmp_path / "client.key")
    association = dimse.connect(receiver.port, tls_args=(context, None))
    assert association.send_c_store(dataset(loop(2))).Status == 0
    association.release()
    receiver.close()
    assert len(inbox.delivered()) == 1


def test_tls_files_that_do_not_fit_are_said(tmp_path: Path) -> None:
    (tmp_path / "x.pem").write_text("none")
    with pytest.raises(SettingsError, match="certificate and its key"):
        Terms(("A",), cert=tmp_path / "x.pem")
    with pytest.raises(SettingsError, match="cannot be used"):
        Receiver(
            Inbox(tmp_path, "01"), Terms(("A",), port=0, cert=tmp_path / "x.pem", key=tmp_path / "x.pem")
        )


@dimse.needs_dcmtk
def test_dcmtk_delivers_every_syntax_as_it_is(port: int, inbox: Inbox, tmp_path: Path) -> None:
    assert dimse.send("echoscu", port).returncode == 0
    options = {
        IMPLICIT: "-xi", EXPLICIT: "-x=", BIG: "-xb", RLE: "-xr", JPEG: "-xy", SV1: "-xs", JPEG_LS: "-xt",
        J2K: "-xv",
    }  # fmt: skip
    for i, (syntax, option) in enumerate(options.items()):
        uid = f"1.2.826.7.{i + 10}"
        path = write_dicom(tmp_path / f"{i}.dcm", loop(2, seed=i), syntax, SOPInstanceUID=uid)
        sent = dimse.send("storescu", port, path, option=option)
        assert sent.returncode == 0, (syntax, sent.stderr)
        stored = pydicom.dcmread(inbox.delivered()[-1])
        assert (stored.SOPInstanceUID, stored.file_meta.TransferSyntaxUID) == (uid, syntax)
        assert stored.PixelData == pydicom.dcmread(path).PixelData
    assert dimse.send("storescu", port, path, title="STRANGER").returncode != 0
    assert "Called AE Title Not Recognized" in dimse.send("storescu", port, path, called="ANY-SCP").stderr
    assert len(inbox.delivered()) == len(options)


@dimse.needs_dcmtk
@pytest.mark.sample_data
@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the real sample data is not beside the checkout")
def test_dcmtk_delivers_the_real_samples(port: int, inbox: Inbox) -> None:
    paths = sorted(SAMPLES.glob("*.dcm"))
    for path in paths:
        syntax = str(pydicom.dcmread(path, stop_before_pixels=True).file_meta.TransferSyntaxUID)
        option = {
            "1.2.840.10008.1.2": "-xi", RLE: "-xr", JPEG: "-xy", J2K: "-xv",
        }.get(syntax, "-x=")  # fmt: skip
        sent = dimse.send("storescu", port, path, option=option)
        assert sent.returncode == 0, (path.name, sent.stderr)
    assert len(inbox.delivered()) == len(paths)


def encoded(sent: pydicom.Dataset) -> bytes:
    whole = io.BytesIO()
    sent.save_as(whole)
    data = whole.getvalue()
    return data[data.index(struct.pack("<HH", 8, 0x16)) :] if "SOPClassUID" in sent else data


def stored_status(connection: socket.socket, data: bytes) -> int:
    connection.sendall(dimse.pdv(3, dimse.store_command()))
    for at in range(0, len(data), 60_000):
        piece = data[at : at + 60_000]
        connection.sendall(dimse.pdv(2 if at + 60_000 >= len(data) else 0, piece))
    answer = connection.recv(4096)
    at = answer.index(struct.pack("<HHI", 0, 0x0900, 2))
    connection.close()
    return struct.unpack_from("<H", answer, at + 8)[0]


def answer_to(connection: socket.socket) -> bytes:
    with connection:
        try:
            connection.sendall(dimse.request_bytes())
            return connection.recv(4096)
        except OSError:
            return b""


def certificate(folder: Path, name: str) -> None:
    command = [
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}",
        "-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.pem"),
    ]  # fmt: skip
    if subprocess.run(["sh", "-c", "command -v openssl"], check=False, capture_output=True).returncode:
        pytest.skip("openssl is not installed")
    subprocess.run(command, check=True, capture_output=True)
