"""The sample study's choices: views, grades, the physician's review and stacked questions."""

from collections.abc import Sequence
from typing import Any

from unisono.annotate.run import projects
from unisono.annotate.run.projects import Target

PROTOCOLS = ("diagnosis-review", "multi-question", "quality-grade", "view-14", "view-47")


def make_choices(connection: Any, codes: Sequence[str]) -> list[str]:  # noqa: ANN401  # the catalog's connection
    """Make a project of each protocol of choices, and return their names.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    codes : sequence of str
        The clips that are asked about.
    """
    texts = projects.shipped_protocols()
    targets = [Target(code) for code in codes]
    return [
        projects.create_project(connection, name, texts[name], targets, seed=name).slug for name in PROTOCOLS
    ]
