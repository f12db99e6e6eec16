from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from unisono.annotate.run import Catalog, people, projects
from unisono.base.errors import AccessError, ConflictError, NotFoundError, SettingsError
from unisono.catalog import tables
from unisono.catalog.rows import now


@pytest.fixture
def ada(catalog: Catalog) -> people.Expert:
    return catalog.write(partial(people.add_expert, name="Ada"))


def sign_in(catalog: Catalog, name: str = "Ada") -> str:
    token = catalog.write(partial(people.invite, name=name))
    return catalog.write(partial(people.sign_in_by_link, token=token, settings=catalog.settings))


def who(catalog: Catalog, token: str) -> people.Person | None:
    with catalog.read() as connection:
        return people.who_is(connection, token, catalog.settings)


def test_a_link_signs_in_once(catalog: Catalog, ada: people.Expert) -> None:
    link = catalog.write(partial(people.invite, name="Ada"))
    use = partial(people.sign_in_by_link, token=link, settings=catalog.settings)
    person = who(catalog, catalog.write(use))
    assert person is not None
    assert person.id == ada.id
    with pytest.raises(AccessError, match="used already"):
        catalog.write(use)


def test_an_old_link_does_not_sign_in(catalog: Catalog, ada: people.Expert) -> None:
    link = catalog.write(partial(people.invite, name="Ada", hours=-1.0))
    with pytest.raises(AccessError, match="too old"):
        catalog.write(partial(people.sign_in_by_link, token=link, settings=catalog.settings))


def test_signing_out_ends_the_session(catalog: Catalog, ada: people.Expert) -> None:
    token = sign_in(catalog)
    catalog.write(partial(people.sign_out, token=token))
    assert who(catalog, token) is None


@pytest.mark.parametrize(("column", "hours"), [("seen_at", 8.1), ("ends_at", 169.0)])
def test_a_session_idles_out_and_ends(
    catalog: Catalog, ada: people.Expert, column: str, hours: float
) -> None:
    token = sign_in(catalog)
    past = now() - timedelta(hours=hours if column == "seen_at" else 0.01)
    catalog.write(lambda c: c.execute(tables.session.update().values({column: past})))
    assert who(catalog, token) is None


def test_a_new_password_ends_the_other_sessions(catalog: Catalog, ada: people.Expert) -> None:
    here, elsewhere = sign_in(catalog), sign_in(catalog)
    catalog.write(partial(people.set_password, expert=ada.id, password_hash="x", keep_token=here))
    assert who(catalog, elsewhere) is None
    person = who(catalog, here)
    assert person is not None
    assert person.has_password


def test_no_token_is_stored_plain(catalog: Catalog, ada: people.Expert) -> None:
    link = catalog.write(partial(people.invite, name="Ada"))
    token = sign_in(catalog)
    with catalog.read() as connection:
        stored = str(connection.execute(sa.select(tables.session)).all())
        stored += str(connection.execute(sa.select(tables.sign_in_link)).all())
    assert link not in stored
    assert token not in stored


def test_bad_input_is_said(catalog: Catalog, ada: people.Expert) -> None:
    with pytest.raises(ConflictError, match="'Ada'"):
        catalog.write(partial(people.add_expert, name="Ada"))
    with pytest.raises(SettingsError, match="must not be empty"):
        catalog.write(partial(people.add_expert, name="  "))
    with pytest.raises(NotFoundError, match="'Bob'"):
        catalog.write(partial(people.invite, name="Bob"))
    with pytest.raises(SettingsError, match="expert, lead"):
        catalog.write(partial(people.set_role, project="p", name="Ada", role="boss"))


def test_a_lead_is_known_as_such(catalog: Catalog, ada: people.Expert) -> None:
    text = projects.shipped_protocols()["view"]
    catalog.write(partial(projects.create_project, slug="p", protocol_text=text, targets=[]))
    catalog.write(partial(people.set_role, project="p", name="Ada", role="lead"))
    person = who(catalog, sign_in(catalog))
    assert person is not None
    assert person.leads == ("p",)


def test_a_closed_account_cannot_sign_in(catalog: Catalog, ada: people.Expert) -> None:
    token = sign_in(catalog)
    catalog.write(lambda c: c.execute(tables.expert.update().values(active=False)))
    assert who(catalog, token) is None
    with pytest.raises(AccessError):
        sign_in(catalog)


def test_nobody_reviews_who_was_not_given_the_right(catalog: Catalog, ada: people.Expert) -> None:
    token = sign_in(catalog)
    seen = who(catalog, token)
    assert seen is not None
    assert not seen.reviewer
    with catalog.read() as connection, pytest.raises(AccessError, match="may not review"):
        people.reviewer(connection, "Ada")
    catalog.write(partial(people.set_reviewer, name="Ada"))
    seen = who(catalog, token)
    assert seen is not None
    assert seen.reviewer
    with catalog.read() as connection:
        assert people.reviewer(connection, "Ada").pseudonym == ada.pseudonym
    catalog.write(partial(people.set_reviewer, name="Ada", may=False))
    with catalog.read() as connection, pytest.raises(AccessError):
        people.reviewer(connection, "Ada")
    with pytest.raises(NotFoundError):
        catalog.write(partial(people.set_reviewer, name="Nobody"))
