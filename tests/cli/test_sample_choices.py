from functools import partial

from tests.make import make_clip
from unisono.annotate.run import Catalog, projects
from unisono.cli.sample_choices import PROTOCOLS, make_choices


def test_each_protocol_of_choices_has_a_project_over_every_clip(catalog: Catalog) -> None:
    codes = [make_clip(catalog, seed=seed).code for seed in (1, 2)]
    assert catalog.write(partial(make_choices, codes=codes)) == list(PROTOCOLS)
    with catalog.read() as connection:
        for slug in PROTOCOLS:
            assert [i.clip for i in projects.items(connection, slug)] == codes
