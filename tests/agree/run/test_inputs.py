from functools import partial

import pytest

from tests.agree.panels import Panel
from tests.make import point_label
from unisono.agree import run
from unisono.base.errors import NotFoundError
from unisono.catalog.clips import set_state
from unisono.catalog.projects import items_of


def test_the_input_hash_follows_the_answers(panel: Panel) -> None:
    panel.fill()
    first, again = (run.agree(panel.catalog, "lv5").input_sha256 for _ in "ab")
    assert first == again
    panel.answer(0, panel.items[0], "lv-apex-endo", point_label(41, 8))
    assert run.agree(panel.catalog, "lv5").input_sha256 != first


def test_only_finished_items_count(panel: Panel) -> None:
    panel.answer(0, panel.items[0], "lv-apex-endo", point_label(41, 8))
    with pytest.raises(NotFoundError, match="no finished answers"):
        run.agree(panel.catalog, "lv5")
    panel.finish(0, panel.items[0], "unusable")
    with pytest.raises(NotFoundError, match="no finished answers"):
        run.agree(panel.catalog, "lv5")
    panel.finish(0, panel.items[0])
    with pytest.raises(NotFoundError, match="no finished answers"):
        run.agree(panel.catalog, "lv5")  # three required answers are missing
    for question in ("curve-lv-endo", "mv-ant-hinge", "mv-post-hinge"):
        panel.answer(0, panel.items[0], question, {"visibility": "blurred", "instances": []})
    assert run.agree(panel.catalog, "lv5").n_answers == 4


def test_a_withdrawn_clip_is_left_out(panel: Panel) -> None:
    panel.fill()
    with panel.catalog.read() as connection:
        items = {i.id: i.clip for i in items_of(connection, "lv5")}
        assert run.agreed(connection, "lv5") == (None, 2)
    assert run.agree(panel.catalog, "lv5").n_answers == 40
    gone, left = panel.items
    panel.catalog.write(partial(set_state, code=items[gone], state="rejected"))
    with panel.catalog.read() as connection:
        assert run.agreed(connection, "lv5")[1] == 1
    report = run.agree(panel.catalog, "lv5")
    assert report.n_answers == 20
    assert [item.item for item in report.items] == [left]
    with panel.catalog.read() as connection:
        assert run.agreed(connection, "lv5")[1] == 0
    with pytest.raises(NotFoundError, match="withdrawn"):
        run.item_consensus(panel.catalog, gone)
