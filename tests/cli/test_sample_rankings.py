from functools import partial

from tests.make import make_clip
from unisono.annotate.run import Catalog, projects
from unisono.catalog.sets import members_of
from unisono.cli.sample_rankings import IN_PAIRS, make_rankings


def test_every_axis_is_asked_and_one_of_them_in_pairs(catalog: Catalog) -> None:
    codes = [make_clip(catalog, seed=s).code for s in range(7)]
    made = catalog.write(partial(make_rankings, codes=codes))
    assert len(made) == 17
    with catalog.read() as connection:
        for slug in made:
            items = projects.items(connection, slug)
            assert len(items) >= 3
            assert {len(members_of(connection, i.id)) for i in items} == {2 if slug == IN_PAIRS else 6}
