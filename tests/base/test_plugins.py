import sys
from pathlib import Path

import pytest

from unisono.base import plugins
from unisono.base.errors import PluginError


class Thing:
    def __init__(self, name: str) -> None:
        self.name = name


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest):  # noqa: ANN201
    """Return a maker of plug-in folders."""
    monkeypatch.syspath_prepend(tmp_path)
    name = f"made_{abs(hash(request.node.name))}"

    def make(**modules: str) -> str:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "__init__.py").touch()
        for module, text in modules.items():
            (folder / f"{module}.py").write_text("from tests.base.test_plugins import Thing\n" + text)
        return name

    yield make
    for module in [m for m in sys.modules if m.startswith(name)]:
        del sys.modules[module]


def test_plugins_come_in_the_order_of_their_files(package) -> None:  # noqa: ANN001
    name = package(b="PLUG = Thing('second')", a="PLUG = Thing('first')")
    found = plugins.load(name, "PLUG", Thing)
    assert list(found) == ["first", "second"]
    assert plugins.pick(found, "second", "thing").name == "second"


def test_two_of_one_name_stop_the_program(package) -> None:  # noqa: ANN001
    name = package(a="PLUG = Thing('x')", b="PLUG = Thing('x')")
    with pytest.raises(PluginError, match="two plug-ins named 'x'"):
        plugins.load(name, "PLUG", Thing)


def test_a_module_without_its_constant_stops_the_program(package) -> None:  # noqa: ANN001
    with pytest.raises(PluginError, match=r"\.a offers no constant PLUG"):
        plugins.load(package(a="OTHER = 1"), "PLUG", Thing)


def test_another_kind_of_thing_is_refused(package) -> None:  # noqa: ANN001
    name = package(a="class Odd:\n    name = 'odd'\nPLUG = Odd()")
    with pytest.raises(PluginError, match="'odd' is a Odd"):
        plugins.load(name, "PLUG", Thing)


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(PluginError, match="no thing named 'c'; there are: a, b"):
        plugins.pick({"a": Thing("a"), "b": Thing("b")}, "c", "thing")
