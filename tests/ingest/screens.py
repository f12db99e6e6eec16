"""Scanner screens made from numbers and a seed: the sector is known to the pixel, and so is every letter."""

from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

Area = NDArray[np.bool_]
FAINT = 0.06
SMALLEST_LOSSY = 400
"""Two blocks of JPEG are a tenth of a smaller frame's margins."""
SHAPES = ("phased", "convex", "linear", "trapezium", "cropped")


@dataclass(frozen=True)
class Scene:
    """What is drawn.

    Parameters
    ----------
    shape : str
        One of ``SHAPES``.
    rows, columns, n_frames : int
    half_angle_deg : float
        Of a fan; for a trapezium the slant of its sides.
    depth_share : float
        Depth of the image over the rows of the frame.
    near_share : float
        Radius of the probe over the far radius; 0 for a phased array.
    dark : str
        Parts that return no echo: any of ``left``, ``right``, ``far``, ``middle``.
    extras : frozenset of str
        ``banner``, ``text``, ``ecg``, ``scale``, ``colour``.
    quality : int or None
        JPEG quality, None for none.
    """

    shape: str = "phased"
    rows: int = 480
    columns: int = 640
    n_frames: int = 8
    half_angle_deg: float = 42.0
    depth_share: float = 0.8
    near_share: float = 0.0
    dark: tuple[str, ...] = ()
    extras: frozenset[str] = field(default=frozenset({"banner", "text", "scale"}))
    quality: int | None = None
    seed: int = 0


@dataclass(frozen=True)
class Screen:
    """A drawn clip: frames (n, rows, columns, 3), its true sector, and where letters and lines were drawn."""

    frames: NDArray[np.uint8]
    sector: Area
    drawn: Area


def draw(scene: Scene) -> Screen:
    """Return a scene as frames with its truth."""
    rng = np.random.default_rng(scene.seed)
    sector, across, along = geometry(scene)
    furniture = _furniture(scene, sector)
    gain = _gain(scene, across, along)
    still = _speckle(rng, scene)
    frames = np.zeros((scene.n_frames, scene.rows, scene.columns, 3), np.uint8)
    for i, frame in enumerate(frames):
        tissue = 0.6 * still + 0.4 * _speckle(rng, scene)
        grey = np.clip(tissue * gain, 0, 255).astype(np.uint8)
        frame[sector] = grey[sector][:, None]
        if "colour" in scene.extras:
            _colour_box(frame, rng, sector, across, along)
        frame[furniture > 0] = furniture[furniture > 0][:, None]
        if "ecg" in scene.extras:
            _ecg(frame, i, sector)
    if scene.quality is not None:
        frames = np.stack([_lossy(frame, scene.quality) for frame in frames])
    return Screen(frames, sector, (furniture > 0) & ~sector)


def geometry(scene: Scene) -> tuple[Area, NDArray[np.float64], NDArray[np.float64]]:
    """Return the sector, and for each pixel its place across (-1 to 1) and along (0 to 1) it."""
    y, x = np.mgrid[: scene.rows, : scene.columns].astype(float)
    top, middle = 0.12 * scene.rows, 0.5 * scene.columns + 0.03 * scene.columns
    depth = min(scene.depth_share, 0.8) * scene.rows
    if scene.shape in ("linear", "trapezium"):
        slant = 0.0 if scene.shape == "linear" else np.tan(np.radians(min(scene.half_angle_deg, 30.0)))
        half = 0.25 * scene.columns + (y - top) * slant * 0.5
        across, along = (x - middle) / half, (y - top) / depth
    else:
        angle = np.radians(scene.half_angle_deg)
        lift = scene.near_share * np.cos(angle)  # the corners of the near arc lie at `top`
        far = depth / (1 - lift)
        dx, dy = x - middle, y - (top - lift * far)
        radius = np.hypot(dx, dy)
        across = np.arctan2(dx, dy) / angle
        along = (radius / far - scene.near_share) / (1 - scene.near_share)
    inside = (np.abs(across) <= 1) & (along >= 0) & (along <= 1)
    if scene.shape == "cropped":
        inside &= y < top + 0.85 * depth
    return inside, across, along


