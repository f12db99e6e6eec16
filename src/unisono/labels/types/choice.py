"""A choice: one of a question's categories, such as the view of a clip."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from unisono.base.errors import LabelError
from unisono.labels.base import Category, Form, Json, LabelType, object_of


@dataclass(frozen=True, slots=True)
class Options:
    """Options of a ``choice`` question: its ``categories`` in the order of their buttons."""

    categories: tuple[Category, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys in order; the index of a key is its category."""
        return tuple(c.key for c in self.categories)


@dataclass(frozen=True, slots=True)
class Choice:
    """The key of the category that was chosen."""

    key: str


class ChoiceType(LabelType[Choice, Options]):
    """One of several; "not sure" is the visibility ``blurred``, "none of these" a category of its own."""

    name = "choice"
    tool = "choose"
    forms = frozenset({Form.CATEGORY})

    def parse_options(self, raw: Mapping[str, Json]) -> Options:
        """Read ``{"categories": [{"key", "title"?, "family"?} or "key"]}``."""
        given = object_of(raw, "options of a choice", {"categories"})
        rows = given["categories"]
        if not isinstance(rows, list) or len(rows) < 2:  # noqa: PLR2004
            raise LabelError("categories must be a list of two or more")
        categories = tuple(_category(row) for row in rows)
        twice = [key for key, n in Counter(c.key for c in categories).items() if n > 1]
        if twice:
            raise LabelError(f"category {twice[0]!r} stands twice")
        return Options(categories)

    def parse_instance(self, raw: Json, options: Options) -> Choice:
        """Read ``{"key": category}``."""
        key = object_of(raw, "a choice", {"key"})["key"]
        if key not in options.keys:
            raise LabelError(f"{key!r} is not one of: {', '.join(options.keys)}")
        return Choice(key)

    def dump_instance(self, instance: Choice) -> dict[str, Json]:
        """Write ``{"key": category}``."""
        return {"key": instance.key}

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
        """Return a choice of two plain keys and one with words and families."""
        views = [
            {"key": "a4ch-lv", "title": "A4C, whole LV", "family": "apical"},
            {"key": "plax-full", "title": "PLAX", "family": "parasternal"},
        ]
        return (
            ({"categories": ["yes", "no"]}, {"key": "no"}),
            ({"categories": views}, {"key": "plax-full"}),
        )


def _category(raw: Json) -> Category:
    if isinstance(raw, str):
        return Category(raw, raw)
    keys = {"key", "title", "family"}
    given = object_of(raw, "a category", keys, optional={"title", "family"})
    key = str(given["key"])
    return Category(key, str(given.get("title", key)), str(given.get("family", "")))


LABEL = ChoiceType()
