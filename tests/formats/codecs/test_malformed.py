"""Label files with a wrong node anywhere: read, or refused by file and image, never a traceback."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.formats.make import CLIP, FRAME
from unisono.base.errors import FormatError
from unisono.formats.base import Codec, codecs

PNG = f"{FRAME}.png"
OTHER = f"{CLIP}-0018.png"
CURVE_1 = {"type": "curve", "x": "1 2 3", "y": "1 3 1"}
CURVE_2 = [{"type": "curve", "x": "1 2 3", "y": "1 3 1", "straight_segment": "0 1 0", "conf": "1 1 1"}]
JUMP = [{"type": "curve", "x": "3 9", "y": "1 4", "straight_segment": "1 0"}]
POINT = {"type": "point", "x": [1.0], "y": [2.0]}
BORDER = [[1.0, 2.0, 3.0], [1.0, 3.0, 1.0]]
FILES: dict[str, tuple[str, str, Any]] = {
    "generation 1": (
        "unity",
        "labels-all.json",
        {PNG: {"labels": {"curve-lv-endo": CURVE_1, "lv-apex-endo": POINT}}},
    ),
    "generation 2": (
        "unity",
        "labels-all.json",
        {PNG: {"labels": {"curve-lv-endo": CURVE_2, "curve-lv-endo-jump": JUMP, "e-peak": [POINT]}}},
    ),
    "annotations": (
        "multix",
        "UnityLV_multiX_annotations.json",
        {PNG: {"expert-1": BORDER, "expert-2": BORDER}},
    ),
    "consensus": ("multix", "UnityLV_multiX_consensus_curves.json", {PNG: BORDER, OTHER: BORDER}),
}
WRONG: tuple[Any, ...] = (
    None,
    [],
    [None],
    [[]],
    [{}],
    7,
    -1e400,
    True,
    "",
    "word",
    "seen",
    "1 2 3",
    {},
    {"labels": None},
    {"type": []},
    {"type": "curve"},
    {"type": {"a": 1}, "x": None, "y": None},
)


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    rows = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in rows:
        yield from places(child, (*path, key))


def put(tree: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    out = json.loads(json.dumps(tree))
    node = out
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return out


def refusal(codec: Codec, name: str, data: bytes) -> str:
    try:
        codec.read({name: data})
    except FormatError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("which", FILES)
def test_every_node_may_be_wrong(which: str) -> None:
    fmt, name, good = FILES[which]
    codec = codecs()[fmt]
    codec.read({name: json.dumps(good).encode()})
    for path in places(good):
        for value in WRONG:
            data = json.dumps(put(good, path, value)).encode()
            said = refusal(codec, name, data)
            assert not said or name in said, (path, value)
            assert not said or not path or path[0] in said, (path, value)


@pytest.mark.parametrize("which", FILES)
@pytest.mark.parametrize("value", [None, 7, "word", True])
def test_no_entry_label_or_instance_is_a_bare_value(which: str, value: object) -> None:
    fmt, name, good = FILES[which]
    for path in places(good):
        node = good
        for key in path:
            node = node[key]
        if isinstance(node, dict | list):
            with pytest.raises(FormatError, match=name):
                codecs()[fmt].read({name: json.dumps(put(good, path, value)).encode()})


@pytest.mark.parametrize("value", [None, 7, [], "word"])
def test_an_entry_without_labels_names_file_and_image(value: object) -> None:
    data = json.dumps({PNG: value}).encode()
    with pytest.raises(FormatError, match=f"labels-all.json: {PNG}: expected an object"):
        codecs()["unity"].read({"labels-all.json": data})


@pytest.mark.parametrize("name", ["labels-train.txt", "user-labels-all.csv", "labels-train.json"])
@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"[[[[", b'{"a": NaN}', b"[" * 100_000, b"\x00"])
def test_the_other_files_may_be_anything(name: str, data: bytes) -> None:
    good = json.dumps(FILES["generation 2"][2]).encode()
    with pytest.raises(FormatError, match=name):
        codecs()["unity"].read({"labels-all.json": good, name: data})


@pytest.mark.parametrize(
    "answer",
    [
        "null",
        "[]",
        "7",
        '"seen"',
        '{"visibility": []}',
        '{"visibility": "x"}',
        '{"visibility": "seen"}',
        '{"visibility": "seen", "instances": 7}',
        '{"visibility": "seen", "instances": [7]}',
        '{"visibility": "seen", "instances": [{"nodes": 7}]}',
        '{"visibility": "seen", "instances": [{"nodes": [7]}]}',
    ],
)
def test_an_answer_in_the_table_may_be_anything(answer: str) -> None:
    cell = answer.replace('"', '""')
    table = (
        "project,file,user,time,label,vis,value_x,value_y,answer\n"
        f'p,{PNG},expert-1,,curve-lv-endo,seen,1 2,1 2,"{cell}"\n'
    )
    with pytest.raises(FormatError, match=r"user-labels-all.csv row 2"):
        codecs()["unity"].read({"user-labels-all.csv": table.encode()})


@pytest.mark.parametrize("which", FILES)
@pytest.mark.parametrize("number", [1e300, -2e6])
def test_a_place_beyond_all_frames_is_refused(which: str, number: float) -> None:
    fmt, name, good = FILES[which]
    for path in places(good):
        node = good
        for key in path:
            node = node[key]
        if path[-1:] == ("x",) or (fmt == "multix" and isinstance(node, float)):
            value = f"{number} 2 3" if node == "1 2 3" else f"{number} 9" if node == "3 9" else None
            bad = put(good, path, value or ([number] if isinstance(node, list) else number))
            text = json.dumps(bad)
            with pytest.raises(FormatError, match=rf"{name}: {path[0]}.*is farther than 1e\+06 px"):
                codecs()[fmt].read({name: text.encode()})


@pytest.mark.parametrize(
    ("fmt", "name", "entry"),
    [
        ("unity", "labels-all.json", {"labels": {"c": {"type": "curve", "x": "1 1 1", "y": "2 2 2"}}}),
        ("unity", "labels-all.json", {"labels": {"c": [{"type": "curve", "x": "1 1", "y": "2 2"}]}}),
        ("multix", "UnityLV_multiX_consensus_curves.json", [[1.0] * 200, [2.0] * 200]),
        ("multix", "UnityLV_multiX_annotations.json", {"expert-1": [[1.0] * 3, [2.0] * 3]}),
    ],
)
def test_a_curve_of_one_place_is_refused(fmt: str, name: str, entry: object) -> None:
    with pytest.raises(FormatError, match=rf"{name}: {PNG}.*nodes of the curve are the same place"):
        codecs()[fmt].read({name: json.dumps({PNG: entry}).encode()})
