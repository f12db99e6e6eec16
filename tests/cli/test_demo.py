import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from unisono.cli import sample_study
from unisono.cli.main import app


def test_words_and_json_say_the_same_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample_study, "prepare", lambda _, say: say("prepared"))
    monkeypatch.setattr(sample_study, "sign_in_tokens", lambda _: {"Demo lead": "T1", "Demo expert": "T2"})
    words = ["demo", "--no-serve", "--home", str(tmp_path), "--port", "8123"]
    spoken = CliRunner().invoke(app, words, catch_exceptions=False).output
    said = json.loads(CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False).output)
    assert said["address"] == "http://127.0.0.1:8123"
    assert said["address"] in spoken
    assert said["links"]["Demo lead"] == "http://127.0.0.1:8123/#/link/T1"
    assert said["links"]["Demo expert"] in spoken
    assert "simulated" in spoken
