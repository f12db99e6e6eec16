"""What questions of one protocol must not do to one another: share keys and letters, or tie to nothing."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unisono.labels.protocol import Question

RESERVED_KEYS = frozenset("bcdefghilnorswxz[],.? ") | {"enter", "escape", "tab", "backspace", "home", "end"}
"""Keys that the page uses for itself; a question cannot have them."""


def clashes(questions: Sequence["Question"]) -> Iterator[str]:
    """Tell of each key or hotkey that two questions share, or that the page keeps for itself."""
    keys: dict[str, str] = {}
    hotkeys: dict[str, str] = {}
    for question in questions:
        if question.key in keys:
            yield f"two questions have the key {question.key!r}"
        if question.hotkey in RESERVED_KEYS:
            yield f"{question.key}: the page keeps the hotkey {question.hotkey!r} for itself"
        if question.hotkey and question.hotkey in hotkeys:
            yield f"{question.key} and {hotkeys[question.hotkey]} share the hotkey {question.hotkey!r}"
        keys[question.key] = hotkeys[question.hotkey] = question.key
    for question in questions:
        for letter in getattr(question.options, "hotkeys", ()):
            if letter in hotkeys:
                yield f"{question.key} marks with {letter!r}, which is the hotkey of {hotkeys[letter]}"


def loose_ties(questions: Sequence["Question"]) -> Iterator[str]:
    """Tell of each tie of a curve that leads to no point question."""
    points = {q.key for q in questions if q.label_type.name == "point"}
    for question in questions:
        for place, key in getattr(question.options, "ties", {}).items():
            if key not in points:
                yield f"{question.key}: its {place} is tied to {key!r}, which is no point question here"
