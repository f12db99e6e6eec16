"""Time receiving over the DICOM network: ours beside dcmtk's storescp and a simple pynetdicom receiver.

dcmtk's storescu sends the same uncompressed objects over loopback to each, in turn, round by round. Ours
synchronises every object to the disk before it says success; the others do not. Printed are MB/s on the wall,
median, least and most, and the largest memory of the receiving process.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.parts.rounds import Spread, goal, machine, peak_mb, say, spread

N_OBJECTS, N_FRAMES, N_LARGE, ROWS, COLUMNS, ROUNDS = 40, 3, 72, 600, 800, 5
US_MULTI, TITLE = "1.2.840.10008.5.1.4.1.1.3.1", "SENDER"


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
    """Receive as `unisono receive` does, synchronised to the disk."""
    from unisono.ingest.doors.inbox import Inbox  # noqa: PLC0415  # only in the process that is measured
    from unisono.ingest.doors.receive import Receiver, Terms  # noqa: PLC0415

    Receiver(Inbox(folder, "01"), Terms((TITLE,), TITLE, port=port))
    signal.pause()


def simple(folder: Path, port: int) -> None:
    """Receive as the first example of pynetdicom does."""
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
    """Receive with storescp +B, bit by bit as it comes."""
    os.execvp("storescp", ["storescp", "+B", "-od", str(folder), str(port)])  # noqa: S606


RECEIVERS: dict[str, Callable[[Path, int], None]] = {"ours": ours, "dcmtk": dcmtk, "simple": simple}


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def receiver(name: str) -> Iterator[tuple[int, int]]:
    """Start a receiver and yield its port and its process."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen([sys.executable, __file__, name, folder, str(port)])
        echo = ["echoscu", "-aet", TITLE, "-aec", TITLE, "127.0.0.1", str(port)]
        try:
            while subprocess.run(echo, check=False, capture_output=True).returncode:
                time.sleep(0.2)
            yield port, process.pid
        finally:
            process.kill()
            process.wait()


def send_s(objects: Path, port: int) -> float:
    """Return the seconds that sending a folder takes."""
    send = [
        "storescu",
        "-pdu",
        "131072",
        "-aet",
        TITLE,
        "-aec",
        TITLE,
        "127.0.0.1",
        str(port),
        "+sd",
        str(objects),
    ]
    start = time.perf_counter()
    subprocess.run(send, check=True, capture_output=True)
    return time.perf_counter() - start


def compare(objects: Path, rounds: int) -> tuple[Spread, float]:
    """Send a folder to each receiver in turn, print, and return our MB/s and peak MB."""
    n_bytes = sum(path.stat().st_size for path in objects.iterdir())
    n_objects = len(list(objects.iterdir()))
    say(f"{n_objects} objects, {n_bytes / 1e6:.0f} MB in all, by storescu over loopback; {rounds} rounds")
    with ExitStack() as stack:
        places = {name: stack.enter_context(receiver(name)) for name in RECEIVERS}
        rates: dict[str, list[float]] = {name: [] for name in places}
        for _ in range(rounds):
            for name, (port, _) in places.items():
                rates[name].append(n_bytes / 1e6 / send_s(objects, port))
        peaks = {name: peak_mb(str(process)) for name, (_, process) in places.items()}
    for name, figures in rates.items():
        said = (RECEIVERS[name].__doc__ or "").rstrip(".")
        say(f"  {name:7}{spread(figures).text(0, ' MB/s'):30} peak {peaks[name]:4.0f} MB   {said}")
    return spread(rates["ours"]), peaks["ours"]


def main() -> None:
    """Print the table."""
    if shutil.which("storescu") is None:
        say("skipped: dcmtk is not installed (storescu sends)")
        return
    say(machine())
    pixels = (
        np.random.default_rng(1).integers(0, 256, N_FRAMES * ROWS * COLUMNS * 3, dtype=np.uint8).tobytes()
    )
    with tempfile.TemporaryDirectory() as name:
        many, large = Path(name, "many"), Path(name, "large")
        many.mkdir()
        large.mkdir()
        for number in range(1, N_OBJECTS + 1):
            write_object(many / f"{number:03d}.dcm", number, pixels)
        write_object(large / "a.dcm", 9999, bytes(N_LARGE * ROWS * COLUMNS * 3))
        rate, many_mb = compare(many, ROUNDS)
        _, large_mb = compare(large, ROUNDS)
    goal("C-STORE, durable before success", rate.text(0, " MB/s"), ">= 90 MB/s", is_met=rate.median >= 90)
    most_mb = max(many_mb, large_mb)
    goal("the receiver's peak memory", f"{most_mb:.0f} MB", "<= 100 MB", is_met=most_mb <= 100)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        RECEIVERS[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