def random_scene(rng: np.random.Generator, *, n_frames: int = 8) -> Scene:
    """Return a scene of the kinds that clinics send."""
    shape = str(rng.choice(SHAPES))
    near = {"phased": 0.0, "convex": rng.uniform(0.15, 0.45), "cropped": rng.uniform(0.0, 0.4)}
    dark = [part for part in ("left", "right", "far", "middle") if rng.random() < 0.2]
    if "left" in dark and "right" in dark:
        dark.remove("right")
    sizes = ((480, 640), (600, 800), (708, 1016), (768, 1024), (240, 320))
    rows, columns = sizes[int(rng.integers(len(sizes)))]
    extras = {e for e in ("banner", "text", "scale", "ecg", "colour") if rng.random() < 0.6}
    return Scene(
        shape=shape,
        rows=rows,
        columns=columns,
        n_frames=n_frames,
        half_angle_deg=float(rng.uniform(22, 46)),
        depth_share=float(rng.uniform(0.6, 0.8)),
        near_share=float(near.get(shape, 0.0)),
        dark=tuple(dark),
        extras=frozenset(extras),
        quality=None if rng.random() < 0.5 or rows < SMALLEST_LOSSY else int(rng.integers(80, 96)),
        seed=int(rng.integers(2**31)),
    )


def still(scene: Scene) -> Scene:
    """Return a scene as a single frame."""
    return replace(scene, n_frames=1)


def _speckle(rng: np.random.Generator, scene: Scene) -> NDArray[np.float64]:
    parts = rng.normal(size=(2, scene.rows, scene.columns))
    smooth = [cv2.GaussianBlur(part, (0, 0), 1.2) for part in parts]
    return np.asarray(np.hypot(*smooth) / 0.3 * 70, dtype=np.float64)


def _gain(scene: Scene, across: NDArray[np.float64], along: NDArray[np.float64]) -> NDArray[np.float64]:
    gain = 1.15 - 0.5 * np.clip(along, 0, 1)
    ramps = {
        "left": np.clip((across + 0.75) / 0.3, 0, 1),
        "right": np.clip((0.75 - across) / 0.3, 0, 1),
        "far": np.clip((1.02 - along) / 0.25 - np.abs(across) * 0.6, 0, 1),
        "middle": np.where(np.hypot(across, (along - 0.5) * 2) < 0.4, 0.0, 1.0),
    }
    # Without symmetry nothing tells where a side without any echo ends, so there a little is left.
    least = FAINT if scene.shape in ("linear", "trapezium") else 0.0
    for part in scene.dark:
        gain = gain * np.maximum(ramps[part], least if part in ("left", "right") else 0.0)
    return np.asarray(gain, dtype=np.float64)


def _furniture(scene: Scene, sector: Area) -> NDArray[np.uint8]:
    page = np.zeros((scene.rows, scene.columns), np.uint8)
    size, rows, columns = scene.rows / 1000, scene.rows, scene.columns
    font = cv2.FONT_HERSHEY_SIMPLEX
    if "banner" in scene.extras:
        page[: int(0.07 * rows)] = 60
        cv2.putText(page, "DOE, JANE 12345678 01/02/1960", (8, int(0.05 * rows)), font, size, 230, 1)
    if "text" in scene.extras:
        for i, line in enumerate(("18 Hz", "15 cm", "2D 59%", "C 50", "P Low")):
            cv2.putText(page, line, (6, int((0.16 + 0.06 * i) * rows)), font, size, 200, 1)
        cv2.putText(page, "HOSPITAL", (int(0.8 * columns), int(0.12 * rows)), font, size, 220, 1)
    if "scale" in scene.extras:
        for i in range(12):
            at = int((0.15 + 0.065 * i) * rows)
            cv2.line(page, (int(0.965 * columns), at), (int(0.98 * columns), at), 180, 1)
        page[int(0.3 * rows) : int(0.5 * rows), -10:-3] = np.linspace(
            255, 0, int(0.5 * rows) - int(0.3 * rows)
        )[:, None]
    page[cv2.dilate(sector.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0] = 0
    return page


def _colour_box(
    frame: NDArray[np.uint8],
    rng: np.random.Generator,
    sector: Area,
    across: NDArray[np.float64],
    along: NDArray[np.float64],
) -> None:
    box = sector & (np.abs(across - 0.05) < 0.4) & (along > 0.3) & (along < 0.75)
    flow = box & (cv2.GaussianBlur(rng.normal(size=sector.shape), (0, 0), 6) > 0.02)
    frame[flow] = np.where(across[flow, None] > 0, (220, 60, 20), (20, 70, 220))
    edge = box & ~cv2.erode(box.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    frame[edge] = 255


def _ecg(frame: NDArray[np.uint8], i: int, sector: Area) -> None:
    rows, columns = sector.shape
    x = np.arange(int(0.08 * columns), int(0.92 * columns))
    beat = (x / columns * 4 + 0.02 * i) % 1
    height = np.exp(-(((beat - 0.5) / 0.03) ** 2)) - 0.3 * np.exp(-(((beat - 0.57) / 0.03) ** 2))
    y = (0.975 - 0.02 * height) * rows
    cv2.polylines(frame, [np.stack([x, y], axis=1).astype(np.int32)], False, (40, 220, 60), 1)


def _lossy(frame: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    data = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), dtype=np.uint8)
