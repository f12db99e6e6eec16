"""A choice: one of a question's categories, several of them, or a grade on an ordered scale.

"None of these" and "not sure" are two different answers. The first is a category of its own, ``none``, that
excludes all others: the expert looked and nothing on the list fits. The second is the visibility ``blurred``:
there may be something, and this expert cannot tell.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from unisono.base.errors import LabelError
from unisono.labels.base import Category, Form, LabelType
from unisono.labels.parsing import Json, object_of, whole

NONE = "none"
"""The key of "none of these" where the option ``none`` gives it its words."""
MOST_CATEGORIES = 50
"""As many as a label may have instances."""
_KEYS = {"categories", "several", "max", "ordered", "none"}


@dataclass(frozen=True, slots=True)
class Options:
    """Options of a ``choice`` question.

    Parameters
    ----------
    categories : tuple of Category
        In the order of their buttons; "none of these" is the last where the question has it.
    several : bool
        More than one may be chosen; an instance is one chosen key, in the order of the categories. The first
        is the one that counts where only one can, so the order of the categories is their priority.
    most : int
        How many may be chosen.
    ordered : bool
        The categories are grades, the lowest first.
    exclusive : str
        The key that stands alone, "none of these"; empty when there is none.
    """

    categories: tuple[Category, ...]
    several: bool = False
    most: int = 1
    ordered: bool = False
    exclusive: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys in order; the index of a key is its category."""
        return tuple(c.key for c in self.categories)


@dataclass(frozen=True, slots=True)
class Choice:
    """The key of a category that was chosen."""

    key: str


class ChoiceType(LabelType[Choice, Options]):
    """One of several, some of several, or a grade; "not sure" is the visibility ``blurred``."""

    name = "choice"
    tool = "choose"
    forms = frozenset({Form.CATEGORY})

    def parse_options(self, raw: Mapping[str, Json]) -> Options:
        """Read ``{"categories": [{"key", "title"?, "family"?} or "key"]}``, and what `Options` may say more.

        The further keys are ``several``, ``max``, ``ordered`` and ``none``, the words of "none of these".
        """
        given = object_of(raw, "options of a choice", _KEYS, optional=_KEYS - {"categories"})
        categories = _categories(given["categories"])
        none = _none(given.get("none"), categories)
        several, ordered = _flag(given, "several"), _flag(given, "ordered")
        if several and ordered:
            raise LabelError("a choice is several or ordered, not both: a grade is one")
        if "max" in given and not several:
            raise LabelError("max needs several: true")
        most = whole(given.get("max", len(categories)), "max", 2, len(categories)) if several else 1
        return Options((*categories, *none), several, most, ordered, NONE if none else "")

    def parse_instance(self, raw: Json, options: Options) -> Choice:
        """Read ``{"key": category}``."""
        key = object_of(raw, "a choice", {"key"})["key"]
        if key not in options.keys:
            raise LabelError(f"{key!r} is not one of: {', '.join(options.keys)}")
        return Choice(key)

    def dump_instance(self, instance: Choice) -> dict[str, Json]:
        """Write ``{"key": category}``."""
        return {"key": instance.key}

    def max_instances(self, options: Options) -> int:
        """Return how many may be chosen."""
        return options.most

    def check_together(self, instances: Sequence[Choice], options: Options) -> None:
        """Let each category be chosen once, in the order of the protocol, and "none of these" stand alone."""
        if len(instances) > 1 and any(i.key == options.exclusive for i in instances):
            raise LabelError(f"{options.exclusive!r} stands alone; got {len(instances)} choices")
        places = [options.keys.index(i.key) for i in instances]
        if any(a >= b for a, b in pairwise(places)):
            raise LabelError(f"choices stand once each and in this order: {', '.join(options.keys)}")

    def category(self, instance: Choice, options: Options) -> int:
        """Return the position of the chosen category."""
        return options.keys.index(instance.key)

    def categories(self, options: Options) -> tuple[str, ...]:
        """Return the keys in order."""
        return options.keys

    def buttons(self, options: Options) -> tuple[Category, ...]:
        """Return the categories with their words and families."""
        return options.categories

    def examples(self) -> tuple[tuple[dict[str, Json], dict[str, Json]], ...]:
        """Return a choice of two plain keys, one with words and families, findings and grades."""
        views = [
            {"key": "a4ch-lv", "title": "A4C, whole LV", "family": "apical"},
            {"key": "plax-full", "title": "PLAX", "family": "parasternal"},
        ]
        return (
            ({"categories": ["yes", "no"]}, {"key": "no"}),
            ({"categories": views, "none": "None of these"}, {"key": "plax-full"}),
            (
                {"categories": ["tumor", "cyst", "stone"], "several": True, "none": "None of these"},
                {"key": "stone"},
            ),
            ({"categories": ["poor", "fair", "good"], "ordered": True}, {"key": "fair"}),
        )


def _categories(rows: Json) -> tuple[Category, ...]:
    if not isinstance(rows, list) or len(rows) < 2:  # noqa: PLR2004
        raise LabelError("categories must be a list of two or more")
    if len(rows) >= MOST_CATEGORIES:
        raise LabelError(f"categories must be fewer than {MOST_CATEGORIES}; got {len(rows)}")
    categories = tuple(_category(row) for row in rows)
    twice = [key for key, n in Counter(c.key for c in categories).items() if n > 1]
    if twice:
        raise LabelError(f"category {twice[0]!r} stands twice")
    return categories


def _category(raw: Json) -> Category:
    if isinstance(raw, str):
        return Category(raw, raw)
    keys = {"key", "title", "family"}
    given = object_of(raw, "a category", keys, optional={"title", "family"})
    key = str(given["key"])
    return Category(key, str(given.get("title", key)), str(given.get("family", "")))


def _none(words: Json, categories: Sequence[Category]) -> tuple[Category, ...]:
    if words is None:
        return ()
    if not isinstance(words, str) or not words.strip():
        raise LabelError(f"none must be the words of its button; got {words!r}")
    if any(c.key == NONE for c in categories):
        raise LabelError(f"category {NONE!r} stands twice: the option none adds it")
    return (Category(NONE, words),)


def _flag(given: Mapping[str, Json], name: str) -> bool:
    value = given.get(name, False)
    if not isinstance(value, bool):
        raise LabelError(f"{name} must be true or false; got {value!r}")
    return value


LABEL = ChoiceType()
