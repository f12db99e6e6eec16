"""The thin waist: what a label type must say of itself, and the four forms.

A **label** is what one expert said to one question about one item: a visibility and, when the structure was
seen, one or more instances. A **label type** knows how an instance is written down, which tool of the page
makes it, and which of four **forms** it can take. Consensus methods, measures, codecs and models are written
against forms and never against label types, so a new label type has them all on its first day.

==============  ========================================================  =================
form            an instance becomes                                       Python
==============  ========================================================  =================
``category``    one of the question's categories                          `int`
``vector``      floats with a unit: a point or an open path, in the       `Vector`
                image or in time
``raster``      the pixels inside                                         boolean image
``order``       who beat whom, level ones together                        tuple of groups
==============  ========================================================  =================
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from unisono.base import plugins
from unisono.base.errors import LabelError
from unisono.base.units import Points
from unisono.labels.parsing import Json, object_of


class Visibility(StrEnum):
    """What an expert says of a structure before saying where it is."""

    SEEN = "seen"
    """It is there and labelled."""
    BLURRED = "blurred"
    """It may be there but cannot be labelled; masked from a loss."""
    OFF = "off"
    """It is certainly not in this image; a zero target that counts."""
    UNASKED = "unasked"
    """Nobody asked."""


class Form(StrEnum):
    """The four forms that an instance can take."""

    CATEGORY = "category"
    VECTOR = "vector"
    RASTER = "raster"
    ORDER = "order"


class Space(StrEnum):
    """Where the two numbers of a vector's points lie."""

    IMAGE = "image"
    """(x, y) in px of the stored frame."""
    TIME = "time"
    """(frame, s): the frame's index, and when it starts; NaN s where the recording does not say."""


@dataclass(frozen=True, slots=True)
class Vector:
    """The vector form: one point, or an open path with the named points that lie on it.

    Parameters
    ----------
    strokes : tuple of float64 ndarray of shape (n_points, 2), in the units of the label type's `Space`
        Dense polylines in drawing order; a gap in the drawing starts a new stroke. A point is one stroke of
        one point.
    anchors : mapping of str to float64 ndarray of shape (2,), in the same units
        Points of the path that bear a name: of another question, such as a valve hinge, or of an event.
    """

    strokes: tuple[Points, ...]
    anchors: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)

    @property
    def is_point(self) -> bool:
        """Whether this is a single location."""
        return len(self.strokes) == 1 and len(self.strokes[0]) == 1

    @property
    def path(self) -> Points:
        """All strokes one behind the other, shape (n_points, 2), px."""
        return np.concatenate(self.strokes)


@dataclass(frozen=True, slots=True)
class Category:
    """One answer that can be chosen: its key, its words on the button, the tab it stands under."""

    key: str
    title: str
    family: str = ""


InstanceT = TypeVar("InstanceT")
OptionsT = TypeVar("OptionsT")


@dataclass(frozen=True, slots=True)
class Label(Generic[InstanceT]):
    """What one expert said to one question about one item.

    Parameters
    ----------
    visibility : Visibility
    instances : tuple
        Not empty exactly when ``visibility`` is ``seen``; each is of the label type's own class.
    """

    visibility: Visibility
    instances: tuple[InstanceT, ...] = ()

    def __post_init__(self) -> None:
        if (self.visibility is Visibility.SEEN) != bool(self.instances):
            raise LabelError(
                f"visibility {self.visibility.value!r} with {len(self.instances)} instances; "
                "'seen' needs at least one, every other visibility none"
            )


