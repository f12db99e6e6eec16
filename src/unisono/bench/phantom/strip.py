"""A spectral Doppler strip with known velocities: E and A of a mitral inflow over several beats. Pure.

The waves are half sines above a baseline, filled with speckle, as the envelope of a pulsed-wave signal is.
Nothing is fitted to patients: the strip is for trying and testing what reads velocities.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unisono.base.units import Points

ROWS, COLUMNS = 480, 800
TOP, BOTTOM, LEFT, RIGHT = 100, 459, 40, 759
"""The strip within the frame: inclusive px bounds."""
BASELINE = 359
CM_S_PER_PX, S_PER_PX = 0.4, 0.004
WAVE_S = {"e-peak": (0.22, 0.16), "a-peak": (0.52, 0.12)}
"""When a wave peaks after its beat began, and how long it rises."""
HALF = 0.5
"""Of a half sine's length lies on either side of its peak."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A drawn strip and its truth.

    Parameters
    ----------
    image : uint8 ndarray of shape (rows, columns)
    regions : tuple of dict
        The calibrated strip, with the keys of ``Region`` on the wire.
    peaks : mapping of str to float64 ndarray of shape (n_beats, 2), px
        Each wave's peaks, beat by beat.
    """

    image: NDArray[np.uint8]
    regions: tuple[dict[str, Any], ...]
    peaks: dict[str, Points]

    def velocities_cm_s(self, key: str) -> NDArray[np.float64]:
        """Return a wave's peak velocities, shape (n_beats,), cm/s."""
        return (BASELINE - self.peaks[key][:, 1]) * CM_S_PER_PX


def make_strip(
    rng: np.random.Generator, *, e_cm_s: float = 82.0, a_cm_s: float = 55.0, beat_s: float = 0.86
) -> Strip:
    """Draw a strip of whole beats.

    Parameters
    ----------
    rng : numpy.random.Generator
        Varies beats by a few per cent and makes the speckle.
    e_cm_s, a_cm_s : float, cm/s
        Mean peak velocities.
    beat_s : float, s
        Length of a beat.

    Returns
    -------
    Strip
    """
    n_beats = int((RIGHT - LEFT) * S_PER_PX / beat_s)
    envelope = np.zeros(COLUMNS)
    peaks: dict[str, Points] = {}
    for key, mean in (("e-peak", e_cm_s), ("a-peak", a_cm_s)):
        after_s, rise_s = WAVE_S[key]
        x = LEFT + (np.arange(n_beats) * beat_s + after_s) / S_PER_PX
        height = mean * rng.uniform(0.95, 1.05, n_beats) / CM_S_PER_PX
        for at, high in zip(x, height, strict=True):
            phase = (np.arange(COLUMNS) - at) / (2 * rise_s / S_PER_PX)
            envelope = np.maximum(envelope, np.where(np.abs(phase) < HALF, high * np.cos(np.pi * phase), 0))
        peaks[key] = np.column_stack([x, BASELINE - height])
    return Strip(_paint(envelope, rng), (_region(),), peaks)


def _paint(envelope_px: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.uint8]:
    above = BASELINE - np.arange(ROWS)[:, None]
    depth = envelope_px[None, :] - above
    is_signal = (above > 0) & (depth > 0)
    bright = np.where(is_signal, 70 + 150 * np.exp(-np.abs(depth) / 30), 8)
    image = bright * rng.gamma(6, 1 / 6, (ROWS, COLUMNS))
    image[BASELINE] = 90
    outside = np.ones((ROWS, COLUMNS), dtype=np.bool_)
    outside[TOP : BOTTOM + 1, LEFT : RIGHT + 1] = False
    image[outside] = 0
    return np.clip(image, 0, 255).astype(np.uint8)


def _region() -> dict[str, Any]:
    return {
        "x0": LEFT, "y0": TOP, "x1": RIGHT, "y1": BOTTOM, "kind": "spectral", "unit_x": "s", "unit_y": "cm/s",
        "delta_x": S_PER_PX, "delta_y": -CM_S_PER_PX, "zero_x": float(LEFT), "zero_y": float(BASELINE),
    }  # fmt: skip
