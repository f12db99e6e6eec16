import json
import signal
import urllib.request
from pathlib import Path

from tests.server import serve


def test_the_server_answers_on_loopback_and_ends_when_told(tmp_path: Path) -> None:
    server = serve(tmp_path)
    with urllib.request.urlopen(f"{server.address}/api/site") as answer:  # noqa: S310  # ours
        assert json.load(answer)["name"] == "unisono"
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(20) in (0, -signal.SIGTERM)
