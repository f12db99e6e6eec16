"""The card of a release, ``README.md``: what it holds, how it was labelled, what it is not good for."""

import re
from collections import Counter
from collections.abc import Mapping
from statistics import median
from typing import Any

import yaml

from unisono.release.facts import APPROVALS
from unisono.release.package import (
    Contents,
    Files,
    approvals_of,
    counts_of,
    given_parts,
    labels_by_visibility,
)

SPDX = re.compile(r"^[A-Za-z0-9.+-]+$")
NOT_STATED = "not stated"
AGREEMENT = "## How far the experts are apart"
"""Heading of the one section that does not follow from the release's other files."""
AGREEMENT_HEAD = (
    "\nMean distance of each expert to the consensus of the others, with its 95 % bootstrap interval over "
    "subjects and experts.\n\n| label | expert | distance | 95 % | items |\n|---|---|---|---|---|\n"
)


def write_card(
    contents: Contents, files: Files, by_visibility: Mapping[str, Mapping[str, int]] | None = None
) -> bytes:
    """Return the card, Markdown with YAML front matter, UTF-8.

    Parameters
    ----------
    contents : Contents
    files : Files
    by_visibility : mapping, optional
        How many settled labels say what, where the settled labels at hand are not all.
    """
    if by_visibility is None:
        by_visibility = labels_by_visibility(contents.settled)
    parts = (
        _front_matter(contents),
        f"# {contents.title}, version {contents.version}\n",
        _simulated(contents),
        _what(contents),
        _counts(contents, by_visibility),
        _labelled(contents, files),
        _agreement(contents),
        _deidentified(contents),
        _licences(contents),
        _limits(contents),
        _files(contents),
        _citation(contents),
    )
    return "\n".join(p for p in parts if p).encode()


def _front_matter(contents: Contents) -> str:
    licences = {c.licence or NOT_STATED for c in contents.clips}
    one = next(iter(licences)) if len(licences) == 1 else ""
    fields = {
        "pretty_name": contents.title,
        "version": contents.version,
        "date": contents.date,
        "license": one.lower() if SPDX.match(one) else "other",
        "tags": ["ultrasound", "unisono", contents.format, *(["simulated"] if contents.simulated else [])],
    }
    return f"---\n{yaml.safe_dump(fields, sort_keys=False, allow_unicode=True)}---\n"


def _simulated(contents: Contents) -> str:
    clips = sum(c.simulated for c in contents.clips)
    experts = sum(e.simulated for e in contents.experts)
    if not (clips or experts or contents.simulated):
        return ""
    return (
        f"> **Simulated.** {clips} of {len(contents.clips)} clips are drawn or generated: no patient; "
        f"{experts} of {len(contents.experts)} experts are programs.\n"
        "> Nothing here says anything about patients or about experts.\n"
    )


def _what(contents: Contents) -> str:
    asked = "\n".join(f"| `{q.key}` | {q.title} | {q.label_type.name} |" for q in contents.protocol.questions)
    return (
        f"Project `{contents.project}`, protocol `{contents.protocol.name}` version "
        f"{contents.protocol.version}, format `{contents.format}`, made by unisono {contents.code_version} "
        f"on {contents.date}.\n\n| question | structure | label |\n|---|---|---|\n{asked}\n"
    )


def _counts(contents: Contents, by_visibility: Mapping[str, Mapping[str, int]]) -> str:
    counts = counts_of(contents.clips, contents.experts, contents.items, contents.answers)
    rows = [
        f"| {part} | {n['subjects']} | {n['clips']} | {n['items']} |" for part, n in counts["splits"].items()
    ]
    simulated = {e.pseudonym for e in contents.experts if e.simulated}
    experts = [
        f"| {name} | {n} | {'simulated' if name in simulated else ''} |"
        for name, n in counts["answers_by_expert"].items()
    ]
    n = len(given_parts(contents.clips, contents.split_seed))
    seen = [f"| `{key}` | {n['seen']} | {n['blurred']} | {n['off']} |" for key, n in by_visibility.items()]
    sums = (
        f"{counts['frames']} frames of {counts['clips']} clips of {counts['subjects']} subjects; "
        f"{counts['answers']} answers of {counts['experts']} experts about {counts['items']} items.\n"
    )
    return "\n".join(
        (
            "## How much\n",
            sums,
            f"No subject is in two parts. By hash, seed `{contents.split_seed}`; {n} came with theirs.\n",
            "| part | subjects | clips | items |\n|---|---|---|---|",
            *rows,
            "\n| label | seen | blurred | off |\n|---|---|---|---|",
            *seen,
            "\n| expert | answers | |\n|---|---|---|",
            *experts,
            "",
        )
    )


