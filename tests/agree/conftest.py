"""The panel of the door's tests, in both databases."""

import pytest

from tests.agree.panels import Panel
from unisono.annotate.run import Catalog


@pytest.fixture
def panel(catalog: Catalog) -> Panel:
    return Panel(catalog)
