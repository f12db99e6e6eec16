import pytest

from tests.make import curve_label
from unisono.base.errors import LabelError
from unisono.labels.types.curve import LABEL

TIES = {"start": "mv-ant-hinge", "middle": "lv-apex-endo", "end": "mv-post-hinge"}
OPTIONS = LABEL.parse_options({"ties": TIES})
CURVE = curve_label()["instances"][0]


def test_named_nodes_are_the_anchors() -> None:
    anchors = LABEL.vector(LABEL.parse_instance(CURVE, OPTIONS), OPTIONS).anchors
    assert {k: v.tolist() for k, v in anchors.items()} == {
        "mv-ant-hinge": [20.0, 50.5],
        "lv-apex-endo": [40.0, 8.0],
        "mv-post-hinge": [60.0, 51.0],
    }


def test_the_drawn_curve_goes_through_every_node() -> None:
    curve = LABEL.parse_instance(CURVE, OPTIONS)
    drawn = {tuple(p) for p in LABEL.vector(curve, OPTIONS).path.tolist()}
    assert {(n.x, n.y) for n in curve.nodes} <= drawn


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"nodes": CURVE["nodes"][:2]}, "has 3 to 5000 nodes; got 2"),
        ({"nodes": None}, "got NoneType"),
        ({"nodes": [{"x": 1, "y": 2}] * 3}, "all 3 nodes of the curve are the same place"),
        ({"spline": "bezier"}, "'bezier' is not one of: natural-cubic/chord"),
        ({"freehand": 1}, "freehand must be true or false; got 1"),
        ({"nodes": [{"x": 1, "y": 2, "step": "jump"}] * 3}, "step 'jump' of a node is not one of: bend"),
        ({"nodes": [{"x": 1, "y": 2, "key": "rv"}] * 3}, "node key 'rv' is not tied to this curve"),
        ({"nodes": [{"x": 1}] * 3}, "a node: missing y"),
    ],
)
def test_what_is_no_curve_is_refused(change: dict[str, object], says: str) -> None:
    with pytest.raises(LabelError, match=says):
        LABEL.parse_instance({**CURVE, **change}, OPTIONS)
