"""Decode the frames of one DICOM file, after settling once how its colours are to be read."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import BinaryIO

import imagecodecs
import numpy as np
import simplejpeg

from unisono.base.errors import IngestError
from unisono.ingest.readers.codestream import StreamFacts, read_jpeg
from unisono.ingest.readers.colour import (
    Layout,
    choose_reading,
    plan_colour,
    settle_planes,
    settled_by_stream,
    weigh_header,
    ycc_to_rgb,
)
from unisono.ingest.readers.fragments import Span, read_spans
from unisono.ingest.readers.headroom import check_jpeg
from unisono.ingest.readers.recording import Pixels
from unisono.ingest.readers.syntaxes import Samples, Syntax, decode_coded, decode_rle_planes

_LIBRARY = {"native": "numpy", "rle": "pylibjpeg-rle", "jpeg": "simplejpeg", "coded": "imagecodecs"}
_COLOUR = 3


class FrameReader:
    """Random access to the frames of one file as true colour.

    Parameters
    ----------
    file : binary file
    spans : sequence of sequence of Span
        The pieces of each frame.
    syntax : Syntax
    layout : Layout
    rows, columns : int, px
        Every frame must have this size.
    """

    def __init__(
        self,
        file: BinaryIO,
        spans: Sequence[Sequence[Span]],
        syntax: Syntax,
        layout: Layout,
        rows: int,
        columns: int,
    ) -> None:
        self._file, self._spans, self._syntax, self._layout = file, spans, syntax, layout
        self._shape = (rows, columns)
        library = _LIBRARY[syntax.family]
        self.decoder = f"{library} {version(library)}, {syntax.name}"
        self._read: Callable[[bytes], Pixels] = self._plain_reading()

    def settle(self, indices: Sequence[int]) -> list[Pixels]:
        """Decide how colours are read, note it in ``decoder``, and return some frames.

        Raises
        ------
        IngestError
            ``E_COLOUR_AMBIG`` if it cannot be decided; else what decoding raises.
        """
        if self._layout.palette is not None and not self._syntax.lossless:
            raise IngestError("E_COLOUR_AMBIG", "palette entries do not survive a lossy codec")
        self._check_still()
        if self._layout.n_samples != _COLOUR:
            decision = plan_colour(self._layout).decision
        elif self._syntax.family == "jpeg":
            decision = self._settle_jpeg(indices[0])
        else:
            decision = self._settle_samples(indices[0])
        sample = [self.frame(i) for i in indices]
        if self._syntax.lossless and self._layout.n_samples == _COLOUR:
            reading, found = settle_planes(sample)
            if found:
                decision = f"{decision}; {found}"
                plain = self._read
                self._read = lambda data: reading(plain(data))
                sample = [reading(frame) for frame in sample]
        self.decoder = f"{self.decoder}, {decision}"
        return sample

    def frame(self, index: int) -> Pixels:
        """Return one frame.

        Raises
        ------
        IngestError
            ``E_FRAME_DECODE``, ``E_DIM_MISMATCH``.
        """
        data = read_spans(self._file, self._spans[index])
        self._check_stream(data)
        frame = self._read(data)
        n_channels = _COLOUR if frame.ndim == _COLOUR else 1
        expected = _COLOUR if self._layout.palette is not None else self._layout.n_samples
        if frame.shape[:2] != self._shape or n_channels != expected:
            raise IngestError(
                "E_DIM_MISMATCH",
                f"frame {index} decodes to {_size(frame.shape)} px with {n_channels} samples each; "
                "the header says otherwise",
            )
        return frame

    def _check_still(self) -> None:
        # A single frame has no others beside it that would show where its values drift away.
        if self._syntax.family == "jpeg" and len(self._spans) == 1:
            data = read_spans(self._file, self._spans[0])
            self._check_stream(data)
            if self._layout.bits_stored == 8:  # noqa: PLR2004  # a byte
                check_jpeg(data)

    def _settle_samples(self, index: int) -> str:
        """Choose how samples that are no lossy JPEG are read, by what stream, header and picture say."""
        facts = self._facts(read_spans(self._file, self._spans[index]))
        reading, decision = settled_by_stream(self._layout.photometric, self._syntax.name, facts)
        if reading == "header":
            as_rgb, as_ycc = (self._first_as(kind, index) for kind in ("RGB", "YBR_FULL"))
            says_ycc = self._layout.photometric.startswith("YBR_FULL")
            reading, decision = weigh_header(self._layout.photometric, as_rgb, as_ycc, says_ycc=says_ycc)
        elif reading == "open":
            as_rgb, as_ycc = (self._first_as(kind, index) for kind in ("RGB", "YBR_FULL"))
            reading = choose_reading([as_rgb], lambda _: as_rgb, lambda _: as_ycc)
            decision = f"{decision}, read as {reading} because that is the grey one"
        self._read = self._reading_as("RGB" if reading == "rgb" else "YBR_FULL")
        return decision

    def _first_as(self, photometric: str, index: int) -> Pixels:
        self._read = self._reading_as(photometric)
        return self.frame(index)

    def _reading_as(self, photometric: str) -> Callable[[bytes], Pixels]:
        colour = plan_colour(replace(self._layout, photometric=photometric))
        samples = {"native": self._native, "rle": self._rle}.get(self._syntax.family, self._coded)
        return lambda data: np.ascontiguousarray(colour.convert(samples(data)))

    def _plain_reading(self) -> Callable[[bytes], Pixels]:
        if self._syntax.family == "jpeg":
            if self._layout.n_samples == _COLOUR:
                return _jpeg_as("YCBCR")
            colour = plan_colour(self._layout)
            return lambda data: np.ascontiguousarray(colour.convert(_jpeg_grey(data)))
        return self._reading_as(self._layout.photometric)

    def _settle_jpeg(self, index: int) -> str:
        facts = self._facts(read_spans(self._file, self._spans[index]))
        says_ycc = self._layout.photometric.startswith("YBR")
        mark = facts.mark if facts is not None else "open"
        if mark == "open" and says_ycc:
            mark = "ycc"
        if (mark == "rgb") != says_ycc and mark != "open":
            self._read = _jpeg_as("RGB") if mark == "rgb" else _jpeg_as("YCBCR")
            return f"{self._layout.photometric}, codestream agrees"
        if mark == "ycc":
            self._read = _jpeg_as("YCBCR")
            return f"{self._layout.photometric} in the header, YCbCr in the codestream"
        self._read = _jpeg_as("RGB")
        frame = self.frame(index)
        choice = choose_reading([frame], lambda f: f, ycc_to_rgb)
        self._read = _jpeg_as("RGB" if choice == "rgb" else "YCBCR")
        return f"{self._layout.photometric}, read as {choice} because that is the grey one"

    def _native(self, data: bytes) -> Samples:
        rows, columns = self._shape
        kind = np.dtype(f"{'<' if self._syntax.little else '>'}u{self._layout.bits_allocated // 8}")
        samples = np.frombuffer(data, kind)
        if self._layout.photometric == "YBR_FULL_422":
            return _from_422(samples.reshape(rows, columns // 2, 4))
        if self._layout.n_samples == 1:
            return samples.reshape(rows, columns)
        if self._layout.planar:
            return samples.reshape(_COLOUR, rows, columns).transpose(
                1, 2, 0
            )  # (samples, y, x) -> (y, x, samples)
        return samples.reshape(rows, columns, _COLOUR)

    def _rle(self, data: bytes) -> Samples:
        return decode_rle_planes(data, *self._shape, self._layout.n_samples, self._layout.bits_allocated)

    def _coded(self, data: bytes) -> Samples:
        samples = decode_coded(self._syntax, data)
        is_wide = self._layout.bits_stored > 8  # noqa: PLR2004  # a byte
        if samples.dtype != (np.uint16 if is_wide else np.uint8):
            raise IngestError(
                "E_DIM_MISMATCH",
                f"a codestream gives {samples.dtype}; the header says another number of bits",
            )
        return samples

    def _facts(self, data: bytes) -> StreamFacts | None:
        return self._syntax.facts(data) if self._syntax.facts else None

    def _check_stream(self, data: bytes) -> None:
        facts = self._facts(data)
        if facts is None:
            return
        is_other = (facts.rows, facts.columns) != self._shape
        if is_other or facts.n_samples not in (0, self._layout.n_samples):
            raise IngestError(
                "E_DIM_MISMATCH",
                f"a frame holds {facts.rows} x {facts.columns} px of {facts.n_samples or 'some'} samples; "
                "the header says otherwise",
            )
        if facts.bits and (facts.bits > 8) != (self._layout.bits_stored > 8):  # noqa: PLR2004  # a byte
            raise IngestError(
                "E_DIM_MISMATCH",
                f"a codestream has {facts.bits} bits a sample; the header says another number",
            )


def _size(shape: tuple[int, ...]) -> str:
    return f"{shape[0]} x {shape[1]}"


def _jpeg_as(colours: str) -> Callable[[bytes], Pixels]:
    def read(data: bytes) -> Pixels:
        try:
            if colours == "YCBCR":
                return np.asarray(simplejpeg.decode_jpeg(data, "RGB", strict=True), dtype=np.uint8)
            return np.asarray(imagecodecs.jpeg8_decode(data, colorspace="RGB", outcolorspace="RGB"))
        except (RuntimeError, ValueError, TypeError) as error:
            raise _undecodable(error) from None

    return read


def _jpeg_grey(data: bytes) -> Samples:
    try:
        if read_jpeg(data).bits > 8:  # noqa: PLR2004  # process 4: twelve bits
            return np.asarray(imagecodecs.jpeg8_decode(data))
        return np.asarray(simplejpeg.decode_jpeg(data, "GRAY", strict=True), dtype=np.uint8)[..., 0]
    except (RuntimeError, ValueError) as error:
        raise _undecodable(error) from None


def _undecodable(error: Exception) -> IngestError:
    return IngestError("E_FRAME_DECODE", f"a JPEG frame does not decode ({type(error).__name__})")


def _from_422(quads: Samples) -> Samples:
    rows, n_quads, _ = quads.shape
    out = np.empty((rows, n_quads, 2, 3), quads.dtype)  # (y, pair, pixel of the pair, Y Cb Cr)
    out[..., 0] = quads[..., :2]
    out[..., 1:] = quads[:, :, None, 2:]
    return out.reshape(rows, n_quads * 2, 3)
