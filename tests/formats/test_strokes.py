"""What a record draws."""

import numpy as np
import pytest

from tests.formats.make import curve, questions, seen, settled
from unisono.base.errors import FormatError
from unisono.formats.strokes import strokes_of
from unisono.labels.spline import SplineKind


def test_curves_keep_nodes_and_points_are_paths_of_one() -> None:
    curve_question, _, peaks = questions()
    ((path,),) = strokes_of(curve_question, settled("curve-lv-endo", seen(curve([(0, 0), (3, 4)]))))
    assert path.nodes.tolist() == [[0, 0], [3, 4]]
    assert path.kind is SplineKind.CHORD
    points = strokes_of(peaks, settled("e-peak", seen({"x": 1.0, "y": 2.0}, {"x": 3.0, "y": 4.0})))
    assert [p.nodes.tolist() for (p,) in points] == [[[1, 2]], [[3, 4]]]


def test_a_label_of_another_form_names_image_and_question() -> None:
    record = settled("lv-apex-endo", seen({"x": 1.0, "y": np.nan}))
    with pytest.raises(FormatError, match=rf"{record.image}: lv-apex-endo: y must be a finite"):
        strokes_of(questions()[1], record)
