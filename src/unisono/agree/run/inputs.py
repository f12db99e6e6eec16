"""What a project's experts answered, read in one snapshot."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from unisono.agree.base import Facts, Vote
from unisono.agree.votes import has_several, vote_of
from unisono.base.canonical import sha256_of
from unisono.base.units import Spacing
from unisono.catalog.answers import CurrentAnswer, current_answers
from unisono.catalog.clips import Clip, clip_by_code
from unisono.catalog.projects import Item, Project, project_by_slug, shown_items_of
from unisono.labels import protocol as labels
from unisono.labels.base import Visibility


@dataclass(frozen=True, slots=True)
class Inputs:
    """The answers that count, and what they are read by.

    Parameters
    ----------
    project : Project
    protocol : labels.Protocol
    items : mapping of str to Item
        All items that are shown.
    clips : mapping of str to Clip
        Of the items that were asked for.
    answers : tuple of CurrentAnswer
    several : frozenset of (question, item)
        Where somebody gave several instances.
    """

    project: Project
    protocol: labels.Protocol
    items: Mapping[str, Item]
    clips: Mapping[str, Clip]
    answers: tuple[CurrentAnswer, ...]
    several: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    def spacing(self, item: str) -> Spacing | None:
        """Return an item's pixel size, None when it is unknown."""
        size = self.clips[self.items[item].clip].spacing_mm
        return None if size is None else Spacing(*size)

    def votes(self, question: labels.Question, facts: Facts) -> list[Vote]:
        """Return the answers to a question as votes."""
        return [
            vote_of(question, facts, a.label, item=a.item, expert=a.pseudonym, answer=a.id)
            for a in self.answers
            if a.question == question.key
        ]


def read_inputs(connection: sa.Connection, slug: str, *, item: str | None = None) -> Inputs:
    """Return the answers of a project, or those of one item.

    Raises
    ------
    NotFoundError
        If there is no such project.
    """
    project = project_by_slug(connection, slug)
    protocol = labels.parse_protocol(project.protocol, f"project {slug!r}")
    items = {i.id: i for i in shown_items_of(connection, slug)}
    wanted = items.values() if item is None else [items[item]]
    clips = {code: clip_by_code(connection, code) for code in sorted({i.clip for i in wanted})}
    answers = tuple(
        a
        for a in current_answers(connection, slug, item=item)
        if a.item in items and a.label.get("visibility") != Visibility.UNASKED.value
    )
    several = frozenset((a.question, a.item) for a in answers if has_several(a.label))
    return Inputs(project, protocol, items, clips, answers, several)


def input_sha256(inputs: Inputs) -> str:
    """Return the hash of the canonical JSON of all answers used, with the pixel sizes they were read by."""
    answers = [
        {"id": a.id, "item": a.item, "question": a.question, "expert": a.pseudonym, "label": a.label}
        for a in sorted(inputs.answers, key=lambda a: a.id)
    ]
    used = sorted({a.item for a in inputs.answers})
    spacings = {item: inputs.clips[inputs.items[item].clip].spacing_mm for item in used}
    return sha256_of({"answers": answers, "spacings": spacings})
