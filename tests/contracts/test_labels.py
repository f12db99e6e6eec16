"""Every label type, whatever it is, keeps the contract of `unisono.labels.base`."""

import json
from pathlib import Path

import numpy as np
import pytest

from unisono.labels.base import Form, Space, dump_label, label_types, parse_label

TYPES = label_types()
CASES = [
    pytest.param(kind, options, instance, id=f"{name}-{k}")
    for name, kind in TYPES.items()
    for k, (options, instance) in enumerate(kind.examples())
]
TOOLS = Path(__file__).parents[2] / "page" / "src" / "tools"


@pytest.mark.parametrize(("kind", "options", "instance"), CASES)
def test_json_round_trip(kind, options, instance) -> None:  # noqa: ANN001
    parsed = kind.parse_options(options)
    raw = {"visibility": "seen", "instances": [instance]}
    label = parse_label(kind, parsed, raw)
    assert dump_label(kind, label) == raw
    assert parse_label(kind, parsed, json.loads(json.dumps(dump_label(kind, label)))) == label


@pytest.mark.parametrize(("kind", "options", "instance"), CASES)
def test_every_form_that_is_claimed_is_there(kind, options, instance) -> None:  # noqa: ANN001
    parsed = kind.parse_options(options)
    value = kind.parse_instance(instance, parsed)
    if Form.CATEGORY in kind.forms:
        assert kind.category(value, parsed) in range(len(kind.categories(parsed)))
    if Form.VECTOR in kind.forms:
        vector = kind.vector(value, parsed)
        assert all(s.ndim == 2 and s.shape[1] == 2 for s in vector.strokes)
        known = vector.path if kind.space is Space.IMAGE else vector.path[:, :1]  # a time need not be known
        assert np.isfinite(known).all()
    if Form.RASTER in kind.forms:
        assert kind.raster(value, parsed, (50, 60)).shape == (50, 60)
    if Form.ORDER in kind.forms:
        assert len(kind.order(value, parsed)) > 0


@pytest.mark.parametrize(("kind", "options", "instance"), CASES)
def test_what_is_chosen_has_buttons_to_choose_from(kind, options, instance) -> None:  # noqa: ANN001
    parsed = kind.parse_options(options)
    buttons = kind.buttons(parsed)
    if kind.tool == "choose":
        assert len(buttons) >= 2
    if Form.CATEGORY in kind.forms:
        assert tuple(button.key for button in buttons) == kind.categories(parsed)
        assert all(button.title for button in buttons)
    else:
        assert buttons == ()


@pytest.mark.parametrize("kind", TYPES.values(), ids=TYPES)
def test_its_tool_is_a_file_of_the_page(kind) -> None:  # noqa: ANN001
    assert (TOOLS / f"{kind.tool}.ts").is_file()


@pytest.mark.parametrize("kind", TYPES.values(), ids=TYPES)
def test_it_has_a_form_and_says_what_it_is(kind) -> None:  # noqa: ANN001
    assert kind.forms
    assert type(kind).__doc__
