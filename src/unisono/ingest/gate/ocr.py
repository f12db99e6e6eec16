"""Find words in a grey image, and read them: PP-OCRv4 by onnxruntime, offline, on one thread.

The weights (Apache-2.0) lie in the wheel of ``rapidocr-onnxruntime``, extra ``deid``; nothing is fetched.
Without that wheel there is no reader, and the gate says so. A place counts as words by what the detector says
of its shape alone: what is read there may be garbled, and is only used to compare.

Source: PaddleOCR, PP-OCRv4 (Du et al. 2020, PP-OCR, arXiv:2009.09941; Liao et al. 2020, Real-time scene text
detection with differentiable binarization, arXiv:1911.08947).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from unisono.ingest.readers.recording import Pixels

PACKAGE = "rapidocr-onnxruntime"
DETECTOR, RECOGNISER = "ch_PP-OCRv4_det_infer.onnx", "ch_PP-OCRv4_rec_infer.onnx"
LIKELY = 0.3
"""Probability from which a pixel belongs to words (the detector's own default)."""
SMALLEST_PX = 3
"""Shorter side of a spot of such pixels, in the scaled image, below which it is nothing."""
GROWN = 0.6
"""The detector marks words narrower than they are, by this share of their height (its unclip ratio)."""
MULTIPLE = 32
STRIP_PIXELS, FEWEST_ROWS, STRIP_OVERLAP = 500_000, 192, 64
"""An image is looked at in strips of this many pixels, since the network takes 350 bytes for each."""
STRIP_MARGIN = 8
LINE_HEIGHT, WIDEST_LINE = 48, 1200

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place where the detector sees words, in px of the image given.

    Parameters
    ----------
    x0, y0, x1, y1 : float, px
        The box round them, grown to hold whole letters.
    score : float
        Mean probability inside, 0 to 1.
    """

    x0: float
    y0: float
    x1: float
    y1: float
    score: float


@dataclass(frozen=True, slots=True)
class Line:
    """What was read at a spot, and how sure the letters are, 0 to 1 on average."""

    text: str = field(repr=False)
    sureness: float


NOTHING = Line("", 0.0)


@dataclass(frozen=True)
class Reader:
    """The two networks, loaded.

    Parameters
    ----------
    name : str
        Engine and version, for the record.
    _detector, _recogniser : onnxruntime.InferenceSession
        The network that finds and the one that reads.
    _letters : tuple of str
        What the reading network's numbers stand for.
    """

    name: str
    _detector: Any = field(repr=False)
    _recogniser: Any = field(repr=False)
    _letters: tuple[str, ...] = field(repr=False)

    def find(self, image: Pixels, scale: float = 1.0) -> list[Spot]:
        """Return where words are.

        Parameters
        ----------
        image : uint8 ndarray of shape (rows, columns)
        scale : float, default=1.0
            Enlarge by this first: small letters are found at 2, bold ones at 1.

        Returns
        -------
        list of Spot
            In px of ``image``.
        """
        return [
            Spot(s.x0 / scale, s.y0 / scale, s.x1 / scale, s.y1 / scale, s.score)
            for x, y, strip in _strips(_scaled(image, scale))
            for s in _spots(self._probabilities(strip), x, y)
        ]

    def read(self, image: Pixels, spot: Spot) -> Line:
        """Return what stands at a spot, as far as it can be read.

        Parameters
        ----------
        image : uint8 ndarray of shape (rows, columns)
        spot : Spot
        """
        crop = _line(image, spot)
        if crop.size == 0:
            return NOTHING
        scores = self._recogniser.run(None, {self._recogniser.get_inputs()[0].name: _as_input(crop)})[0][0]
        return _collapsed(np.asarray(scores, np.float32), self._letters)

    def _probabilities(self, strip: Pixels) -> Floats:
        rows, columns = strip.shape
        padded = np.pad(strip, ((0, -rows % MULTIPLE), (0, -columns % MULTIPLE)))
        name = self._detector.get_inputs()[0].name
        found = self._detector.run(None, {name: _as_input(padded)})[0][0, 0]
        return np.asarray(found[:rows, :columns], dtype=np.float32)


@cache
def load_reader() -> Reader | None:
    """Return the reader, loaded once a process, or None where the extra ``deid`` is not installed."""
    weights = _weights()
    if weights is None or find_spec("onnxruntime") is None:
        return None
    detector, recogniser = _session(weights / DETECTOR), _session(weights / RECOGNISER)
    letters = recogniser.get_modelmeta().custom_metadata_map["character"].splitlines()
    return Reader(f"PP-OCRv4 of {PACKAGE} {version(PACKAGE)}", detector, recogniser, ("", *letters, " "))


def _weights() -> Path | None:
    spec = find_spec("rapidocr_onnxruntime")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "models"
    try:
        version(PACKAGE)
    except PackageNotFoundError:
        return None
    return folder if (folder / DETECTOR).exists() and (folder / RECOGNISER).exists() else None


def _session(path: Path) -> Any:  # noqa: ANN401  # onnxruntime is optional and has no types
    onnxruntime = import_module("onnxruntime")
    options = onnxruntime.SessionOptions()
    # Spinning threads would take the cores from the other workers. Planned memory is taken anew for every
    # size of image, and sizes are many here.
    options.enable_mem_pattern = False
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _scaled(image: Pixels, scale: float) -> Pixels:
    if scale == 1.0:
        return image
    return np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)


def _strips(image: Pixels) -> Iterator[tuple[int, int, Pixels]]:
    # In strips, so that memory does not grow with the frame; a line of words is whole in one of them, since
    # they overlap and are not cut sideways. Black columns are left out: a fan's top is narrow.
    rows = max(FEWEST_ROWS, STRIP_PIXELS // image.shape[1])
    for y in range(0, max(1, image.shape[0] - STRIP_OVERLAP), rows - STRIP_OVERLAP):
        strip = image[y : y + rows]
        lit = np.flatnonzero(strip.any(axis=0))
        if lit.size:
            x = max(0, int(lit[0]) - STRIP_MARGIN)
            yield x, y, strip[:, x : int(lit[-1]) + STRIP_MARGIN + 1]


def _as_input(image: Pixels) -> Floats:
    grey = image.astype(np.float32) / 127.5 - 1
    return np.ascontiguousarray(np.broadcast_to(grey, (1, 3, *grey.shape)))


def _spots(probability: Floats, left: int, top: int) -> Iterator[Spot]:
    likely = (probability > LIKELY).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(likely, connectivity=8)
    for label in range(1, count):
        x, y, width, height = (int(v) for v in stats[label, :4])
        if min(width, height) < SMALLEST_PX:
            continue
        there = labels[y : y + height, x : x + width] == label
        score = float(probability[y : y + height, x : x + width][there].mean())
        grow = GROWN * min(width, height)
        x0, y0 = left + x - grow, top + y - grow
        yield Spot(x0, y0, x0 + width + 2 * grow, y0 + height + 2 * grow, score)


def _line(image: Pixels, spot: Spot) -> Pixels:
    rows, columns = image.shape
    x0, x1 = (min(max(round(v), 0), columns) for v in (spot.x0, spot.x1))
    y0, y1 = (min(max(round(v), 0), rows) for v in (spot.y0, spot.y1))
    crop = image[y0:y1, x0:x1]
    if crop.size == 0:
        return crop
    width = min(WIDEST_LINE, max(LINE_HEIGHT, round(crop.shape[1] * LINE_HEIGHT / crop.shape[0])))
    return np.asarray(cv2.resize(crop, (width, LINE_HEIGHT), interpolation=cv2.INTER_CUBIC), np.uint8)


def _collapsed(scores: Floats, letters: tuple[str, ...]) -> Line:
    # Connectionist temporal classification: a letter that lasts is one letter, number 0 parts two equal ones.
    best = scores.argmax(axis=1)
    starts = (best != 0) & (best != np.concatenate(([0], best[:-1])))
    if not starts.any():
        return NOTHING
    text = "".join(letters[i] for i in best[starts].tolist())
    return Line(text, float(scores.max(axis=1)[starts].mean()))
