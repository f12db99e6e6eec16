"""Write spline_vectors.json: clicked nodes and the 200 points that both implementations must sample.

Run ``python tests/reference/make_spline_vectors.py`` after a deliberate change of the formula and say so in
the change's fragment: the file is the contract between the server and the page.
"""

import json
from pathlib import Path as FilePath

import numpy as np

from unisono.labels.spline import Path, SplineKind, Step, sample

OUT = FilePath(__file__).with_name("spline_vectors.json")
N_POINTS = 200
SEED = 20261121

Click = tuple[float, float] | tuple[float, float, str]

BORDER: list[Click] = [
    (215.25, 330.5),
    (209.0, 221.75),
    (241.5, 131.0),
    (320.125, 84.875),
    (401.0, 129.5),
    (428.5, 219.0),
    (424.75, 331.0),
]
UNEVEN: list[Click] = [(10.0, 10.0), (12.0, 10.5), (13.0, 11.0), (200.0, 40.0), (203.0, 44.0), (400.0, 12.0)]
BENT: dict[str, list[Click]] = {
    "one-node": [(40.5, 60.25)],
    "two-nodes": [(0.0, 0.0), (30.0, 40.0)],
    "three-nodes": [(0.0, 0.0), (50.0, 80.0), (100.0, 0.0)],
    "border": BORDER,
    "uneven": UNEVEN,
    "straight-inside": [*BORDER[:2], (241.5, 131.0, "straight"), *BORDER[3:]],
    "straight-at-ends": [(215.25, 330.5, "straight"), *BORDER[1:5], (428.5, 219.0, "straight"), BORDER[6]],
    "all-straight": [(x, y, "straight") for x, y in BORDER],  # type: ignore[misc]
    "gap-inside": [*BORDER[:3], (320.125, 84.875, "gap"), *BORDER[4:]],
    "gap-leaves-one-node": [(215.25, 330.5, "gap"), *BORDER[1:]],
    "two-gaps": [BORDER[0], (209.0, 221.75, "gap"), BORDER[2], (320.125, 84.875, "gap"), *BORDER[4:]],
    "straight-then-gap": [
        (0.0, 0.0),
        (20.0, 5.0, "straight"),
        (40.0, 0.0, "gap"),
        (70.0, 3.0),
        (90.0, 9.0),
        (99.0, 2.0),
    ],
    "repeats": [BORDER[0], BORDER[0], *BORDER[1:4], BORDER[3], BORDER[3], *BORDER[4:]],
    "repeat-says-straight": [*BORDER[:3], (320.125, 84.875), (320.125, 84.875, "straight"), *BORDER[4:]],
    "all-the-same": [(5.0, 7.0)] * 4,
    "large": [(x * 1e5 + 1e7, y * 1e5 - 1e7) for x, y in BORDER],  # type: ignore[misc]
    "negative-and-tiny": [(-0.5, -0.25), (0.001, 0.002), (0.0035, -0.004), (0.25, 0.125)],
}
"""Cases that are drawn with both spline kinds."""
POLYLINES: dict[str, list[Click]] = {
    "border": BORDER,
    "gap": [*BORDER[:3], (320.125, 84.875, "gap"), *BORDER[4:]],
    "two-nodes": [(1.5, 2.5), (7.25, -3.0)],
}


def main() -> None:
    """Write the file."""
    cases = [_case(name, kind, clicks) for name, kind, clicks in _drawn()]
    rows = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    text = f"[\n{rows}\n]\n"
    draft = OUT.with_suffix(".json.tmp")
    draft.write_text(text, encoding="utf-8")
    draft.replace(OUT)


def _drawn() -> list[tuple[str, SplineKind, list[Click]]]:
    rng = np.random.default_rng(SEED)
    walk = np.cumsum(rng.normal(0, 30, (24, 2)), axis=0).round(3) + 300
    trace = np.cumsum(rng.normal(0, 2, (N_POINTS, 2)), axis=0).round(3) + 300
    bent = {**BENT, "random-walk": [(float(x), float(y)) for x, y in walk]}
    straight = {**POLYLINES, "already-sampled": [(float(x), float(y)) for x, y in trace]}
    both = (SplineKind.CHORD, SplineKind.UNIFORM)
    return [
        *((name, kind, clicks) for name, clicks in bent.items() for kind in both),
        *((name, SplineKind.POLYLINE, clicks) for name, clicks in straight.items()),
    ]


def _case(name: str, kind: SplineKind, clicks: list[Click]) -> dict[str, object]:
    steps = tuple(Step(c[2]) if len(c) > 2 else Step.BEND for c in clicks)
    path = Path(np.array([c[:2] for c in clicks], dtype=np.float64), steps, kind)
    nodes = [{"x": c[0], "y": c[1], "step": str(s)} for c, s in zip(clicks, steps, strict=True)]
    points = sample(path, N_POINTS).tolist()
    return {"name": f"{name} {kind}", "kind": str(kind), "nodes": nodes, "n": N_POINTS, "points": points}


if __name__ == "__main__":
    main()
