"""Time receiving over the DICOM network: ours beside dcmtk's storescp and a simple pynetdicom receiver.

dcmtk's storescu sends the same uncompressed objects over loopback to each, in turn. Ours synchronises every
object to the disk before it says success; the others do not. Printed are MB/s on the wall, and the largest
memory of the receiving process.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian

N_OBJECTS, N_FRAMES, N_LARGE, ROWS, COLUMNS, ROUNDS = 40, 3, 72, 600, 800, 3
US_MULTI, TITLE = "1.2.840.10008.5.1.4.1.1.3.1", "SENDER"
MIB = 1024 * 1024


def write_object(path: Path, number: int, pixels: bytes) -> None:
    """Write an ultrasound object of as many RGB frames as there are pixels for."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = UID(US_MULTI), UID(f"1.2.826.1.{number}")
    data = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    data.SOPClassUID, data.SOPInstanceUID, data.Modality = US_MULTI, f"1.2.826.1.{number}", "US"
    data.NumberOfFrames = len(pixels) // (ROWS * COLUMNS * 3)
    data.Rows, data.Columns, data.SamplesPerPixel = ROWS, COLUMNS, 3
    data.PhotometricInterpretation, data.PlanarConfiguration, data.PixelRepresentation = "RGB", 0, 0
    data.BitsAllocated = data.BitsStored = 8
    data.HighBit = 7
    data.PixelData = pixels
    data["PixelData"].VR = "OB"
    data.save_as(path, enforce_file_format=True)


def ours(folder: Path, port: int) -> None:
    """Receive as `unisono receive` does in its listening process."""
    from unisono.ingest.inbox import Inbox  # noqa: PLC0415  # only in the process that is measured
    from unisono.ingest.receive import Receiver, Terms  # noqa: PLC0415

    Receiver(Inbox(folder, "01"), Terms((TITLE,), port=port))
    signal.pause()


def simple(folder: Path, port: int) -> None:
    """Receive as the first example of pynetdicom's documentation does."""
    from pynetdicom import AE, evt  # noqa: PLC0415

    def handle(event: evt.Event) -> int:
        dataset = event.dataset
        dataset.file_meta = event.file_meta
        dataset.save_as(folder / f"{dataset.SOPInstanceUID}.dcm", enforce_file_format=True)
        return 0

    ae = AE()
    ae.maximum_pdu_size = 0
    ae.add_supported_context("1.2.840.10008.1.1")
    ae.add_supported_context(US_MULTI, [str(ExplicitVRLittleEndian)])
    ae.start_server(("127.0.0.1", port), evt_handlers=[(evt.EVT_C_STORE, handle)])


def dcmtk(folder: Path, port: int) -> None:
    """Receive with storescp, bit by bit as it comes."""
    os.execvp("storescp", ["storescp", "+B", "-od", str(folder), str(port)])  # noqa: S606


RECEIVERS: dict[str, Callable[[Path, int], None]] = {"ours": ours, "dcmtk": dcmtk, "simple": simple}


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def measure(name: str, objects: Path, n_bytes: int) -> tuple[float, float]:
    """Return MB/s (the best round) and the receiver's largest memory, MiB."""
    port, best = free_port(), 0.0
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, name, folder, str(port)]
        receiver = subprocess.Popen(command)
        echo = ["echoscu", "-aet", TITLE, "127.0.0.1", str(port)]
        while subprocess.run(echo, check=False, capture_output=True).returncode:
            time.sleep(0.2)
        send = ["storescu", "-pdu", "131072", "-aet", TITLE, "127.0.0.1", str(port), "+sd", str(objects)]
        for _ in range(ROUNDS):
            start = time.perf_counter()
            subprocess.run(send, check=True, capture_output=True)
            best = max(best, n_bytes / 1e6 / (time.perf_counter() - start))
        memory = int(Path(f"/proc/{receiver.pid}/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
        receiver.kill()
        receiver.wait()
    return best, memory


def main() -> None:
    """Print the table."""
    if shutil.which("storescu") is None:
        print("skipped: dcmtk is not installed (storescu sends)")
        return
    rng = np.random.default_rng(1)
    pixels = rng.integers(0, 256, N_FRAMES * ROWS * COLUMNS * 3, dtype=np.uint8).tobytes()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(1, N_OBJECTS + 1):
            write_object(Path(folder, f"{number:03d}.dcm"), number, pixels)
        n_bytes = sum(p.stat().st_size for p in Path(folder).iterdir())
        print(f"{N_OBJECTS} objects, {n_bytes / MIB:.0f} MiB by storescu over loopback, best of {ROUNDS}")
        for name, note in (
            ("ours", "ours, synchronised to the disk"),
            ("dcmtk", "dcmtk storescp +B"),
            ("simple", "pynetdicom, event.dataset"),
        ):
            rate, memory = measure(name, Path(folder), n_bytes)
            print(f"  {note:34} {rate:7.1f} MB/s   {memory:7.1f} MiB")
        large = Path(folder, "large")
        large.mkdir()
        write_object(large / "a.dcm", 9999, bytes(N_LARGE * ROWS * COLUMNS * 3))
        n_bytes = (large / "a.dcm").stat().st_size
        print(f"one object of {n_bytes / MIB:.0f} MiB")
        for name in RECEIVERS:
            rate, memory = measure(name, large, n_bytes)
            print(f"  {name:34} {rate:7.1f} MB/s   {memory:7.1f} MiB")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        RECEIVERS[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
