from functools import partial

import pytest

from unisono.annotate.run import Catalog
from unisono.base.errors import ConflictError
from unisono.catalog.projects import Project, insert_project
from unisono.catalog.releases import ReleaseRow, insert_release, releases_of
from unisono.catalog.rows import now


def test_a_version_is_released_once_in_each_format(catalog: Catalog) -> None:
    project = Project("p", "P", "text", "proto", 1, "seed", simulated=False, created_at=now())
    catalog.write(partial(insert_project, project=project, items=[]))
    rows = [ReleaseRow("p", "1.0.0", form, "0" * 64, "/out", now()) for form in ("unity", "multix")]
    for row in rows:
        catalog.write(partial(insert_release, release=row))
    with pytest.raises(ConflictError, match=r"version 1\.0\.0 of 'p' was released already as unity"):
        catalog.write(partial(insert_release, release=rows[0]))
    with catalog.read() as connection:
        assert releases_of(connection, "p") == rows
