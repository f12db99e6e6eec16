"""The table of all answers."""

import pytest

from tests.formats.make import FRAME, curve, seen, unseen
from unisono.base.errors import FormatError
from unisono.formats.base import LabelRecord
from unisono.formats.table import OUR_COLUMNS, UNITY_COLUMNS, read_table, write_table

AT = "2026-01-01T10:00:00.000000+00:00"
UNITY_HEAD = ",project,file,user,time,label,vis,value_x,value_y,straight_segment,instance_num"


def record(question: str, label: dict, expert: str = "expert-1") -> LabelRecord:
    return LabelRecord(FRAME, question, expert, label, AT, f"id of {question}")


def test_all_answers_come_back_as_they_were_given() -> None:
    nodes = [(1 / 3, 2.0), (3.5, 4.25), (9.0, 1e-7)]
    keyed = curve(nodes, steps={0: "straight", 1: "gap"})
    keyed["nodes"][0]["key"] = "mv-ant-hinge"
    answers = (
        record("curve-lv-endo", seen(keyed, curve(nodes, "polyline"))),
        record("e-peak", seen({"x": 0.1, "y": 0.2}, {"x": 3.0, "y": 4.0})),
        record("lv-apex-endo", unseen("blurred")),
        record("view", seen({"key": "a4c"})),
        record("view", unseen("unasked"), "expert-2"),
    )
    assert read_table(write_table("made", answers)) == answers


def test_unitys_columns_come_first_and_ours_last() -> None:
    lines = write_table("made", [record("e-peak", seen({"x": 0.1, "y": 2.0}))]).decode().splitlines()
    assert lines[0].split(",") == [*UNITY_COLUMNS, *OUR_COLUMNS]
    assert lines[0].startswith(UNITY_HEAD)
    assert lines[1].split(",")[:11] == [
        "0", "made", f"{FRAME}.png", "expert-1", AT, "e-peak", "seen", "0.1", "2.0", "0", "0",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("head", "kind"),
    [(UNITY_HEAD, "natural-cubic/uniform"), (UNITY_HEAD.rsplit(",", 2)[0], "natural-cubic/chord")],
)
def test_unitys_own_tables_are_read(head: str, kind: str) -> None:
    cells = {
        "project": "p",
        "file": f"{FRAME}.png",
        "user": "u",
        "time": AT,
        "label": "curve-lv-endo",
        "vis": "seen",
        "value_x": "1.0 2.0 3.0",
        "value_y": "0.0 5.0 0.0",
        "straight_segment": "0 1 0",
        "instance_num": "0",
    }
    data = f"{head}\n0,{','.join(cells[c] for c in head.split(',')[1:])}\n".encode()
    (found,) = read_table(data)
    steps = {1: "straight"} if "straight" in head else None
    assert found.label == seen(curve([(1, 0), (2, 5), (3, 0)], kind, steps))
    off = data.replace(b"seen", b"off").replace(b"1.0 2.0 3.0", b"").replace(b"0.0 5.0 0.0", b"")
    assert read_table(off)[0].label == unseen("off")
    for old, new, wrong in (
        (b"1.0 2.0 3.0", b"1.0 2.0", "2 x and 3 y"),
        (b"seen", b"maybe", "vis 'maybe' is not one of"),
        (b",p,", b",p,extra,", "as many cells"),
    ):
        with pytest.raises(FormatError, match=f"row 2.*{wrong}"):
            read_table(data.replace(old, new))


def test_a_missing_column_is_named() -> None:
    with pytest.raises(FormatError, match="missing columns label, vis"):
        read_table(b",project,file,user,time,value_x,value_y\n")


def test_a_broken_answer_names_its_row() -> None:
    data = write_table("made", [record("e-peak", unseen("off"))]).decode()
    with pytest.raises(FormatError, match="row 2: answer is not JSON"):
        read_table(data.replace('"{""', '"{').encode())
    with pytest.raises(FormatError, match="row 2: answer must be an object"):
        read_table(data.replace('{""instances"":[],""visibility"":""off""}', "[]").encode())
