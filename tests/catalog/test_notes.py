from functools import partial
from uuid import uuid4

import pytest

from tests.make import make_clip
from unisono.annotate.run import Catalog, people, projects
from unisono.annotate.run.projects import Target
from unisono.base.errors import ConflictError
from unisono.catalog.answers import Submission, insert_submission, submissions
from unisono.catalog.notes import exclusions_of, insert_note, notes_of
from unisono.catalog.projects import items_of


def test_notes_are_told_newest_first_and_are_no_submissions(catalog: Catalog) -> None:
    clip = make_clip(catalog)
    text = projects.shipped_protocols()["view"]
    targets = [Target(clip.code)]
    catalog.write(partial(projects.create_project, slug="v", protocol_text=text, targets=targets))
    ada = catalog.write(partial(people.add_expert, name="Ada"))
    with catalog.read() as connection:
        item = items_of(connection, "v")[0].id
    own = {"project": "v", "item": item, "expert": ada.id, "protocol_version": 1, "gesture": {}}
    ids = [str(uuid4()), str(uuid4())]
    for note, kind in zip(ids, ("flag", "feedback"), strict=True):
        catalog.write(partial(insert_note, note=note, kind=kind, text=f"a {kind}", **own))
    with pytest.raises(ConflictError, match="says something else"):
        catalog.write(partial(insert_note, note=ids[0], kind="flag", text="another", **own))
    with catalog.read() as connection:
        assert submissions(connection, "v", in_force_only=False) == []
        assert [(n.id, n.kind, n.text) for n in notes_of(connection, "v")] == [
            (ids[1], "feedback", "a feedback"),
            (ids[0], "flag", "a flag"),
        ]
        assert notes_of(connection, "v", expert="nobody") == []
        assert exclusions_of(connection, "v") == []
    out = Submission(str(uuid4()), "v", item, ada.id, "unusable", "other", "", 1, {})
    catalog.write(partial(insert_submission, submission=out))
    catalog.write(partial(insert_note, note=str(uuid4()), kind="flag", text="later", **own))
    with catalog.read() as connection:
        assert [(n.kind, n.reason) for n in exclusions_of(connection, "v")] == [("unusable", "other")]
        assert [s.outcome for s in submissions(connection, "v")] == ["unusable"]
