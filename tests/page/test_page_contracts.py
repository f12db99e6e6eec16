"""What the page and the server must agree on without a browser: tools by name, keys that the page keeps."""

import json
import re
from pathlib import Path

import pytest

from unisono.annotate.run.projects import shipped_protocols
from unisono.labels.base import Visibility, label_types
from unisono.labels.clashes import RESERVED_KEYS

PAGE = Path(__file__).parents[2] / "page"
KEYS = (PAGE / "src" / "core" / "keys.ts").read_text(encoding="utf-8")
HELD = {"h", "w"}
"""Keys that act while they are held; `keyboard.ts` has them."""


@pytest.mark.parametrize("name", sorted(label_types()))
def test_each_label_type_has_its_tool_on_the_page(name: str) -> None:
    tool = label_types()[name].tool
    text = (PAGE / "src" / "tools" / f"{tool}.ts").read_text(encoding="utf-8")
    assert re.search(rf'TOOL: Tool = {{\s*name: "{tool}"', text)


def test_letters_that_the_page_uses_cannot_be_hotkeys_of_questions() -> None:
    single = re.search(r"const SINGLE.*?\{(.*?)\};", KEYS, re.DOTALL)
    assert single
    letters = set(re.findall(r"^\s*([a-z]):", single.group(1), re.MULTILINE)) | HELD
    assert len(letters) > len(HELD)
    assert letters <= RESERVED_KEYS


def test_the_page_knows_the_visibilities_of_the_server() -> None:
    schema = json.loads((PAGE / "openapi.json").read_text(encoding="utf-8"))["components"]["schemas"]
    assert schema["LabelBody"]["properties"]["visibility"]["enum"] == [v.value for v in Visibility]


def test_every_segment_of_the_map_has_its_protocol() -> None:
    text = (PAGE / "src" / "core" / "segments.ts").read_text(encoding="utf-8")
    prefix = re.search(r'SEGMENT_PROTOCOL = "([^"]+)"', text)
    assert prefix
    named = {prefix[1] + key for key in re.findall(r'key: "([^"]+)"', text)}
    assert named == {name for name in shipped_protocols() if name.startswith(prefix[1])}
    assert len(named) == 7