class LabelType(ABC, Generic[InstanceT, OptionsT]):
    """One kind of label; subclasses live in ``labels/types``, one file each, as the constant ``LABEL``."""

    name: ClassVar[str]
    """What protocols call it."""
    tool: ClassVar[str]
    """The file in ``page/src/tools`` that makes it."""
    forms: ClassVar[frozenset[Form]]
    """The forms that its instances can take."""
    space: ClassVar[Space] = Space.IMAGE
    """Where its vectors lie."""

    @abstractmethod
    def parse_options(self, raw: Mapping[str, Json]) -> OptionsT:
        """Check a question's ``options``.

        Raises
        ------
        LabelError
            If an option is unknown or out of range; says which are legal.
        """

    @abstractmethod
    def parse_instance(self, raw: Json, options: OptionsT) -> InstanceT:
        """Read one instance from JSON.

        Raises
        ------
        LabelError
            If it is not of this type's shape.
        """

    @abstractmethod
    def dump_instance(self, instance: InstanceT) -> dict[str, Json]:
        """Write one instance to JSON; `parse_instance` reads it back equal."""

    @abstractmethod
    def examples(self) -> tuple[tuple[dict[str, Json], dict[str, Json]], ...]:
        """Return pairs of options and instance in JSON, for the contract tests and the docs."""

    def max_instances(self, options: OptionsT) -> int:  # noqa: ARG002  # most types take one
        """Return how many instances a question with these options may have."""
        return 1

    def check_together(self, instances: Sequence[InstanceT], options: OptionsT) -> None:
        """Check what one instance cannot know of the others; by default anything goes.

        Raises
        ------
        LabelError
            If the instances do not go together; says what is legal.
        """

    def category(self, instance: InstanceT, options: OptionsT) -> int:  # noqa: ARG002  # see forms
        """Return the index of the instance's category."""
        raise self._lacks(Form.CATEGORY)

    def categories(self, options: OptionsT) -> tuple[str, ...]:  # noqa: ARG002  # see forms
        """Return the keys of the question's categories, in the order of their indices."""
        raise self._lacks(Form.CATEGORY)

    def buttons(self, options: OptionsT) -> tuple[Category, ...]:
        """Return what the page offers in the order of the indices; by default the keys are the words."""
        if Form.CATEGORY not in self.forms:
            return ()
        return tuple(Category(key, key) for key in self.categories(options))

    def vector(self, instance: InstanceT, options: OptionsT) -> Vector:  # noqa: ARG002  # see forms
        """Return the instance as a point or a path in the type's `space`."""
        raise self._lacks(Form.VECTOR)

    def places(self, instance: InstanceT, options: OptionsT) -> Points:
        """Return the places of the frame that the instance names, shape (n_places, 2), px; none by default.

        The path of what has the vector form; corners and the like of what has not.
        """
        if Form.VECTOR not in self.forms or self.space is not Space.IMAGE:
            return np.zeros((0, 2))
        return self.vector(instance, options).path

    def raster(self, instance: InstanceT, options: OptionsT, shape: tuple[int, int]) -> NDArray[np.bool_]:  # noqa: ARG002  # see forms
        """Return the pixels inside, a boolean image of the given (rows, columns)."""
        raise self._lacks(Form.RASTER)

    def order(self, instance: InstanceT, options: OptionsT) -> tuple[tuple[str, ...], ...]:  # noqa: ARG002  # see forms
        """Return the keys of what was put in order, from the first end of the axis; a group is level."""
        raise self._lacks(Form.ORDER)

    def _lacks(self, form: Form) -> LabelError:
        legal = ", ".join(sorted(self.forms))
        return LabelError(f"label type {self.name!r} has no form {form.value!r}; it has: {legal}")


AnyLabelType = LabelType[Any, Any]


def label_types() -> dict[str, AnyLabelType]:
    """Return the label types by name."""
    return plugins.load("unisono.labels.types", "LABEL", LabelType)


def parse_label(label_type: AnyLabelType, options: Any, raw: Json) -> Label[Any]:  # noqa: ANN401
    """Read a label from JSON: ``{"visibility": ..., "instances": [...]}``.

    Raises
    ------
    LabelError
        If a key is missing or unknown, the visibility is not one of the four, there are more instances than
        the question allows, or an instance is not of the type's shape.
    """
    fields = object_of(raw, "a label", {"visibility", "instances"}, optional={"instances"})
    try:
        visibility = Visibility(fields["visibility"])
    except ValueError:
        legal = ", ".join(v.value for v in Visibility)
        raise LabelError(f"visibility {fields['visibility']!r} is not one of: {legal}") from None
    instances = fields.get("instances", [])
    if not isinstance(instances, list):
        raise LabelError(f"instances must be a list; got {type(instances).__name__}")
    if len(instances) > label_type.max_instances(options):
        raise LabelError(
            f"{len(instances)} instances where this question allows {label_type.max_instances(options)}"
        )
    parsed = tuple(label_type.parse_instance(i, options) for i in instances)
    label_type.check_together(parsed, options)
    return Label(visibility, parsed)


def dump_label(label_type: AnyLabelType, label: Label[Any]) -> dict[str, Json]:
    """Write a label to JSON; `parse_label` reads it back equal."""
    return {
        "visibility": label.visibility.value,
        "instances": [label_type.dump_instance(i) for i in label.instances],
    }
