import threading
from pathlib import Path

import pytest

from unisono.catalog.drafts import Drafts

CODE = "01-" + "a" * 64


def test_a_home_of_before_marks_says_that_it_has_none(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path)
    drafts.mark(CODE)
    assert drafts.marked() is None
    drafts.keep_marks()
    assert drafts.marked() == [CODE]


def test_marks_go_when_a_turn_ends_well_and_stay_when_it_does_not(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path)
    drafts.keep_marks()
    with drafts.alone():
        drafts.mark(CODE)
        assert Drafts(tmp_path).marked() == [CODE]
    assert drafts.marked() == []
    with pytest.raises(ZeroDivisionError), drafts.alone():
        _mark_and_fail(drafts)
    assert drafts.marked() == [CODE]
    with drafts.alone():
        drafts.mark("01-" + "b" * 64)
    assert drafts.marked() == [CODE]


def test_a_mark_outside_of_a_turn_stays_until_it_is_settled(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path)
    drafts.keep_marks()
    drafts.mark(CODE)
    with drafts.alone():
        pass
    assert drafts.marked() == [CODE]
    drafts.settle([CODE])
    assert drafts.marked() == []


def test_two_turns_at_once_take_one_after_the_other(tmp_path: Path) -> None:
    drafts, order = Drafts(tmp_path), []
    inside = threading.Event()

    def second() -> None:
        inside.wait()
        with drafts.alone():
            order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with drafts.alone():
        inside.set()
        thread.join(timeout=0.2)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def _mark_and_fail(drafts: Drafts) -> None:
    drafts.mark(CODE)
    raise ZeroDivisionError
