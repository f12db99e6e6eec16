"""Write the pages that are printed from the code: ``python -m checks.print_docs``.

`documents` compares what is written with what would be.
"""

import inspect
import json
import sys
from pathlib import Path

from checks import facts
from unisono.base.settings import TABLE
from unisono.labels.base import AnyLabelType

ROOT = Path(__file__).parents[1]
PRINTED = "<!-- Printed by `python -m checks.print_docs`; edit the code, not this page. -->\n"


SETTINGS = """\
unisono has few knobs, and each is an environment variable. Some can be given to a command as an option as
well, which then wins: `unisono serve --port 9000`.

A name that begins with `UNISONO_` and is not in this table is an error, so a slip of the pen is not
silently ignored."""

VERBS = """\
Every verb exits with 0 only when it did what it was asked, and says in one line what went wrong otherwise.
`--home DIR` (or `UNISONO_HOME`) names the folder of the catalog; with `--json` a verb prints one JSON
document."""

ROUTES = """\
All bodies are JSON; the session is a cookie. Every error is `{"detail": ..., "kind": ...}`: what came, what
is legal, where. Ids of answers, submissions and reviews are made by the client, so a request that is sent
twice is stored once. A running server describes every body at `/api/openapi.json`."""

LABEL_TYPES = """\
A protocol's question names a label type. The type decides which tool of the page makes the label, how it is
written down, and which of the four forms it takes (`category`, `vector`, `raster`, `order`); consensus
methods and formats are written against the forms. A vector lies in the image (px) or in time (frame and s).

A label is `{"visibility": ..., "instances": [...]}`. Visibility is `seen`, `blurred` (may be there, cannot
be labelled), `off` (certainly not there) or `unasked`; only `seen` has instances."""


def settings_page() -> str:
    """Return ``docs/settings.md``."""
    rows = [f"| `{k.env}` | {_shown(k.default)} | {k.help} |" for k in TABLE]
    return _page(
        "Settings",
        SETTINGS,
        "\n".join(["| variable | default | meaning |", "|---|---|---|", *rows]),
    )


def command_page() -> str:
    """Return ``docs/cli.md``."""
    parts = [VERBS]
    for name, command in facts.verbs():
        parts.append(f"## `{' '.join([name, *facts.arguments(command)])}`")
        parts.append((command.help or "").strip())
        rows = [f"| `{option}` | {help_text} |" for option, help_text in facts.options(command)]
        if rows:
            parts.append("\n".join(["| option | meaning |", "|---|---|", *rows]))
    return _page("The command line", *parts)


def api_page() -> str:
    """Return ``docs/api.md``."""
    rows = [f"| `{method}` | `{address}` | {summary} |" for method, address, summary in facts.routes()]
    return _page(
        "The API",
        ROUTES,
        "\n".join(["| method | address | what it does |", "|---|---|---|", *rows]),
    )


def label_types_page() -> str:
    """Return ``docs/label-types.md``."""
    parts = [LABEL_TYPES]
    for name, label_type in facts.labels().items():
        parts.extend(_label_type(name, label_type))
    return _page("Label types", *parts)


def _label_type(name: str, label_type: AnyLabelType) -> list[str]:
    module = inspect.getdoc(inspect.getmodule(type(label_type))) or ""
    examples = [
        f"| `{json.dumps(options)}` | `{json.dumps(instance)}` |"
        for options, instance in label_type.examples()
    ]
    forms = ", ".join(f"`{form.value}`" for form in sorted(label_type.forms))
    return [
        f"## `{name}`",
        module.split("\n\n", maxsplit=1)[0],
        f"Tool: `{label_type.tool}`. Forms: {forms}.",
        "\n".join(["| options | an instance |", "|---|---|", *examples]),
    ]


PAGES = {
    "docs/settings.md": settings_page,
    "docs/cli.md": command_page,
    "docs/api.md": api_page,
    "docs/label-types.md": label_types_page,
}


def _shown(default: str) -> str:
    return f"`{default}`" if default else "empty"


def _page(title: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", PRINTED.strip(), *parts]) + "\n"


def main() -> None:
    """Write every printed page."""
    for name, page in PAGES.items():
        (ROOT / name).write_text(page(), encoding="utf-8")
        sys.stdout.write(f"wrote {name}\n")


if __name__ == "__main__":
    main()
