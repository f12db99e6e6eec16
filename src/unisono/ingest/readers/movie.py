"""Frames of a DICOM file whose pixels are one MPEG-2, H.264 or HEVC stream.

The stream is decoded once to count its frames and take a sample, then again as the frames are asked for. The
number that the stream gives must be the header's: a stream that breaks off looks like a shorter clip.

Source: DICOM PS3.5 8.2.5 to 8.2.7 and 8.2.11 to 8.2.13 (MPEG-2, H.264 and HEVC encapsulation).
"""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

import av

from unisono.base.errors import IngestError
from unisono.ingest.files.pieces import joined
from unisono.ingest.readers.colour import Layout
from unisono.ingest.readers.fragments import Span
from unisono.ingest.readers.recording import Pixels, spread
from unisono.ingest.readers.syntaxes import Syntax
from unisono.ingest.readers.video import decoded, described

_CODECS = {"MPEG-2": "mpeg2video", "H.264": "h264", "HEVC": "hevc"}


class MovieReader:
    """The frames of one stream as true colour, in order.

    Parameters
    ----------
    file : binary file
    spans : sequence of Span
        The fragments of the stream.
    syntax : Syntax
    layout : Layout
    shape : (int, int, int)
        Rows, columns and number of frames; the stream must have the same.
    """

    def __init__(
        self,
        file: BinaryIO,
        spans: Sequence[Span],
        syntax: Syntax,
        layout: Layout,
        shape: tuple[int, int, int],
    ) -> None:
        self._file, self._spans, self._layout = file, spans, layout
        self._rows, self._columns, self._n_frames = shape
        self._syntax = syntax
        self.decoder = f"PyAV {av.__version__}, {syntax.name}"

    def settle(self) -> list[Pixels]:
        """Decode all frames once, note in ``decoder`` how colours are read, and return a sample.

        Raises
        ------
        IngestError
            ``E_FRAME_COUNT``, ``E_FRAME_DECODE``, ``E_DIM_MISMATCH`` or ``E_TS_UNSUPPORTED``.
        """
        if self._layout.n_samples == 1:
            raise IngestError("E_COLOUR_AMBIG", "the samples of a video are three a pixel; got one")
        codec, colour = described(joined(self._file, self._spans))
        if codec != _CODECS[self._syntax.name.split(" ")[0]]:
            raise IngestError("E_TS_UNSUPPORTED", f"a {self._syntax.name} file holds another codec")
        wanted = set(spread(self._n_frames))
        sample = [frame for i, frame in enumerate(self.frames()) if i in wanted]
        self.decoder = f"{self.decoder}, {self._layout.photometric}, {colour} to RGB"
        return sample

    def frames(self) -> Iterator[Pixels]:
        """Yield all frames in order; what `settle` raises is raised here, too."""
        count = 0
        for frame, _ in decoded(joined(self._file, self._spans)):
            if frame.shape[:2] != (self._rows, self._columns):
                raise IngestError(
                    "E_DIM_MISMATCH",
                    f"a video frame has {frame.shape[0]} x {frame.shape[1]} px; the header says another size",
                )
            count += 1
            if count > self._n_frames:
                break
            yield frame
        if count != self._n_frames:
            found = "more" if count > self._n_frames else str(count)
            raise IngestError("E_FRAME_COUNT", f"there are {found} frames; the header says another number")
