"""What a protocol shows to learn from, and what may be said of an item: examples, and reasons with codes."""

import re
from collections import Counter
from dataclasses import dataclass

from unisono.base.errors import LabelError
from unisono.labels.parsing import Json, object_of

KINDS = ("good", "borderline", "wrong")
PICTURE = re.compile(r"^[a-z0-9][a-z0-9-]*\.(png|jpg|webp)$")


@dataclass(frozen=True, slots=True)
class Example:
    """A picture that shows how a question is answered well, just so, or wrongly.

    Parameters
    ----------
    kind : str
        ``good``, ``borderline`` or ``wrong``.
    picture : str
        Name of a picture that comes with the protocols.
    text : str
        What to see in it.
    """

    kind: str
    picture: str
    text: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an item cannot be used: the code that is stored, and its words on the button."""

    key: str
    title: str


def parse_examples(raw: Json) -> tuple[Example, ...]:
    """Read ``[{"kind", "picture", "text"}]``.

    Raises
    ------
    LabelError
        If a kind is none of the three, or a picture's name is no plain file name.
    """
    if not isinstance(raw, list):
        raise LabelError(f"examples must be a list; got {type(raw).__name__}")
    return tuple(_example(row) for row in raw)


def parse_reasons(raw: Json) -> tuple[Reason, ...]:
    """Read ``["words" or {"key", "title"}]``; plain words are their own code.

    Raises
    ------
    LabelError
        If it is something else, or a code stands twice.
    """
    if not isinstance(raw, list):
        raise LabelError(f"unusable_reasons must be a list; got {type(raw).__name__}")
    reasons = tuple(_reason(row) for row in raw)
    twice = [key for key, n in Counter(r.key for r in reasons).items() if n > 1]
    if twice:
        raise LabelError(f"unusable_reasons: {twice[0]!r} stands twice")
    return reasons


def _example(raw: Json) -> Example:
    given = object_of(raw, "an example", {"kind", "picture", "text"})
    kind, picture = given["kind"], given["picture"]
    if kind not in KINDS:
        raise LabelError(f"an example's kind must be one of {', '.join(KINDS)}; got {kind!r}")
    if not isinstance(picture, str) or not PICTURE.match(picture):
        raise LabelError(f"an example's picture must be a plain name of a png, jpg or webp; got {picture!r}")
    return Example(kind, picture, str(given["text"]))


def _reason(raw: Json) -> Reason:
    if isinstance(raw, str):
        return Reason(raw, raw)
    given = object_of(raw, "a reason", {"key", "title"})
    return Reason(str(given["key"]), str(given["title"]))
