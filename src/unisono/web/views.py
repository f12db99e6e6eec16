"""From what the rooms hand out to what goes over the wire."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from unisono.agree.run import Spread
from unisono.annotate.run.lead import ExpertProgress, ItemProgress, ProjectProgress
from unisono.annotate.run.people import Person
from unisono.annotate.run.work import MyItem, MyProject, QueueEntry
from unisono.labels import protocol as labels
from unisono.web import wire, wire_lead

PICTURES = "api/examples"
"""Where the pictures that come with the protocols are served."""


def me(person: Person) -> wire.Me:
    """Return who is signed in."""
    return wire.Me(
        id=person.id,
        name=person.name,
        leads=list(person.leads),
        has_password=person.has_password,
        reviewer=person.reviewer,
        may_bring=person.may_bring,
    )


def protocol(source: labels.Protocol) -> wire.Protocol:
    """Return a protocol for the page."""
    return wire.Protocol(
        name=source.name,
        version=source.version,
        title=source.title,
        item="frame" if source.item == "frame" else "set" if source.sets else "clip",
        instructions=source.instructions,
        questions=[_question(q) for q in source.questions],
        unusable_reasons=[wire.Reason(key=r.key, title=r.title) for r in source.unusable_reasons],
    )


def my_project(source: MyProject) -> wire.MyProject:
    """Return a project with the member's own numbers."""
    clip = source.first_clip
    return wire.MyProject(
        slug=source.project.slug,
        title=source.project.title,
        role="lead" if source.role == "lead" else "expert",
        simulated_data=source.project.simulated,
        protocol=protocol(source.protocol),
        n_items=source.n_items,
        n_mine_finished=source.n_finished,
        active_s_mine=source.active_s,
        next_item=source.next_item,
        thumbnail=thumbnail(clip.code, source.first_frame) if clip else None,
    )


def queue(source: Sequence[QueueEntry]) -> list[wire.QueueEntry]:
    """Return the own order of items."""
    return [
        wire.QueueEntry.model_validate({"item": e.item, "place": e.place, "state": e.state}) for e in source
    ]


def clip(source: Any) -> wire.ClipView:  # noqa: ANN401  # a catalog row; web may not name its class
    """Return a clip for the player."""
    return wire.ClipView(
        code=source.code,
        rows=source.rows,
        columns=source.columns,
        n_frames=source.n_frames,
        frame_times_s=list(source.frame_times_s) if source.frame_times_s is not None else None,
        pack_url=f"api/clips/{source.code}/pack/{source.pack_sha256}",
        pack_bytes=source.pack_bytes,
        spacing_mm=source.spacing_mm,
        regions=[wire.Region.model_validate(r) for r in source.regions],
        origin=source.origin,
        simulated=source.simulated,
    )


def my_item(source: MyItem) -> wire.ItemView:
    """Return an item with the own answers."""
    submitted = source.submission
    return wire.ItemView(
        item=source.item.id,
        place=source.place,
        n_items=source.n_items,
        clip=clip(source.clip),
        frame=source.frame,
        members=[
            wire.MemberView(code=m.member.code, clip=clip(m.clip), frame=m.member.frame)
            for m in source.members
        ],
        answers=[
            wire.AnswerView(
                id=a.id, seq=a.seq, question=a.question, label=wire.LabelBody.model_validate(a.label), at=a.at
            )
            for a in source.answers
        ],
        submission=wire.SubmissionView.model_validate(
            {"id": submitted.id, "outcome": submitted.outcome, "reason": submitted.reason, "at": submitted.at}
        )
        if submitted
        else None,
        look_again=[wire.LookAgain(question=a.question, comment=a.comment) for a in source.look_again],
        previous=source.previous,
        next=source.next,
    )


def thumbnail(code: str, frame: int | None) -> str:
    """Return the address of a clip's small picture."""
    return f"api/clips/{code}/thumbnail.jpg" + (f"?frame={frame}" if frame is not None else "")


def _question(source: labels.Question) -> wire.Question:
    return wire.Question(
        key=source.key,
        title=source.title,
        label=source.label_type.name,
        tool=source.label_type.tool,
        hotkey=source.hotkey,
        hue=source.hue,
        help=source.help,
        options=source.raw_options,
        categories=[
            wire.Category(key=c.key, title=c.title, family=c.family)
            for c in source.label_type.buttons(source.options)
        ],
        visibilities=[_visibility(v.value) for v in source.visibilities],
        required=source.required,
        when={c.question: list(c.keys) for c in source.when},
        examples=[
            wire.Example.model_validate(
                {"kind": e.kind, "picture": f"{PICTURES}/{e.picture}", "text": e.text}
            )
            for e in source.examples
        ],
    )


def _visibility(value: str) -> wire.Visibility:
    legal: tuple[wire.Visibility, ...] = ("seen", "blurred", "off", "unasked")
    return next(v for v in legal if v == value)


def progress(
    source: ProjectProgress, spreads: Mapping[str, Spread], agreed: tuple[datetime | None, int]
) -> wire_lead.Progress:
    """Return the lead's dashboard; items with the widest disagreement first, then those that lack answers.

    Parameters
    ----------
    source : ProjectProgress
    spreads : mapping of str to Spread
        Of each item, by its id.
    agreed : tuple of datetime or None, int
        When the project was last agreed on, and how many items changed since.
    """
    rows = [_item_progress(i, source.experts_per_item, spreads.get(i.item.id)) for i in source.items]
    rows.sort(key=lambda r: (not r.flags, -(r.spread or 0.0), r.n_done + r.n_unusable))
    return wire_lead.Progress(
        slug=source.project.slug,
        title=source.project.title,
        n_items=len(source.items),
        n_enough=source.n_enough,
        n_flagged=sum(bool(r.flags) for r in rows),
        n_withdrawn=source.n_withdrawn,
        agreed_at=agreed[0],
        n_since_agreed=agreed[1],
        experts=[_expert_progress(e) for e in source.experts],
        items=rows,
    )


def _item_progress(source: ItemProgress, n_wanted: int, spread: Spread | None) -> wire_lead.ItemProgress:
    return wire_lead.ItemProgress(
        item=source.item.id,
        clip=source.item.clip,
        frame=source.item.frame,
        n_done=source.n_done,
        n_unusable=source.n_unusable,
        n_wanted=n_wanted,
        thumbnail=thumbnail(source.item.clip, source.item.frame),
        spread=spread.value if spread else None,
        unit=spread.unit if spread else None,
        flags=list(spread.flags) if spread else [],
    )


def _expert_progress(source: ExpertProgress) -> wire_lead.ExpertProgress:
    return wire_lead.ExpertProgress(
        expert=source.expert.id,
        pseudonym=source.expert.pseudonym,
        name=source.expert.name,
        simulated=source.expert.simulated,
        n_done=source.n_done,
        n_unusable=source.n_unusable,
        active_s=source.active_s,
        last_at=source.last_at,
    )
