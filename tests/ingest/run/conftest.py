"""Fixtures of the tests that run the whole room."""

import pytest

from unisono.ingest import looks
from unisono.ingest.prepared import NOT_RUN


@pytest.fixture
def no_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no text gate run in this process: it costs more than all else, and here nothing hangs on it."""
    monkeypatch.setattr(looks, "run_gate", lambda *_: NOT_RUN)
