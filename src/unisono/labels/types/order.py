"""An order: the members of a set along one axis, level ones together."""

from collections.abc import Mapping
from dataclasses import dataclass

from unisono.base.errors import LabelError
from unisono.labels.base import Form, LabelType
from unisono.labels.parsing import Json, object_of
from unisono.labels.sets import LARGEST, SMALLEST

_OPTIONS = {"axis", "first", "middle", "last"}


@dataclass(frozen=True, slots=True)
class Options:
    """Options of an ``order`` question.

    Parameters
    ----------
    axis : str
        The sentence that is always in sight: by what to order.
    first, last : str
        What stands at the two ends of the axis.
    middle : str
        What stands in its middle; empty when nothing is to be said of it.
    """

    axis: str
    first: str
    last: str
    middle: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """The members of a set in order.

    Parameters
    ----------
    groups : tuple of tuple of str
        Codes of the members from the first end of the axis to the last; those of one group are level.
    aside : tuple of str
        Codes of the members that cannot be judged.
    shown : tuple of str
        All of them in the order in which they stood before anything was moved.
    """

    groups: tuple[tuple[str, ...], ...]
    aside: tuple[str, ...]
    shown: tuple[str, ...]


class OrderType(LabelType[Order, Options]):
    """The members of a set in order, ties allowed; "no visible difference" is all of them in one group."""

    name = "order"
    tool = "order"
    forms = frozenset({Form.ORDER})

    def parse_options(self, raw: Mapping[str, Json]) -> Options:
        """Read ``{"axis", "first", "last", "middle"?}``, each a text."""
        given = object_of(raw, "options of an order", _OPTIONS, optional={"middle"})
        empty = [k for k, v in given.items() if not isinstance(v, str) or (not v.strip() and k != "middle")]
        if empty:
            raise LabelError(f"{', '.join(sorted(empty))} of an order must be a text that is not empty")
        return Options(**given)

    def parse_instance(self, raw: Json, options: Options) -> Order:  # noqa: ARG002  # all orders look alike
        """Read ``{"groups": [[code, ...], ...], "aside": [code, ...], "shown": [code, ...]}``."""
        given = object_of(raw, "an order", {"groups", "aside", "shown"})
        if not isinstance(given["groups"], list):
            raise LabelError(f"groups must be a list; got {type(given['groups']).__name__}")
        groups = tuple(_codes(group, "a group") for group in given["groups"])
        order = Order(groups, _codes(given["aside"], "aside"), _codes(given["shown"], "shown"))
        _check(order)
        return order

    def dump_instance(self, instance: Order) -> dict[str, Json]:
        """Write what `parse_instance` reads."""
        groups = [list(group) for group in instance.groups]
        return {"groups": groups, "aside": list(instance.aside), "shown": list(instance.shown)}

    def order(self, instance: Order, options: Options) -> tuple[tuple[str, ...], ...]:  # noqa: ARG002
        """Return the groups; those that cannot be judged are in none."""
        return instance.groups

    def examples(self) -> tuple[tuple[dict[str, Json], dict[str, Json]], ...]:
        """Return a pair without a visible difference, and four in order with a tie and one set aside."""
        foreshortening = {
            "axis": "How foreshortened is the left ventricle?",
            "first": "true",
            "last": "short",
        }
        turned = {**foreshortening, "middle": "a little"}
        a, b, c, d = (f"01-{digit * 64}" for digit in "abcd")
        return (
            (foreshortening, {"groups": [[b, a]], "aside": [], "shown": [a, b]}),
            (turned, {"groups": [[c], [a, d]], "aside": [b], "shown": [a, b, c, d]}),
        )


def _codes(raw: Json, what: str) -> tuple[str, ...]:
    if not isinstance(raw, list) or not all(isinstance(code, str) for code in raw):
        raise LabelError(f"{what} must be a list of codes")
    return tuple(raw)


def _check(order: Order) -> None:
    placed = [code for group in order.groups for code in group]
    if not all(order.groups):
        raise LabelError("a group must not be empty")
    if len(placed) < SMALLEST:
        raise LabelError(f"an order needs {SMALLEST} members or more that can be judged; got {len(placed)}")
    if not SMALLEST <= len(order.shown) <= LARGEST or len(set(order.shown)) != len(order.shown):
        raise LabelError(f"shown must be {SMALLEST} to {LARGEST} codes, none of them twice")
    if sorted([*placed, *order.aside]) != sorted(order.shown):
        raise LabelError("each member that was shown must stand once, in a group or aside")


LABEL = OrderType()
