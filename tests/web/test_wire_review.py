"""What a reviewer may send."""

import pytest
from pydantic import ValidationError

from unisono.web.wire_review import ApproveIn, RedrawIn, RejectIn

TRIANGLE = [(1.0, 2.0), (30.0, 4.0), (5.0, 60.0)]


def test_a_drawn_mask_is_numbers() -> None:
    assert RedrawIn.model_validate({"mask_version": 1, "polygons": [TRIANGLE]}).polygons == [TRIANGLE]
    for corner in ((float("nan"), 1.0), (float("inf"), 1.0), (1e9, 1.0), (1.0,), ("x", 1.0)):
        with pytest.raises(ValidationError):
            RedrawIn.model_validate({"mask_version": 1, "polygons": [[*TRIANGLE, corner]]})


def test_a_decision_says_no_more_than_it_may() -> None:
    with pytest.raises(ValidationError):
        ApproveIn.model_validate({"mask_version": 1, "by": "somebody else"})
    with pytest.raises(ValidationError):
        RejectIn.model_validate({"reason": "x" * 401})
    with pytest.raises(ValidationError):
        ApproveIn.model_validate({"reason": "which mask was looked at is not said"})
