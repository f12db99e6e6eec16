from dataclasses import replace
from functools import partial

import pytest

from tests.make import make_clip
from unisono.annotate.run import Catalog
from unisono.base.errors import ConflictError, NotFoundError
from unisono.catalog.clips import (
    Exclusion,
    all_clips,
    classes_of_subject,
    clip_by_code,
    exclusions,
    forget_exclusions,
    frames_of,
    insert_clip,
    insert_exclusion,
    known_sources,
)
from unisono.catalog.rows import now


def test_a_clip_comes_back_as_it_went_in(catalog: Catalog) -> None:
    clip = make_clip(catalog)
    with catalog.read() as connection:
        assert clip_by_code(connection, clip.code) == clip
        assert [f.index for f in frames_of(connection, clip.code)] == [0, 1, 2, 3]
        assert all_clips(connection) == [clip]


def test_a_source_is_known_once_it_is_in(catalog: Catalog) -> None:
    clip = make_clip(catalog)
    keys = [clip.source_key, *(f"{n:064d}" for n in range(1200))]
    with catalog.read() as connection:
        assert known_sources(connection, keys) == {clip.source_key: clip.code}


def test_the_same_code_or_source_twice_is_refused(catalog: Catalog) -> None:
    clip = make_clip(catalog)
    with catalog.read() as connection:
        frames = frames_of(connection, clip.code)
    with pytest.raises(ConflictError, match="in the catalog already"):
        catalog.write(partial(insert_clip, clip=clip, frames=frames))


def test_a_clip_without_all_its_frames_is_refused(catalog: Catalog) -> None:
    clip = replace(make_clip(catalog), code="02-" + "0" * 64, source_key="other")
    with pytest.raises(ConflictError, match="says 4 frames; got 0"):
        catalog.write(partial(insert_clip, clip=clip, frames=[]))
    with catalog.read() as connection, pytest.raises(NotFoundError):
        clip_by_code(connection, clip.code)


def test_an_exclusion_of_the_same_file_replaces_the_former(catalog: Catalog) -> None:
    first = Exclusion("a.dcm", "key", "E_TRUNCATED", "cut", now())
    second = replace(first, code="E_MODALITY", reason="CT")
    for exclusion in (first, second):
        catalog.write(partial(insert_exclusion, exclusion=exclusion))
    with catalog.read() as connection:
        assert [(e.code, e.reason) for e in exclusions(connection)] == [("E_MODALITY", "CT")]
    catalog.write(partial(forget_exclusions, path_key="a.dcm"))
    with catalog.read() as connection:
        assert exclusions(connection) == []


def test_a_subject_has_the_class_of_its_clips(catalog: Catalog) -> None:
    clip = make_clip(catalog)
    with catalog.read() as connection:
        assert classes_of_subject(connection, clip.subject) == {"01"}
        assert classes_of_subject(connection, "nobody") == set()
