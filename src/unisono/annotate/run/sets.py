"""Sets of clips or frames: made with the project, shown to each expert in an order of his own."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

import numpy as np
import sqlalchemy as sa

from unisono.annotate.queue import shown_order
from unisono.annotate.scheduling import make_sets, repeated
from unisono.base.errors import LabelError, ProtocolError
from unisono.catalog.projects import Item, Project
from unisono.catalog.sets import Member, members_of
from unisono.labels.base import Form, Label
from unisono.labels.protocol import Question
from unisono.labels.sets import SMALLEST, SetPlan


@dataclass(frozen=True, slots=True)
class Target:
    """What one item shows, or one member of a set: a clip, and the frame unless it is the whole clip."""

    clip: str
    frame: int | None = None


def set_items(
    slug: str, targets: Sequence[Target], plan: SetPlan, seed: str
) -> tuple[list[Item], list[Member]]:
    """Return the items of a project about sets, and what stands in each; repeats come last.

    Parameters
    ----------
    slug : str
    targets : sequence of Target
        What is to be put in order.
    plan : SetPlan
    seed : str
        The project's: the same seed makes the same sets of the same targets.

    Raises
    ------
    ProtocolError
        If there are fewer than two targets, or one stands twice.
    PluginError
        If there is no such scheduler.
    """
    if len(targets) < SMALLEST:
        raise ProtocolError(f"a set needs {SMALLEST} or more to put in order; got {len(targets)}")
    if len(set(targets)) != len(targets):
        raise ProtocolError("what is put in order must be given once each")
    rng = np.random.default_rng(int.from_bytes(hashlib.sha256(f"{seed}|sets".encode()).digest()))
    sets = make_sets(len(targets), plan, rng)
    made = [_item(slug, n, targets[group[0]], None) for n, group in enumerate(sets)]
    groups = dict(zip((i.id for i in made), sets, strict=True))
    for again in repeated(len(sets), plan.repeats, rng):
        item = _item(slug, len(made), targets[sets[again][0]], made[again].id)
        made.append(item)
        groups[item.id] = sets[again]
    members = [
        Member(item, place, targets[i].clip, targets[i].frame)
        for item, group in groups.items()
        for place, i in enumerate(group)
    ]
    return made, members


def _item(slug: str, position: int, first: Target, repeat_of: str | None) -> Item:
    return Item(str(uuid4()), slug, position, first.clip, first.frame, repeat_of)


def shown_members(connection: sa.Connection, item: Item, project: Project, expert: str) -> list[Member]:
    """Return the members of a set in the order in which an expert is shown them; none of any other item."""
    by_code = {m.code: m for m in members_of(connection, item.id)}
    order = shown_order(
        list(by_code),
        project.seed,
        expert,
        item.repeat_of or item.id,
        mirrored=item.repeat_of is not None,
    )
    return [by_code[code] for code in order]


def check_order(question: Question, label: Label[object], shown: Sequence[Member]) -> None:
    """Refuse an order of anything else than the members of the set, as they were shown.

    Raises
    ------
    LabelError
        If the members, or the order in which they are said to have been shown, are others.
    """
    if Form.ORDER not in question.label_type.forms:
        return
    codes = tuple(m.code for m in shown)
    for instance in label.instances:
        if getattr(instance, "shown", None) != codes:
            raise LabelError(
                f"{question.key}: shown must be the {len(codes)} members of this set as they stood first"
            )
