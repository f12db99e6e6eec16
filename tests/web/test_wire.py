import inspect

import pytest
from pydantic import BaseModel

from unisono.labels.base import Visibility
from unisono.web import wire, wire_doors, wire_lead, wire_review, wire_saving

BODIES = [
    kind
    for module in (wire, wire_doors, wire_lead, wire_review, wire_saving)
    for _, kind in inspect.getmembers(module, inspect.isclass)
    if issubclass(kind, wire.Wire) and kind is not wire.Wire
]


@pytest.mark.parametrize("kind", BODIES, ids=lambda k: k.__name__)
def test_every_body_refuses_unknown_keys_and_is_frozen_and_explained(kind: type[BaseModel]) -> None:
    assert kind.model_config["extra"] == "forbid"
    assert kind.model_config["frozen"]
    assert kind.__doc__


def test_the_wire_knows_the_same_visibilities_as_the_labels() -> None:
    assert set(wire.Visibility.__args__) == {v.value for v in Visibility}
