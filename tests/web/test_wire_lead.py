import pytest
from pydantic import ValidationError

from unisono.web import wire_lead as wire


@pytest.mark.parametrize(
    "bad", ["", "x", "A" * 36, "12345678-1234-1234-1234-12345678901", "../../etc/passwd"]
)
def test_an_id_is_a_uuid(bad: str) -> None:
    with pytest.raises(ValidationError):
        wire.ReviewIn(answer=bad, verdict="ok")


def test_a_verdict_is_one_of_two() -> None:
    with pytest.raises(ValidationError):
        wire.ReviewIn(answer="00000000-0000-4000-8000-000000000000", verdict="maybe")
