"""A release by a panel with an outlier, a backwards and an early-stopping expert, settled as `agree` does."""

from pathlib import Path
from uuid import NAMESPACE_OID, uuid5

import numpy as np

from tests.release.make import AT, PROTOCOL, make_clip_facts, make_contents, write_release
from unisono.agree.base import by_item
from unisono.agree.body import settled_json
from unisono.agree.panel import method_for
from unisono.agree.votes import facts_of, vote_of
from unisono.base.units import Spacing
from unisono.bench.experts import ELEVEN, Habit, make_truth, simulate_experts
from unisono.formats.base import LabelRecord
from unisono.release.facts import ExpertFacts, ItemFacts
from unisono.release.settled import consensus_labels

SPACING = Spacing(0.4, 0.4)


def panel_answers(
    images: list[str], panel: tuple[Habit, ...] = ELEVEN, seed: int = 5
) -> tuple[LabelRecord, ...]:
    """Return what a simulated panel draws over some images."""
    rng = np.random.default_rng(seed)
    truths = [make_truth(rng, SPACING, centre_px=(300.0, 250.0)) for _ in images]
    drawn = simulate_experts(truths, [SPACING] * len(images), rng, panel)
    records = [
        LabelRecord(image, key, f"expert-{k:02d}", label, AT, str(uuid5(NAMESPACE_OID, f"{image} {key} {k}")))
        for k, rows in enumerate(drawn.labels, start=1)
        for image, row in zip(images, rows, strict=True)
        for key, label in row.items()
    ]
    return tuple(sorted(records, key=lambda r: (r.image, r.question, r.expert or "")))


def settle(answers: tuple[LabelRecord, ...], method: str | None = None) -> tuple[LabelRecord, ...]:
    """Return what the answers come to; ``method`` is that of the curves, else the default."""
    questions = {}
    for question in PROTOCOL.questions:
        facts = facts_of(question)
        chosen = method_for(facts, method if question.label_type.name == "curve" else None)
        votes = [
            vote_of(question, facts, r.label, item=r.image, expert=str(r.expert), answer=r.id)
            for r in answers
            if r.question == question.key
        ]
        learnt = chosen.learn_all(votes, facts, {v.item: SPACING for v in votes})
        settled = {i: chosen.settle(v, facts, SPACING, learnt) for i, v in by_item(votes).items()}
        questions[question.key] = {"items": {i: settled_json(s, facts) for i, s in settled.items()}}
    return consensus_labels(answers, {"questions": questions}, PROTOCOL, {r.image: r.image for r in answers})


def write_panel_release(folder: Path, fmt: str) -> Path:
    """Write the release of six frames that the demo's panel of eleven labelled."""
    size = {"rows": 600, "columns": 800, "spacing_mm": [0.4, 0.4]}
    clips = (make_clip_facts(1, **size), make_clip_facts(2, "ival", **size))
    images = [f"{c.code}-{i:04d}" for c in clips for i in range(3)]
    answers = panel_answers(images)
    names = sorted({str(r.expert) for r in answers})
    contents = make_contents(
        format=fmt,
        policy="consensus",
        clips=clips,
        experts=tuple(ExpertFacts(n, simulated=True) for n in names),
        items=tuple(ItemFacts(f"item {n}", i, names, []) for n, i in enumerate(images)),
        answers=answers,
        settled=settle(answers),
    )
    return write_release(folder, contents)
