"""Pictures of a settled item: the frame as JPEG, over it the bundle, the consensus, its band and ellipses."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from unisono.agree.base import Settled, Vote
from unisono.base.errors import LabelError
from unisono.base.units import Points
from unisono.labels.base import Vector

HUES = (
    "#5ec8d8",
    "#e0a458",
    "#b79ae0",
    "#8fbf7a",
    "#e58fb0",
    "#7aa5e8",
    "#d5cf6a",
    "#66c2a5",
    "#d9977a",
    "#a8b1bd",
)
QUALITY = 82
MARGIN = 0.25
"""Room around the labels, in their larger extent."""


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a frame in whole pixels: left, top, width, height."""

    left: int
    top: int
    width: int
    height: int


def decode(png: bytes) -> NDArray[np.uint8]:
    """Return a PNG's pixels, RGB, uint8 of shape (rows, columns, 3).

    Raises
    ------
    LabelError
        If it is no picture.
    """
    image = cv2.imdecode(np.frombuffer(png, dtype=np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise LabelError(f"a stored frame of {len(png)} bytes is no picture that can be read")
    return np.ascontiguousarray(image[..., ::-1], dtype=np.uint8)


def svg(
    png: bytes, settled: Mapping[str, Settled], votes: Mapping[str, Sequence[Vote]], experts: Sequence[str]
) -> str:
    """Return an SVG element with the frame and everything drawn on it.

    Parameters
    ----------
    png : bytes
        The stored frame.
    settled : mapping of str to Settled
        By question.
    votes : mapping of str to sequence of Vote
        By question, of this item.
    experts : sequence of str
        Their order gives each a colour.
    """
    image = decode(png)
    drawn = [v for vs in votes.values() for v in vs if isinstance(v.value, Vector)]
    window = _window(
        image.shape[0], image.shape[1], [v.value.path for v in drawn if isinstance(v.value, Vector)]
    )
    shapes = [_vote(v, HUES[experts.index(v.expert) % len(HUES)]) for v in drawn]
    for result in settled.values():
        shapes += _result(result)
    box = f"{window.left - 0.5} {window.top - 0.5} {window.width} {window.height}"
    return (
        f'<svg viewBox="{box}" role="img" aria-label="frame with the experts\' answers and the consensus">'
        f'<image x="{window.left - 0.5}" y="{window.top - 0.5}" width="{window.width}" '
        f'height="{window.height}" href="data:image/jpeg;base64,{_jpeg(image, window)}"/>'
        f"{''.join(shapes)}</svg>"
    )


def _window(rows: int, columns: int, paths: Sequence[Points]) -> Window:
    if not paths:
        return Window(0, 0, columns, rows)
    points = np.concatenate(paths)
    low, high = points.min(axis=0), points.max(axis=0)
    room = max(MARGIN * float((high - low).max()), 40.0)
    left, top = np.floor(np.clip(low - room, 0, (columns - 2, rows - 2))).astype(int)
    right, bottom = np.ceil(np.clip(high + room, (left + 1, top + 1), (columns - 1, rows - 1))).astype(int)
    return Window(int(left), int(top), int(right - left + 1), int(bottom - top + 1))


def _jpeg(image: NDArray[np.uint8], window: Window) -> str:
    part = image[window.top : window.top + window.height, window.left : window.left + window.width]
    data = simplejpeg.encode_jpeg(np.ascontiguousarray(part), quality=QUALITY, colorspace="RGB")
    return base64.b64encode(data).decode("ascii")


def _vote(vote: Vote, hue: str) -> str:
    value = vote.value
    if not isinstance(value, Vector):
        return ""
    title = f"<title>{escape(vote.expert)}</title>"
    if value.is_point:
        x, y = value.path[0]
        return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="2" fill="{hue}" class="vote">{title}</circle>'
    return "".join(
        f'<path d="{_d(s)}" stroke="{hue}" class="vote">{title}</path>' for s in value.strokes if len(s) > 1
    )


def _result(settled: Settled) -> list[str]:
    out = []
    if len(settled.band_low):
        outline = np.concatenate([settled.band_low, settled.band_high[::-1]])
        out.append(f'<path d="{_d(outline)}Z" class="band"/>')
    if len(settled.ellipse):
        out.append(f'<path d="{_d(settled.ellipse)}Z" class="ellipse"/>')
    if len(settled.path) == 1:
        x, y = settled.path[0]
        out.append(f'<path d="M{x - 4:.2f} {y:.2f}h8M{x:.2f} {y - 4:.2f}v8" class="consensus"/>')
    elif len(settled.path):
        out.append(
            f'<path d="{_d(settled.path)}" class="halo"/><path d="{_d(settled.path)}" class="consensus"/>'
        )
    return out


def _d(points: Points) -> str:
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points)
