"""The sample study's moments: end diastole and end systole, and when something is visible, on the loops."""

from collections.abc import Sequence
from typing import Any

from unisono.annotate.run import projects
from unisono.annotate.run.projects import Target

MOMENTS = ("phase-a4c", "phase-plax", "visible-intervals")


def make_moments(connection: Any, codes: Sequence[str]) -> list[str]:  # noqa: ANN401  # the catalog's connection
    """Make a project of each protocol that asks when, and return their names.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    codes : sequence of str
        The loops that are asked about.
    """
    texts = projects.shipped_protocols()
    targets = [Target(code) for code in codes]
    return [
        projects.create_project(connection, name, texts[name], targets, seed=name).slug for name in MOMENTS
    ]
