"""Where a release says its consensus comes from: the methods, and the hash of the answers that went in."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from unisono.base.canonical import sha256_of
from unisono.formats.base import LabelRecord
from unisono.formats.names import clip_of
from unisono.labels.base import Visibility
from unisono.release.facts import ClipFacts, ItemFacts
from unisono.release.opened import Opened
from unisono.release.package import MANIFEST

KEYS = {"method", "questions", "parameters", "code_version", "input_sha256"}
NAME = re.compile(r"^[a-z]+(?:-[a-z]+)*$")


def input_sha256(
    answers: Sequence[LabelRecord], items: Sequence[ItemFacts], clips: Sequence[ClipFacts]
) -> str:
    """Return the hash by which a consensus names its inputs.

    It is the SHA-256 of the canonical JSON of the answers by id, each with its item, question, expert and
    label, and of the pixel sizes of the items that were answered.
    """
    item_of = {i.image: i.id for i in items}
    size_of = {c.code: c.spacing_mm for c in clips}
    used = [r for r in answers if r.visibility is not Visibility.UNASKED]
    rows = [
        {
            "id": r.id,
            "item": item_of.get(r.image, ""),
            "question": r.question,
            "expert": r.expert,
            "label": r.label,
        }
        for r in sorted(used, key=lambda r: r.id)
    ]
    spacings = {item_of.get(r.image, ""): size_of.get(clip_of(r.image)) for r in used}
    return sha256_of({"answers": rows, "spacings": spacings})


def consensus_faults(opened: Opened) -> Iterator[str]:
    """Yield what the manifest says of its consensus that the answers contradict, or that cannot be."""
    stated = opened.manifest.get("consensus")
    if opened.manifest["labels"].get("policy") != "consensus":
        if stated is not None:
            yield f"{MANIFEST}: consensus: is stated, but the labels are none"
        return
    if not isinstance(stated, Mapping) or stated.keys() != KEYS:
        yield f"{MANIFEST}: consensus: has the keys {', '.join(sorted(KEYS))}"
        return
    yield from _method_faults(stated, opened)
    if stated["input_sha256"] != input_sha256(opened.answers, opened.items, opened.clips):
        yield f"{MANIFEST}: consensus input_sha256: is not the hash of these answers"


def _method_faults(stated: Mapping[str, Any], opened: Opened) -> Iterator[str]:
    questions, parameters = stated["questions"], stated["parameters"]
    asked = {r.question for r in opened.answers if r.visibility is not Visibility.UNASKED}
    is_of_form = isinstance(questions, Mapping) and isinstance(parameters, Mapping)
    if not is_of_form or not asked <= questions.keys() <= {q.key for q in opened.protocol.questions}:
        yield f"{MANIFEST}: consensus questions: not a method for each of {', '.join(sorted(asked))}"
        return
    named = {str(name) for name in questions.values()}
    if set(str(stated["method"]).split(", ")) != named or parameters.keys() != named:
        yield f"{MANIFEST}: consensus method: not those of its questions and parameters"
    if not all(NAME.match(name) for name in named):
        yield f"{MANIFEST}: consensus method: no method has such a name"
