"""What a release is made of, and the files that follow from it. Pure but for the frames' bytes.

The package is complete: clips with all their frames, experts, items and every answer as it was given, so it
can be imported into an empty site and released again. The format's own files stand beside that.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from unisono.base import plugins
from unisono.base.errors import ReleaseError
from unisono.formats.base import SPLITS, Codec, Dataset, LabelRecord, codecs
from unisono.formats.jsonfiles import dump_json
from unisono.formats.names import clip_of, png_path
from unisono.formats.table import NAME as TABLE
from unisono.formats.table import write_table
from unisono.labels.base import Visibility
from unisono.labels.protocol import Protocol, Question
from unisono.release.facts import (
    APPROVALS,
    CLIPS,
    EXPERTS,
    ITEMS,
    PROTOCOL,
    ClipFacts,
    ExpertFacts,
    ItemFacts,
    clips_to_json,
)
from unisono.release.splits import split_of

FRAMES_ZIP, LABELS_ZIP, MANIFEST, CARD = "png-cache.zip", "labels.zip", "manifest.json", "README.md"
POLICIES = ("consensus", "last")


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a release says.

    Parameters
    ----------
    project, title, version, format : str
    date : str
        ISO date; stands in the manifest and the card and nowhere else.
    code_version : str
    protocol : Protocol
    policy : str
        ``consensus``, or ``last`` for the last answer in time.
    split_seed : str
    clips, experts, items : tuple
    answers : tuple of LabelRecord
        Finished ones only.
    settled : tuple of LabelRecord
    consensus : dict or None
        Methods, parameters, code version and input hash of the stored result; None for ``last``.
    agreement : dict
        Body of that result, for the card's figures.
    simulated : bool
        Whether the project is marked so.
    """

    project: str
    title: str
    version: str
    format: str
    date: str
    code_version: str
    protocol: Protocol
    policy: str
    split_seed: str
    clips: tuple[ClipFacts, ...]
    experts: tuple[ExpertFacts, ...]
    items: tuple[ItemFacts, ...]
    answers: tuple[LabelRecord, ...]
    settled: tuple[LabelRecord, ...]
    consensus: dict[str, Any] | None
    simulated: bool
    agreement: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a release but for frames, manifest and card.

    Parameters
    ----------
    loose : mapping of str to bytes
        Beside the zips.
    labels : mapping of str to bytes
        Members of ``labels.zip``.
    left_out : list of dict
        ``question`` and ``reason`` of what the format's own files do not carry.
    carried : tuple of str
        Keys of the questions that they do.
    """

    loose: Mapping[str, bytes]
    labels: Mapping[str, bytes]
    left_out: list[dict[str, str]]
    carried: tuple[str, ...]


def compose(contents: Contents) -> Files:
    """Return the files of a release.

    Raises
    ------
    ReleaseError
        If the format carries none of the questions (says why for each), or wants a consensus.
    FormatError
        If a label cannot be written.
    PluginError
        If there is no such format.
    """
    codec = plugins.pick(codecs(), contents.format, "format")
    if codec.needs_consensus and contents.policy != "consensus":
        raise ReleaseError(f"format {codec.name!r} holds a consensus; labels {contents.policy!r} are none")
    left_out = left_out_of(codec, contents.protocol.questions)
    carried = [q for q in contents.protocol.questions if not codec.lacks(q)]
    if not carried:
        raise ReleaseError("nothing to write: " + "; ".join(row["reason"] for row in left_out))
    written = codec.write(dataset_of(contents, carried))
    labels = {p: data for p, data in written.items() if p not in codec.loose}
    labels[TABLE] = write_table(contents.project, contents.answers)
    loose = {p: data for p, data in written.items() if p in codec.loose}
    loose[CLIPS] = dump_json(clips_to_json(contents.clips), indent=1)
    loose[EXPERTS] = dump_json([asdict(e) for e in contents.experts], indent=1)
    loose[ITEMS] = dump_json([asdict(i) for i in contents.items], indent=1)
    loose[PROTOCOL] = contents.protocol.text.encode()
    return Files(loose, labels, left_out, tuple(q.key for q in carried))


def dataset_of(contents: Contents, questions: Sequence[Question]) -> Dataset:
    """Return what a codec writes of the given questions."""
    keys = {q.key for q in questions}
    parts = {c.code: c.split for c in contents.clips}
    answers = [r for r in contents.answers if r.question in keys]
    settled = [r for r in contents.settled if r.question in keys]
    split_of = {r.image: parts[clip_of(r.image)] for r in settled}
    return Dataset(contents.project, questions, answers, settled, split_of)


def frames_of(clips: Sequence[ClipFacts]) -> dict[str, str]:
    """Return the SHA-256 of each frame by its path in ``png-cache.zip``."""
    return {png_path(f"{c.code}-{f.index:04d}"): f.png_sha256 for c in clips for f in c.frames}


def counts_of(
    clips: Sequence[ClipFacts],
    experts: Sequence[ExpertFacts],
    items: Sequence[ItemFacts],
    answers: Sequence[LabelRecord],
) -> dict[str, Any]:
    """Return the figures that a manifest states and `verify` counts again."""
    part_of = {c.code: c.split for c in clips}
    return {
        "subjects": len({c.subject for c in clips}),
        "clips": len(clips),
        "frames": sum(len(c.frames) for c in clips),
        "items": len(items),
        "experts": len(experts),
        "answers": len(answers),
        "answers_by_expert": _sorted(Counter(r.expert or "" for r in answers)),
        "answers_by_visibility": _sorted(Counter(r.visibility.value for r in answers)),
        "simulated_clips": sum(c.simulated for c in clips),
        "simulated_experts": sum(e.simulated for e in experts),
        "splits": {
            part: {
                "subjects": len({c.subject for c in clips if c.split == part}),
                "clips": sum(c.split == part for c in clips),
                "items": sum(part_of[clip_of(i.image)] == part for i in items),
            }
            for part in SPLITS
        },
    }


def approvals_of(clips: Sequence[ClipFacts]) -> dict[str, int]:
    """Return how many clips were approved by whom, those of nobody left out."""
    counts = Counter(c.approved_by for c in clips)
    return {who: counts[who] for who in APPROVALS if counts[who]}


def given_parts(clips: Sequence[ClipFacts], seed: str) -> list[str]:
    """Return the subjects whose part is not the one that the hash gives, sorted: it was fixed elsewhere."""
    return sorted({c.subject for c in clips if c.split != split_of(c.subject, seed)})


def mark_of(project: str, version: str, fmt: str) -> str:
    """Return what the label zip says of itself, in its comment: its release."""
    return f"{project} {version} {fmt}"


def left_out_of(codec: Codec, questions: Sequence[Question]) -> list[dict[str, str]]:
    """Return the questions that a format does not carry, each with the reason."""
    reasons = {q.key: codec.lacks(q) for q in questions}
    return [{"question": key, "reason": reason} for key, reason in reasons.items() if reason]


def labels_by_visibility(settled: Sequence[LabelRecord]) -> dict[str, dict[str, int]]:
    """Return how many settled labels of each question say what."""
    counts: dict[str, Counter[str]] = {}
    for record in settled:
        counts.setdefault(record.question, Counter())[record.visibility.value] += 1
    legal = [v.value for v in Visibility if v is not Visibility.UNASKED]
    return {key: {v: rows[v] for v in legal} for key, rows in sorted(counts.items())}


def _sorted(counter: Counter[str]) -> dict[str, int]:
    return dict(sorted(counter.items()))
