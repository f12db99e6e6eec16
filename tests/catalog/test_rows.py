import pytest
import sqlalchemy as sa

from unisono.annotate.run import Catalog
from unisono.base.errors import NotFoundError
from unisono.catalog.clips import Exclusion
from unisono.catalog.rows import many, now, one
from unisono.catalog.tables import exclusion


def test_no_row_says_of_what(catalog: Catalog) -> None:
    with catalog.read() as connection:
        assert many(connection, sa.select(exclusion), Exclusion) == []
        with pytest.raises(NotFoundError, match="there is no such thing"):
            one(connection, sa.select(exclusion), Exclusion, "such thing")


def test_the_clock_has_a_zone() -> None:
    assert now().utcoffset() is not None
