"""Uploads: files come one by one into a folder of their own, then the whole folder is taken in.

File names may name a patient, and addresses are written to the logs of proxies: nothing of a name leaves the
page. It sends each file's place in its list and, of the images of one loop, their group and their places in
it. That is all that ingest needs; what a file is it reads from its first bytes.
"""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from unisono.base.errors import ConflictError, NotFoundError, SettingsError, UnisonoError
from unisono.ingest.doors.inbox import Arrival, drop_stale, full, private_folder
from unisono.ingest.limits import LIMITS
from unisono.ingest.reports.report import Withheld
from unisono.web.intake import Intake, Taken, progress_path

ALONE, FRAME = "x", "{:05d}.image"
"""What files are called here; `unisono.ingest.files.loops` asks of a loop's names a number and an ending."""


@dataclass
class Upload:
    """One upload.

    Parameters
    ----------
    id, owner : str
    folder : pathlib.Path
    dataset_class, origin, licence : str
    files : dict of int to str
        Path inside the folder of each position.
    state : str
        ``receiving``, ``reading``, ``done`` or ``failed``.
    taken : Taken, optional
    problem : str
    """

    id: str
    owner: str
    folder: Path
    dataset_class: str
    origin: str
    licence: str
    files: dict[int, str] = field(default_factory=dict)
    state: str = "receiving"
    taken: Taken | None = None
    problem: str = ""

    def path_of(self, position: int, group: int, frame: int | None = None) -> Path:
        """Return where a file goes, and remember it.

        Parameters
        ----------
        position : int
            In the page's list.
        group : int
            The same for all images of a loop.
        frame : int, optional
            Place in the loop, from 0.

        Raises
        ------
        SettingsError
            If there are too many files.
        ConflictError
            If the upload is being read already.
        """
        if self.state != "receiving":
            raise ConflictError("this upload is being read already; start another")
        if position not in self.files and len(self.files) >= LIMITS.members:
            raise SettingsError(f"an upload has at most {LIMITS.members} files")
        name = f"{group:05d}/{ALONE if frame is None else FRAME.format(frame)}"
        if name in self.files.values() and self.files.get(position) != name:
            name = f"{group:05d}-{position:05d}/{name.partition('/')[2]}"
        self.files[position] = name
        path = self.folder / name
        private_folder(path.parent)
        return path

    def why(self) -> dict[str, tuple[Withheld, ...]]:
        """Return for each path inside why it was withheld."""
        return dict(self.taken.files) if self.taken else {}


@dataclass
class Uploads:
    """All uploads since the server started.

    Parameters
    ----------
    home : pathlib.Path
    intake : Intake
    by_id : dict of str to Upload
    tasks : set of asyncio.Task
    """

    home: Path
    intake: Intake
    by_id: dict[str, Upload] = field(default_factory=dict)
    tasks: "set[asyncio.Task[None]]" = field(default_factory=set)

    def begin(self, owner: str, dataset_class: str, origin: str, licence: str) -> Upload:
        """Return a new upload; what an earlier server left behind a day ago is deleted."""
        root = private_folder(self.home / "uploads")
        drop_stale(root)
        made = Upload(str(uuid4()), owner, root / uuid4().hex, dataset_class, origin, licence)
        private_folder(made.folder)
        self.by_id[made.id] = made
        return made

    def find(self, upload: str, owner: str) -> Upload:
        """Return an upload of this person.

        Raises
        ------
        NotFoundError
            If there is none: it is unknown, somebody else's, or of a server that has ended.
        """
        found = self.by_id.get(upload)
        if found is None or found.owner != owner:
            raise NotFoundError("there is no such upload; the server may have been started again")
        return found

    def arrival(self, upload: Upload) -> Arrival:
        """Return a file to write into."""
        return Arrival(upload.folder.with_name(f"{uuid4().hex}.tmp"), LIMITS, full(self.home))

    def read(self, upload: Upload) -> None:
        """Begin to take an upload in; asking again changes nothing."""
        if upload.state in ("receiving", "failed"):
            upload.state, upload.problem = "reading", ""
            task = asyncio.get_running_loop().create_task(self._read(upload))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def _read(self, upload: Upload) -> None:
        try:
            upload.taken = await self.intake.take(
                upload.folder, upload.dataset_class, upload.origin, upload.licence
            )
            upload.state = "done"
        except UnisonoError as error:
            # The files stay where they are, and the same button tries again.
            upload.state, upload.problem = "failed", str(error)
        finally:
            progress_path(upload.folder).unlink(missing_ok=True)
