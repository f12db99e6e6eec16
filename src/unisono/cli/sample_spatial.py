"""The sample study's points, curves, Doppler strips and outlines: every protocol that asks for places."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from unisono.annotate.run import projects
from unisono.annotate.run.projects import Target
from unisono.bench.phantom.strip import Strip, make_strip

STRIPS = ("doppler-mv", "tdi", "cw-systolic")
"""Asked about drawn strips of a mitral inflow."""
IMAGES = (
    "apical-three-points", "plax-measurements", "aorta", "points-2020", "points-later",
    "a2c-lv-border", "a3c-lv-border", "rv-border", "la-border", "ra-border", "plax-walls",
    "kidney-outline", "lesion-box",
)  # fmt: skip
"""Asked about heart phantoms."""
FITTING = ("doppler-mv", "apical-three-points", "rv-border", "la-border", "ra-border")
"""What the drawn recordings really show; elsewhere they stand in, and the title says so."""
PEAKS_CM_S = ((84.0, 52.0), (68.0, 81.0), (112.0, 46.0))
"""E and A of each strip: normal, impaired relaxation, restrictive."""


def make_strips(seed: int) -> dict[str, Strip]:
    """Draw the strips, and return them by name."""
    return {
        f"strip {k + 1}": make_strip(np.random.default_rng((seed, 100 + k)), e_cm_s=e, a_cm_s=a)
        for k, (e, a) in enumerate(PEAKS_CM_S)
    }


def make_spatial(connection: Any, frames: Sequence[Target], strips: Sequence[Target]) -> list[str]:  # noqa: ANN401  # the catalog's connection
    """Make a project of each protocol that asks for places, and return their names.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    frames, strips : sequence of Target
        Frames of the phantoms, and of the Doppler strips.
    """
    texts = projects.shipped_protocols()
    made = []
    for name in (*IMAGES, *STRIPS):
        title = projects.protocol_from(texts[name]).title
        shown = title if name in FITTING else f"{title} (drawn recordings stand in)"
        targets = strips if name in STRIPS else frames
        made.append(
            projects.create_project(connection, name, texts[name], targets, title=shown, seed=name).slug
        )
    return made
