"""Which template fits which recording."""

import pytest

from unisono.base.plugins import load
from unisono.ingest.masks.template import PACKAGE, Template, template_for

EPIQ = {"manufacturer": "Philips Medical Systems", "model": "epiq 5g"}


def test_a_template_is_found_by_maker_model_and_size() -> None:
    found = template_for(EPIQ, 600, 800)
    assert found is not None
    assert found.name == "epiq_5g_800x600"


@pytest.mark.parametrize(
    ("header", "size"),
    [
        (EPIQ, (600, 801)),
        (EPIQ | {"model": "EPIQ 7C"}, (600, 800)),
        (EPIQ | {"manufacturer": "GE"}, (600, 800)),
        ({}, (600, 800)),
    ],
)
def test_nothing_else_has_one(header: dict[str, str], size: tuple[int, int]) -> None:
    assert template_for(header, *size) is None


@pytest.mark.parametrize("template", load(PACKAGE, "TEMPLATE", Template).values(), ids=lambda t: t.name)
def test_every_template_is_an_area_within_its_frame(template: Template) -> None:
    area = template.fill()
    assert area.shape == (template.rows, template.columns)
    assert 0.1 <= area.mean() <= 0.8
    assert not area[0].any()
    assert not area[:, 0].any()
    assert template.version >= 1
    assert template.describe()["name"] == template.name
