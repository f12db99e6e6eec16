"""Make projects and look at them."""

import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from uuid import uuid4

import sqlalchemy as sa

from unisono.annotate.examples import lacking
from unisono.annotate.run.sets import Target, set_items
from unisono.annotate.secrets import new_token
from unisono.base.errors import ConflictError, NotFoundError, ProtocolError
from unisono.catalog import projects as rows
from unisono.catalog.clips import Clip, all_clips, approved_clip
from unisono.catalog.projects import Item, Project
from unisono.catalog.rows import now
from unisono.catalog.sets import insert_members
from unisono.labels.protocol import Protocol, parse_protocol
from unisono.labels.sets import SetPlan

SLUG = re.compile(r"^[a-z0-9][a-z0-9-]{0,79}$")


def shipped_protocols() -> dict[str, str]:
    """Return the YAML text of each protocol that comes with the package, by name."""
    folder = files("unisono.annotate").joinpath("protocols")
    texts = {f.name.removesuffix(".yaml"): f for f in folder.iterdir() if f.name.endswith(".yaml")}
    return {name: texts[name].read_text(encoding="utf-8") for name in sorted(texts)}


@lru_cache(maxsize=256)
def protocol_from(text: str) -> Protocol:
    """Return the protocol that a project's text describes; a text in use never changes."""
    return parse_protocol(text)


def create_project(
    connection: sa.Connection,
    slug: str,
    protocol_text: str,
    targets: Sequence[Target],
    *,
    title: str | None = None,
    seed: str | None = None,
    plan: SetPlan | None = None,
) -> Project:
    """Make a project: a protocol over items.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    slug : str
        Its name in addresses: small letters, digits and dashes.
    protocol_text : str
        YAML.
    targets : sequence of Target
        In the order in which they are added; each expert sees an order of his own. Sets are made of them
        where the protocol asks about sets.
    title : str, optional
        The protocol's title by default.
    seed : str, optional
        Of the experts' orders and of the sets; drawn when not given.
    plan : SetPlan, optional
        How the sets are made; the protocol's own plan by default.

    Raises
    ------
    ProtocolError
        If the protocol is wrong, the slug is not legal, or a target does not fit the protocol.
    PluginError
        If the plan names a scheduler that does not exist.
    ConflictError
        If the slug is taken, or a clip is not approved.
    NotFoundError
        If a clip is not in the catalog.
    """
    protocol = protocol_from(protocol_text)
    for fault in lacking(protocol):
        raise ProtocolError(f"protocol {protocol.name!r}: {fault}")
    if not SLUG.match(slug):
        raise ProtocolError(f"a project's name is small letters, digits and dashes; got {slug!r}")
    clips = {code: approved_clip(connection, code) for code in dict.fromkeys(t.clip for t in targets)}
    plan = (plan or protocol.sets) if protocol.sets else None
    for target in targets:
        _check_target(target, clips[target.clip], protocol, plan.of if plan else protocol.item)
    project = Project(
        slug=slug,
        title=title or protocol.title,
        protocol=protocol_text,
        protocol_name=protocol.name,
        protocol_version=protocol.version,
        seed=seed or new_token(),
        simulated=any(clip.simulated for clip in clips.values()),
        created_at=now(),
    )
    if plan is None:
        items = [Item(str(uuid4()), slug, n, target.clip, target.frame) for n, target in enumerate(targets)]
        rows.insert_project(connection, project, items)
    else:
        items, in_sets = set_items(slug, targets, plan, project.seed)
        rows.insert_project(connection, project, items)
        insert_members(connection, in_sets)
    return project


def targets_of(
    connection: sa.Connection, protocol_text: str, codes: Sequence[str] = (), *, frames_per_clip: int = 1
) -> list[Target]:
    """Return what a protocol would ask about clips: the whole clip, or frames spread evenly over it.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    protocol_text : str
    codes : sequence of str
        Clip codes; all approved clips of the catalog by default.
    frames_per_clip : int, default=1
        How many frames of each clip, when the protocol asks about frames.

    Raises
    ------
    ConflictError
        If a clip that is named is not approved, or none is.
    NotFoundError
        If a clip that is named is not in the catalog.
    """
    protocol = protocol_from(protocol_text)
    clips = [approved_clip(connection, c) for c in codes] if codes else _approved_clips(connection)
    if (protocol.sets.of if protocol.sets else protocol.item) == "clip":
        return [Target(clip.code) for clip in clips]
    return [Target(clip.code, f) for clip in clips for f in spread_frames(clip.n_frames, frames_per_clip)]


def spread_frames(n_frames: int, wanted: int) -> list[int]:
    """Return up to ``wanted`` different frame numbers, evenly over ``0..n_frames - 1``."""
    count = min(wanted, n_frames)
    return [int((k + 0.5) * n_frames / count) for k in range(count)]


def all_projects(connection: sa.Connection) -> list[Project]:
    """Return all projects, oldest first."""
    return rows.all_projects(connection)


def project(connection: sa.Connection, slug: str) -> Project:
    """Return a project.

    Raises
    ------
    NotFoundError
        If there is none of that name.
    """
    return rows.project_by_slug(connection, slug)


def items(connection: sa.Connection, slug: str) -> list[Item]:
    """Return a project's items in the order in which they were added."""
    return rows.items_of(connection, slug)


def _approved_clips(connection: sa.Connection) -> list[Clip]:
    everything = all_clips(connection)
    approved = [clip for clip in everything if clip.state == "approved"]
    if not approved:
        raise ConflictError(
            f"no clip is approved ({len(everything)} are in); look at those that wait with: unisono review"
        )
    return approved


def _check_target(target: Target, clip: Clip, protocol: Protocol, kind: str) -> None:
    if (kind == "frame") != (target.frame is not None):
        raise ProtocolError(f"protocol {protocol.name!r} asks about a {kind}; got {target}")
    if target.frame is not None and not 0 <= target.frame < clip.n_frames:
        raise NotFoundError(f"clip {clip.code} has frames 0 to {clip.n_frames - 1}; got {target.frame}")


__all__ = [
    "Item",
    "Project",
    "SetPlan",
    "Target",
    "all_projects",
    "create_project",
    "items",
    "project",
    "protocol_from",
    "shipped_protocols",
    "spread_frames",
    "targets_of",
]
