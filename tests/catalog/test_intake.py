from functools import partial

from unisono.annotate.run import Catalog
from unisono.catalog import intake


def claim(catalog: Catalog, run: str, *keys: str, lease_s: float = 300.0) -> set[str]:
    return catalog.write(partial(intake.claim, source_keys=list(keys), run=run, lease_s=lease_s))


def test_of_two_runs_one_has_the_source(catalog: Catalog) -> None:
    assert claim(catalog, "one", "a", "b") == {"a", "b"}
    assert claim(catalog, "two", "b", "c") == {"c"}
    assert claim(catalog, "one", "a") == {"a"}


def test_a_lease_that_lapsed_or_was_given_back_is_taken_over(catalog: Catalog) -> None:
    assert claim(catalog, "dead", "a", lease_s=-1) == {"a"}
    assert claim(catalog, "two", "a", "b") == {"a", "b"}
    catalog.write(partial(intake.give_back, run="two"))
    assert claim(catalog, "three", "a", "b") == {"a", "b"}
    with catalog.read() as connection:
        assert intake.intake_of(connection, "a").attempts == 3


def test_what_is_settled_is_free_and_renews_the_rest(catalog: Catalog) -> None:
    claim(catalog, "one", "a", "b", lease_s=0.0)
    catalog.write(partial(intake.settle, source_key="a", run="one", state="withheld"))
    assert claim(catalog, "two", "a", "b") == {"a"}
    with catalog.read() as connection:
        assert intake.intake_of(connection, "a").state == "received"
        assert intake.intake_of(connection, "b").run == "one"


def test_what_a_dead_run_held_is_free_before_its_lease_lapses(catalog: Catalog) -> None:
    claim(catalog, "one", "a", "b")
    with catalog.read() as connection:
        assert intake.holders(connection) == {"one"}
    assert claim(catalog, "two", "a") == set()
    assert catalog.write(partial(intake.claim, source_keys=["a"], run="two", dead=["one"])) == {"a"}
