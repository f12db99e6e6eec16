from datetime import timedelta
from functools import partial

import pytest

from unisono.annotate.run import Catalog
from unisono.base.errors import ConflictError
from unisono.catalog import experts
from unisono.catalog.rows import now


@pytest.fixture
def ada(catalog: Catalog) -> experts.Expert:
    expert = experts.Expert("id-a", "Ada", "expert-1", simulated=False, active=True, created_at=now())
    catalog.write(partial(experts.insert_expert, expert=expert))
    return expert


def test_an_expert_comes_back_as_it_went_in(catalog: Catalog, ada: experts.Expert) -> None:
    with catalog.read() as connection:
        assert experts.expert_by_id(connection, "id-a") == ada
        assert experts.expert_by_name(connection, "Ada") == ada
        assert experts.all_experts(connection) == [ada]


def test_a_pseudonym_is_given_once(catalog: Catalog, ada: experts.Expert) -> None:
    twin = experts.Expert("id-b", "Ben", "expert-1", simulated=False, active=True, created_at=now())
    with pytest.raises(ConflictError, match="expert-1"):
        catalog.write(partial(experts.insert_expert, expert=twin))


def test_a_link_is_used_once_and_not_past_its_time(catalog: Catalog, ada: experts.Expert) -> None:
    ends = now() + timedelta(hours=1)
    catalog.write(partial(experts.insert_link, token_sha256="t", expert="id-a", expires_at=ends))
    late = partial(experts.use_link, token_sha256="t", at=ends)
    use = partial(experts.use_link, token_sha256="t", at=ends - timedelta(seconds=1))
    assert [catalog.write(job) for job in (late, use, use)] == [None, "id-a", None]


def test_sessions_begin_are_touched_and_end(catalog: Catalog, ada: experts.Expert) -> None:
    at = now()
    for token in ("here", "there"):
        session = experts.Session(token, "id-a", at, at, at + timedelta(hours=1))
        catalog.write(partial(experts.insert_session, session=session))
    later = at + timedelta(minutes=5)
    catalog.write(partial(experts.touch_session, token_sha256="here", at=later))
    catalog.write(partial(experts.end_sessions_of, expert="id-a", but="here"))
    with catalog.read() as connection:
        kept = experts.session_by_token(connection, "here")
        assert kept is not None
        assert kept.seen_at == later
        assert experts.session_by_token(connection, "there") is None
    catalog.write(partial(experts.end_session, token_sha256="here"))
    with catalog.read() as connection:
        assert experts.session_by_token(connection, "here") is None
