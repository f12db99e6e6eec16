"""Made-up questions and records for the tests of formats."""

from hashlib import sha256
from typing import Any

import numpy as np

from unisono.formats.base import Dataset, LabelRecord
from unisono.labels.protocol import Question, parse_protocol

PROTOCOL = """
protocol: made
version: 1
title: Made up
item: frame
questions:
  - {key: curve-lv-endo, title: LV, label: curve, options: {min_nodes: 2, instances: 4}}
  - {key: lv-apex-endo, title: Apex, label: point}
  - {key: e-peak, title: E, label: point, options: {instances: 3}}
"""
CLIP = "01-" + sha256(b"clip").hexdigest()
FRAME = f"{CLIP}-0017"


def questions() -> tuple[Question, ...]:
    return parse_protocol(PROTOCOL).questions


def seen(*instances: dict[str, Any]) -> dict[str, Any]:
    return {"visibility": "seen", "instances": list(instances)}


def unseen(visibility: str) -> dict[str, Any]:
    return {"visibility": visibility, "instances": []}


def curve(
    nodes: list[tuple[float, float]], kind: str = "natural-cubic/chord", steps: dict[int, str] | None = None
) -> dict[str, Any]:
    rows = [{"x": float(x), "y": float(y)} for x, y in nodes]
    for i, step in (steps or {}).items():
        rows[i]["step"] = step
    return {"nodes": rows, "spline": kind, "freehand": False}


def lv_nodes(rng: np.random.Generator, n_nodes: int = 9, size: float = 150.0) -> list[tuple[float, float]]:
    """Return unevenly spaced clicks on a border shaped like a ventricle."""
    along = (np.arange(1, n_nodes - 1) + rng.uniform(-0.35, 0.35, n_nodes - 2)) / (n_nodes - 1)
    angle = np.pi * np.concatenate([[0.0], along, [1.0]])
    x = 400 - 0.6 * size * np.cos(angle) + rng.normal(0, 1, n_nodes)
    y = 400 - 2 * size * np.sin(angle) + rng.normal(0, 1, n_nodes)
    return list(zip(x.tolist(), y.tolist(), strict=True))


def settled(question: str, label: dict[str, Any], image: str = FRAME) -> LabelRecord:
    return LabelRecord(image, question, None, label)


def dataset(*records: LabelRecord, answers: tuple[LabelRecord, ...] = ()) -> Dataset:
    images = {r.image for r in records}
    return Dataset("made", questions(), answers, records, dict.fromkeys(images, "train"))
