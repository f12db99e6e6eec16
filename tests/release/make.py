"""A release from a few numbers, without a catalog."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import cv2

from tests.make import curve_label, make_images, point_label
from unisono.annotate.run.projects import shipped_protocols
from unisono.formats.base import LabelRecord
from unisono.labels.protocol import parse_protocol
from unisono.release.archive import sha256_of_file, write_zip
from unisono.release.card import write_card
from unisono.release.facts import ClipFacts, ExpertFacts, FrameFacts, ItemFacts
from unisono.release.manifest import make_manifest
from unisono.release.package import Contents, compose, frames_of, mark_of
from unisono.release.provenance import input_sha256

PROTOCOL = parse_protocol(shipped_protocols()["a4c-lv-border"])
AT = "2026-01-01T10:00:00.000000+00:00"
SHIFTS = {"expert-1": 0.0, "expert-2": 1.0}


def code_of(seed: int) -> str:
    return "01-" + hashlib.sha256(f"clip {seed}".encode()).hexdigest()


def pngs_of(seed: int) -> list[bytes]:
    return [bytes(cv2.imencode(".png", i)[1]) for i in make_images(3, seed=seed)]


def make_clip_facts(seed: int, split: str = "train", **changes: Any) -> ClipFacts:
    frames = tuple(
        FrameFacts(i, hashlib.sha256(png).hexdigest(), f"{i:064x}", len(png))
        for i, png in enumerate(pngs_of(seed))
    )
    base = {
        "code": code_of(seed),
        "subject": f"subject-{seed}",
        "split": split,
        "kind": "images",
        "rows": 60,
        "columns": 80,
        "n_frames": 3,
        "frame_times_s": [0.0, 0.05, 0.1],
        "timing": "made",
        "regions": [],
        "spacing_mm": [0.5, 0.5],
        "header": {},
        "mask": {},
        "decoder": "none",
        "origin": "made by the tests",
        "licence": "CC0-1.0",
        "approved_by": "person",
        "simulated": False,
        "frames": frames,
    }
    return ClipFacts(**{**base, **changes})


def make_answers(image: str) -> tuple[LabelRecord, ...]:
    out = []
    for expert, shift in SHIFTS.items():
        labels = {
            "curve-lv-endo": curve_label(shift),
            "lv-apex-endo": point_label(40 + shift, 8),
            "mv-ant-hinge": point_label(20 + shift, 50.5),
            "mv-post-hinge": {"visibility": "blurred", "instances": []},
        }
        rows = labels.items()
        ids = {q: str(uuid5(NAMESPACE_OID, f"{image} {q} {expert}")) for q in labels}
        out += [LabelRecord(image, q, expert, v, AT, ids[q]) for q, v in rows]
    return tuple(sorted(out, key=lambda r: (r.image, r.question, r.expert or "")))


def make_contents(**changes: Any) -> Contents:
    clips = (make_clip_facts(1), make_clip_facts(2, "ival"))
    images = [f"{c.code}-0001" for c in clips]
    answers = tuple(r for image in images for r in make_answers(image))
    settled = tuple(
        LabelRecord(r.image, r.question, None, r.label) for r in answers if r.expert == "expert-2"
    )
    base = {
        "project": "lv",
        "title": "A border",
        "version": "1.2.3",
        "format": "unity",
        "date": "2026-01-02",
        "code_version": "0.0.0",
        "protocol": PROTOCOL,
        "policy": "last",
        "split_seed": "seed",
        "clips": clips,
        "experts": tuple(ExpertFacts(e, simulated=e == "expert-2") for e in SHIFTS),
        "items": tuple(ItemFacts(f"item {n}", i, list(SHIFTS), []) for n, i in enumerate(images)),
        "answers": answers,
        "settled": settled,
        "consensus": None,
        "simulated": False,
    }
    contents = Contents(**{**base, **changes})
    if contents.policy != "consensus" or contents.consensus:
        return contents
    return replace(contents, consensus=make_provenance(contents))


def make_provenance(contents: Contents) -> dict[str, Any]:
    """Return what a stored consensus of these answers says of itself."""
    return {
        "method": "curve-normals, point-biweight",
        "questions": {
            q.key: "curve-normals" if q.label_type.name == "curve" else "point-biweight"
            for q in contents.protocol.questions
        },
        "parameters": {"curve-normals": {}, "point-biweight": {"near_sd": 3.0}},
        "code_version": "0.0.0",
        "input_sha256": input_sha256(contents.answers, contents.items, contents.clips),
    }


def write_release(folder: Path, contents: Contents | None = None, **loose: bytes) -> Path:
    """Write a release to disk; ``loose`` replaces or adds files before they are hashed."""
    contents = contents or make_contents()
    files = compose(contents)
    folder.mkdir()
    png = {
        path: png
        for clip, seed in zip(contents.clips, (1, 2), strict=True)
        for path, png in zip(frames_of([clip]), pngs_of(seed), strict=True)
    }
    for name, data in {**files.loose, "README.md": write_card(contents, files), **loose}.items():
        (folder / name.replace("__", ".")).write_bytes(data)
    mark = mark_of(contents.project, contents.version, contents.format)
    write_zip(folder / "labels.zip", files.labels, files.labels.__getitem__, mark)
    write_zip(folder / "png-cache.zip", png, png.__getitem__)
    write_manifest(folder, make_manifest(contents, files, listing(folder)))
    return folder


def listing(folder: Path) -> list[dict[str, str | int]]:
    return [
        {"path": p.name, "bytes": p.stat().st_size, "sha256": sha256_of_file(p)}
        for p in sorted(folder.iterdir())
        if p.name != "manifest.json"
    ]


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    (folder / "manifest.json").write_text(json.dumps(manifest))


def relist(folder: Path) -> None:
    """Bring the manifest's hashes up to date, so that only the deeper checks can find a fault."""
    manifest = json.loads((folder / "manifest.json").read_text())
    write_manifest(folder, {**manifest, "files": listing(folder)})
