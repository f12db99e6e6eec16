"""Find plug-ins by listing their folder: one file, one constant, one thing.

An explicit list is the line that everybody edits; a folder is not. Two plug-ins of one name, or a module
without its constant, stop the program at once rather than at the first use.
"""

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from typing import Protocol, TypeVar, cast

from unisono.base.errors import PluginError


class Named(Protocol):
    """What every plug-in has."""

    @property
    def name(self) -> str:
        """The name that files, protocols and command lines use."""
        ...


T = TypeVar("T", bound=Named)


@cache
def _listed(package: str, constant: str) -> tuple[tuple[str, object], ...]:
    folder = importlib.import_module(package)
    found: dict[str, object] = {}
    for entry in sorted(pkgutil.iter_modules(folder.__path__), key=lambda e: e.name):
        module = importlib.import_module(f"{package}.{entry.name}")
        if not hasattr(module, constant):
            raise PluginError(f"{package}.{entry.name} offers no constant {constant}")
        plugin = getattr(module, constant)
        if plugin.name in found:
            raise PluginError(f"{package} holds two plug-ins named {plugin.name!r}")
        found[plugin.name] = plugin
    return tuple(found.items())


def load(package: str, constant: str, kind: Callable[..., T]) -> dict[str, T]:
    """Return the plug-ins of a folder by name, in the order of their file names.

    Parameters
    ----------
    package : str
        Dotted name of the folder, such as ``"unisono.labels.types"``.
    constant : str
        The constant that each module offers, such as ``"LABEL"``.
    kind : type
        What each must be an instance of.

    Raises
    ------
    PluginError
        If a module lacks the constant, offers another kind of thing, or repeats a name.
    """
    plugins = dict(_listed(package, constant))
    for name, plugin in plugins.items():
        if not isinstance(plugin, cast("type[T]", kind)):
            raise PluginError(f"{package}: {name!r} is a {type(plugin).__name__}, not {kind}")
    return cast("dict[str, T]", plugins)


def pick(plugins: dict[str, T], name: str, what: str) -> T:
    """Return one plug-in by name.

    Raises
    ------
    PluginError
        If there is none of that name; the message lists those there are.
    """
    try:
        return plugins[name]
    except KeyError:
        raise PluginError(f"no {what} named {name!r}; there are: {', '.join(plugins)}") from None
