"""What every reader hands on, whatever the file was: facts, and frames one at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unisono.ingest.identity.identifiers import NOBODY, Identifiers

Pixels = NDArray[np.uint8]
"""A frame, shape (rows, columns) grey or (rows, columns, 3) RGB, uint8."""
Area = NDArray[np.bool_]
"""Boolean image, shape (rows, columns)."""

SAMPLE_FRAMES = 24
"""How many frames of a clip the mask and the colour are judged by."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One opened recording.

    Parameters
    ----------
    kind : str
        ``dicom``, ``video`` or ``images``.
    rows, columns, n_frames : int
    frames : callable
        Opens a fresh pass over all frames in order, each `Pixels`.
    sample : list of Pixels
        Up to 24 frames, evenly spread; the first alone after `let_go`.
    frame_times_s : tuple of float or None, s
        Start of each frame, the first 0.
    timing : str
        The rule that gave the times.
    regions : tuple of dict
        Calibrated areas that fit the frame; keys of ``Region`` on the wire.
    spacing_mm : tuple of float or None, mm
        Size of a pixel, (x, y).
    header : dict
        What the allow-list let pass.
    decoder : str
        Who decoded, and what was decided about colour.
    lossless : bool
        False when a lossy codec left noise round every edge.
    uid, patient : str or None
        Identity of the recording and of its subject. They stay in memory: only their keyed hashes leave.
    identifiers : Identifiers
        What the header names, for the text gate; in memory only.
    overlay : Area, optional
        The active image area that the scanner itself outlined.
    content : str
        ``image`` or ``capture``, a copy of a screen.
    warning : str
        What a person should look at; no value of a header stands in it.
    frame : callable, optional
        Decodes the frame of a number, where that takes no other frame.
    """

    kind: str
    rows: int
    columns: int
    n_frames: int
    frames: Callable[[], Iterator[Pixels]]
    sample: list[Pixels]
    frame_times_s: tuple[float, ...] | None
    timing: str
    regions: tuple[dict[str, Any], ...]
    spacing_mm: tuple[float, float] | None
    header: dict[str, Any]
    decoder: str
    lossless: bool
    uid: str | None = field(default=None, repr=False)
    patient: str | None = field(default=None, repr=False)
    identifiers: Identifiers = field(default=NOBODY, repr=False)
    overlay: Area | None = None
    content: str = "image"
    warning: str = ""
    frame: Callable[[int], Pixels] | None = None

    def let_go(self) -> None:
        """Keep one frame of the sample: the mask is found, and those of all frames come one at a time."""
        del self.sample[1:]

    def frames_from(self, first: int) -> Iterator[Pixels]:
        """Open a pass over the frames from number ``first`` on; decoding those before only where it must."""
        if first == 0 or self.frame is None:
            return islice(self.frames(), first, None)
        return map(self.frame, range(first, self.n_frames))


def spread(n_frames: int, n_wanted: int = SAMPLE_FRAMES) -> list[int]:
    """Return up to ``n_wanted`` frame numbers, evenly spread, first and last among them.

    Examples
    --------
    >>> spread(9, 3)
    [0, 4, 8]
    """
    return sorted({round(i) for i in np.linspace(0, n_frames - 1, min(n_frames, n_wanted)).tolist()})