def _labelled(contents: Contents, files: Files) -> str:
    how = {
        "consensus": "One label an image and structure: the consensus of the experts. "
        "Where one expert alone answered, it is his answer.",
        "last": "One label an image and structure: the last answer in time wins; there is no averaging.",
    }[contents.policy]
    lines = ["## How it was labelled\n", how]
    if contents.consensus:
        lines.append(
            f"Methods: {contents.consensus['method']} (unisono {contents.consensus['code_version']}, inputs "
            f"`{contents.consensus['input_sha256']}`)."
        )
    lines.append("Experts worked alone; only items that an expert had finished are in. They are pseudonyms.")
    lines += [f"\nNot in the files of this format: {row['reason']}." for row in files.left_out]
    lines.append("\n`user-labels-all.csv` in `labels.zip` holds every answer to every question.\n")
    return "\n".join(lines)


def _agreement(contents: Contents) -> str:
    settled: dict[str, Any] = contents.agreement.get("questions", {})
    # In the protocol's order: a database may hand the keys of a document back in another one.
    questions = {q.key: settled[q.key] for q in contents.protocol.questions if q.key in settled}
    rows = [row for key, body in questions.items() for row in _rows_of(key, body)]
    if not rows:
        return ""
    spread = [line for key, body in questions.items() if (line := _spread_of(key, body))]
    return f"{AGREEMENT}\n{AGREEMENT_HEAD}" + "\n".join(rows) + "\n\n" + "\n".join(spread) + "\n"


def _rows_of(key: str, body: dict[str, Any]) -> list[str]:
    rows = []
    for tally in body["experts"]:
        d = tally["distance"]
        if d:
            interval = f"{_number(d['low'])} to {_number(d['high'])}"
            mean = f"{_number(d['mean'])} {tally['unit']}"
            rows.append(f"| `{key}` | {tally['expert']} | {mean} | {interval} | {d['n_items']} |")
    return rows


def _spread_of(key: str, body: dict[str, Any]) -> str:
    by_unit: dict[str, list[float]] = {}
    for item in body["items"].values():
        if item["sd"] is not None:
            by_unit.setdefault(item["unit"], []).append(item["sd"])
    return "\n".join(
        f"- `{key}`: SD between experts, median over {len(sds)} items: {_number(median(sds))} {unit}"
        for unit, sds in sorted(by_unit.items())
    )


def _deidentified(contents: Contents) -> str:
    rows = [f"| {who} | {APPROVALS[who]} | {n} |" for who, n in approvals_of(contents.clips).items()]
    head = "## De-identification\n\nWho approved the frames of each clip (`clips.json`, `approved_by`).\n"
    return "\n".join((head, "| approved by | that is | clips |\n|---|---|---|", *rows, ""))


def _licences(contents: Contents) -> str:
    rows = Counter((c.licence or NOT_STATED, c.origin or NOT_STATED) for c in contents.clips)
    lines = [f"| {licence} | {origin} | {n} |" for (licence, origin), n in sorted(rows.items())]
    head = "## Licences\n\nEach clip has its own terms (`manifest.json`, `clips`).\n"
    return "\n".join((head, "| licence | origin | clips |\n|---|---|---|", *lines, ""))


def _limits(contents: Contents) -> str:
    uncalibrated = sum(c.spacing_mm is None for c in contents.clips)
    return (
        "## Limits\n\n"
        "- Not for clinical use.\n"
        f"- {uncalibrated} of {len(contents.clips)} clips have no calibration: their lengths are pixels.\n"
        "- `blurred` means that nothing may be learnt from the place; `off` that it is not there.\n"
    )


def _files(contents: Contents) -> str:
    return (
        "## Files\n\n"
        "`png-cache.zip` the frames, `labels.zip` the labels, `clips.json` the recordings, `experts.json`, "
        "`items.json`, `protocol.yaml`, `manifest.json` with the SHA-256 of each. Coordinates are pixels of "
        "the stored frame, x right, y down, (0, 0) the centre of the top-left pixel.\n"
        f"Check with `unisono verify DIR`; load into a site with "
        f"`unisono import {contents.format} DIR --project NAME`.\n"
    )


def _citation(contents: Contents) -> str:
    return (
        "## Citation\n\n"
        f"{contents.title}, version {contents.version} ({contents.date}). Made with unisono "
        f"{contents.code_version}. The origins above are to be named too.\n"
    )


def _number(value: float | None) -> str:
    return "?" if value is None else f"{value:.2f}"
