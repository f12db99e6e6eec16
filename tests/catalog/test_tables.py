from datetime import datetime

import pytest
import sqlalchemy as sa

from unisono.annotate.run import Catalog
from unisono.catalog.tables import metadata, session


def test_a_naive_instant_is_refused(catalog: Catalog) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001  # on purpose
    with pytest.raises(sa.exc.StatementError, match="needs a zone"):
        catalog.write(lambda c: c.execute(sa.select(session).where(session.c.seen_at == naive)))


def test_every_constraint_has_a_name() -> None:
    for table in metadata.tables.values():
        assert all(c.name for c in table.constraints)
        assert all(i.name for i in table.indexes)


def test_no_column_has_room_for_a_patients_identity() -> None:
    forbidden = ("patient", "birth", "accession", "institution", "physician", "operator")
    columns = [c.name for table in metadata.tables.values() for c in table.columns]
    assert not [c for c in columns if any(word in c for word in forbidden)]
