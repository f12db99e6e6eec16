"""Put a curve with gaps together again from Unity's instances and the ``-jump`` that bridges them."""

from collections import deque
from typing import Any

from unisono.labels.spline import Step

JUMP = "-jump"
"""What Unity adds to a curve's name for the part across a gap."""
Node = dict[str, Any]


def join_gaps(labels: dict[str, dict[str, Any]]) -> list[str]:
    """Join instances that a jump connects, in place; return the names of the jumps that were used up.

    Parameters
    ----------
    labels : dict
        Labels of one image in JSON, by name. A ``-jump`` whose ends do not meet its curve's ends is left as
        it is: then it is a curve of its own.
    """
    used = []
    for name in [n for n in labels if n.endswith(JUMP)]:
        curve = labels.get(name.removesuffix(JUMP))
        if curve is None:
            continue
        bridges = [i["nodes"] for i in labels[name]["instances"]]
        joined = _join([i["nodes"] for i in curve["instances"]], bridges)
        if joined is None:
            continue
        if bridges:
            curve["instances"] = [{**curve["instances"][0], "nodes": nodes} for nodes in joined]
        del labels[name]
        used.append(name)
    return used


def _join(strokes: list[list[Node]], bridges: list[list[Node]]) -> list[list[Node]] | None:
    """Return the instances, or None when a bridge fits nowhere."""
    if not strokes:
        return None if bridges else []
    left, spans = deque(strokes), deque(bridges)
    out = []
    while left:
        chain = left.popleft()
        if spans and not _meet(spans[0][0], chain[-1]) and _meet(spans[0][1], chain[0]):
            chain = [_gap(spans.popleft()[0]), *chain]  # the curve begins with a single node before a gap
        while spans and _meet(spans[0][0], chain[-1]):
            far = spans.popleft()[1]
            begins_next = bool(left) and _meet(left[0][0], far)
            chain = [*chain[:-1], _gap(chain[-1]), *(left.popleft() if begins_next else [far])]
        out.append(chain)
    return None if spans else out


def _meet(one: Node, other: Node) -> bool:
    return bool(one["x"] == other["x"] and one["y"] == other["y"])


def _gap(node: Node) -> Node:
    return {"x": node["x"], "y": node["y"], "step": Step.GAP.value}
