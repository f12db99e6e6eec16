"""What the program says of itself, for the documents: verbs, routes, label types, plug-ins."""

import importlib
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, Protocol, cast

import typer.main

from unisono.base import plugins
from unisono.labels.base import AnyLabelType, label_types


class Parameter(Protocol):
    """What is read of an argument or an option; typer brings its own click, so no class is named."""

    name: str
    opts: list[str]
    param_type_name: str
    metavar: str | None
    nargs: int
    required: bool


class Command(Protocol):
    """What is read of a verb."""

    help: str | None
    hidden: bool
    params: list[Parameter]


def verbs() -> Iterator[tuple[str, Command]]:
    """Yield every verb of the command line with its full name, such as ``unisono project create``."""
    main = importlib.import_module("unisono.cli.main")
    yield from _verbs("unisono", cast("Command", typer.main.get_command(main.app)))


def _verbs(name: str, command: Command) -> Iterator[tuple[str, Command]]:
    inner: dict[str, Command] | None = getattr(command, "commands", None)
    if inner is None:
        yield name, command
        return
    for word, verb in sorted(inner.items()):
        if not verb.hidden:
            yield from _verbs(f"{name} {word}", verb)


def arguments(command: Command) -> list[str]:
    """Return a verb's arguments as its help writes them, such as ``[PATH]...``."""
    return [_written(p) for p in command.params if p.param_type_name == "argument"]


def _written(argument: Parameter) -> str:
    name = argument.metavar or argument.name.upper()
    return (name if argument.required else f"[{name}]") + ("..." if argument.nargs == -1 else "")


def options(command: Command) -> list[tuple[str, str]]:
    """Return a verb's options, each with its help."""
    given = (p for p in command.params if p.param_type_name == "option" and p.name != "help")
    shown = (o for o in given if not getattr(o, "hidden", False))
    return [("/".join(o.opts), (getattr(o, "help", None) or "").strip()) for o in shown]


def openapi() -> dict[str, Any]:
    """Return the API's description; no catalog is opened for it."""
    app = importlib.import_module("unisono.web.app")
    settings = importlib.import_module("unisono.base.settings").Settings()
    nothing = cast("Any", SimpleNamespace(close=lambda: None, settings=settings))
    return cast("dict[str, Any]", app.make_app(nothing).openapi())


def routes() -> list[tuple[str, str, str]]:
    """Return method, address and summary of every route, in the order of the addresses."""
    return sorted(
        (
            (method.upper(), address, _first_line(said.get("description") or said["summary"]))
            for address, methods in openapi()["paths"].items()
            for method, said in methods.items()
        ),
        key=lambda row: (row[1], row[0]),
    )


def labels() -> dict[str, AnyLabelType]:
    """Return the label types by name."""
    return label_types()


def named(package: str, constant: str) -> dict[str, Any]:
    """Return the plug-ins of a folder by name."""
    return plugins.load(package, constant, cast("Any", object))


def _first_line(text: str) -> str:
    return " ".join(text.strip().split("\n\n", maxsplit=1)[0].split())
