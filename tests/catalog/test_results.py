from dataclasses import replace
from functools import partial

from unisono.annotate.run import Catalog
from unisono.catalog.projects import Project, insert_project
from unisono.catalog.results import Result, insert_result, latest_result
from unisono.catalog.rows import now


def test_the_newest_result_of_a_kind_stands_and_the_former_stay(catalog: Catalog) -> None:
    project = Project("p", "P", "text", "proto", 1, "seed", simulated=False, created_at=now())
    catalog.write(partial(insert_project, project=project, items=[]))
    first = Result("r1", "p", "consensus", "m", {"c": 6.0}, "0.1", "0" * 64, {"a": [1.5]}, now())
    for result in (first, replace(first, id="r2", body={"a": [2.5]}), replace(first, id="r3", kind="other")):
        catalog.write(partial(insert_result, result=result))
    with catalog.read() as connection:
        found = latest_result(connection, "p", "consensus")
        assert found is not None
        assert (found.id, found.body, found.parameters) == ("r2", {"a": [2.5]}, {"c": 6.0})
        assert latest_result(connection, "p", "none") is None
