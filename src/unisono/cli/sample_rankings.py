"""The sample study's rankings: every axis over the same recordings, one of them in pairs."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from unisono.annotate.run import projects
from unisono.annotate.run.projects import Target

PREFIX = "rank-"
IN_PAIRS = "rank-a4c-mitral-visibility"
"""The axis that is asked of two side by side."""


def make_rankings(connection: Any, codes: Sequence[str]) -> list[str]:  # noqa: ANN401  # the catalog's connection
    """Make a project of each axis that comes with the package, and return their names.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    codes : sequence of str
        The clips that are put in order.
    """
    made = []
    for name, text in projects.shipped_protocols().items():
        protocol = projects.protocol_from(text)
        if not name.startswith(PREFIX) or protocol.sets is None:
            continue
        plan = replace(protocol.sets, size=2) if name == IN_PAIRS else None
        title = protocol.title if name.startswith("rank-a4c") else f"{protocol.title} (A4C loops stand in)"
        targets = [Target(code) for code in codes]
        made.append(
            projects.create_project(connection, name, text, targets, title=title, seed=name, plan=plan).slug
        )
    return made
