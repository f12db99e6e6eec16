from functools import partial

from tests.make import make_clip
from unisono.annotate.run import Catalog, projects
from unisono.cli.sample_moments import MOMENTS, make_moments
from unisono.labels.base import Space


def test_each_protocol_that_asks_when_has_a_project_over_the_loops(catalog: Catalog) -> None:
    clip = make_clip(catalog)
    assert catalog.write(partial(make_moments, codes=[clip.code])) == list(MOMENTS)
    asked_in_time = {
        name
        for name, text in projects.shipped_protocols().items()
        if any(q.label_type.space is Space.TIME for q in projects.protocol_from(text).questions)
    }
    assert set(MOMENTS) == asked_in_time
    with catalog.read() as connection:
        for slug in MOMENTS:
            assert [(i.clip, i.frame) for i in projects.items(connection, slug)] == [(clip.code, None)]
