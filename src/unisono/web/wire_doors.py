"""What is sent and received when recordings are uploaded; see `unisono.web.wire` for conventions."""

from typing import Literal

from pydantic import Field

from unisono.web.wire import Uuid, Wire


class UploadIn(Wire):
    """A new upload: the class of its subjects, and where the recordings come from."""

    dataset_class: str = Field(pattern=r"^[0-9]{2}$")
    origin: str = Field(default="", max_length=200)
    licence: str = Field(default="", max_length=200)


class UploadStarted(Wire):
    """Where the files go."""

    upload: Uuid


class UploadedFile(Wire):
    """One file of an upload, by the number that the page gave it: its name stays in the page.

    ``code`` and ``reason`` say why it was withheld.
    """

    position: int
    state: Literal["received", "in", "withheld"]
    code: str
    reason: str


class UploadState(Wire):
    """How an upload stands: ``n_done`` of ``n_found`` recordings are settled while it is read."""

    state: Literal["receiving", "reading", "done", "failed"]
    n_done: int
    n_found: int
    n_clips: int
    n_frames: int
    n_known: int
    problem: str
    files: list[UploadedFile]
