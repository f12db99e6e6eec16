"""A protocol: the questions, how they are asked, of how many experts; read from YAML and checked whole.

``annotate`` ships protocols and asks them, ``agree`` and ``release`` read the same object, so it lives below
the rooms. A protocol that is in use never changes: a change is a new ``version``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import yaml

from unisono.base.errors import LabelError, ProtocolError
from unisono.labels.base import AnyLabelType, Form, Label, Visibility, label_types, parse_label
from unisono.labels.clashes import clashes, loose_ties
from unisono.labels.conditions import Condition, loose_conditions, parse_when
from unisono.labels.learning import Example, Reason, parse_examples, parse_reasons
from unisono.labels.parsing import Json
from unisono.labels.plain_yaml import load_yaml
from unisono.labels.sets import SetPlan, parse_plan

N_HUES = 10
N_DIGITS = 9
"""Questions beyond these have no hotkey unless the protocol gives them one."""
T = TypeVar("T")
ITEMS = ("frame", "clip", "set")


@dataclass(frozen=True, slots=True)
class Question:
    """One structure or decision.

    Parameters
    ----------
    key : str
        Its name in files, such as ``curve-lv-endo``.
    title : str
        Its name on the screen.
    label_type : LabelType
    options : object
        The label type's own options, parsed.
    raw_options : dict
        The same as written in the protocol.
    hotkey : str
    hue : int
        Index into the page's ten structure colours.
    visibilities : tuple of Visibility
        The answers besides ``seen`` that are offered.
    required : bool
        An item is finished only with an answer to it, while it is asked.
    help : str
    when : tuple of Condition
        It is asked only while all of these hold.
    examples : tuple of Example
    """

    key: str
    title: str
    label_type: AnyLabelType
    options: Any
    raw_options: dict[str, Json]
    hotkey: str
    hue: int
    visibilities: tuple[Visibility, ...]
    required: bool
    help: str
    when: tuple[Condition, ...] = ()
    examples: tuple[Example, ...] = ()

    def parse(self, raw: Json) -> Label[Any]:
        """Read an answer to this question from JSON.

        Raises
        ------
        LabelError
            If it is not of the question's form, or says a visibility that the question does not offer.
        """
        try:
            label = parse_label(self.label_type, self.options, raw)
        except LabelError as error:
            raise LabelError(f"{self.key}: {error}") from None
        legal = (Visibility.SEEN, Visibility.UNASKED, *self.visibilities)
        if label.visibility not in legal:
            raise LabelError(
                f"{self.key}: visibility {label.visibility.value!r} is not offered; "
                f"legal: {', '.join(v.value for v in legal)}"
            )
        return label


@dataclass(frozen=True, slots=True)
class Protocol:
    """What is asked of the experts.

    Parameters
    ----------
    name : str
    version : int
    title : str
    item : str
        What an expert is shown at once: ``frame`` (with its clip to play), ``clip``, or ``set``: several of
        them, to be put in order.
    experts_per_item : int
        How many finished answers an item wants.
    instructions : str
        Shown beside the image, Markdown.
    questions : tuple of Question
    unusable_reasons : tuple of Reason
        What "this item cannot be used" may mean.
    text : str
        The YAML it was read from.
    sets : SetPlan or None
        How the sets are made; None unless the item is one.
    """

    name: str
    version: int
    title: str
    item: str
    experts_per_item: int
    instructions: str
    questions: tuple[Question, ...]
    unusable_reasons: tuple[Reason, ...]
    text: str
    sets: SetPlan | None = None

    def question(self, key: str) -> Question:
        """Return a question by key.

        Raises
        ------
        LabelError
            If the protocol does not ask it.
        """
        for question in self.questions:
            if question.key == key:
                return question
        legal = ", ".join(q.key for q in self.questions)
        raise LabelError(f"protocol {self.name!r} has no question {key!r}; it asks: {legal}")


def parse_protocol(text: str, where: str = "protocol") -> Protocol:
    """Read a protocol from YAML.

    Parameters
    ----------
    text : str
    where : str
        Named in errors: the file, usually.

    Raises
    ------
    ProtocolError
        If it is no YAML, a key is missing or unknown, a label type is unknown, an option is wrong, or two
        questions share a key, a hotkey or a tie that does not fit. The message names the place.
    """
    try:
        raw = load_yaml(text)
    except yaml.YAMLError as error:
        raise ProtocolError(f"{where}: not YAML: {_yaml_fault(error)}") from None
    fields = _keys(raw, where, _PROTOCOL_KEYS, _PROTOCOL_DEFAULTS)
    item = fields["item"]
    if item not in ITEMS:
        raise ProtocolError(f"{where}: item must be frame, clip or set; got {item!r}")
    rows = fields["questions"]
    if not isinstance(rows, list) or not rows:
        raise ProtocolError(f"{where}: questions must be a list of one or more")
    questions = tuple(_question(row, i, f"{where}: questions[{i}]") for i, row in enumerate(rows))
    for clash in (*clashes(questions), *loose_ties(questions), *loose_conditions(questions)):
        raise ProtocolError(f"{where}: {clash}")
    return Protocol(
        name=_text(fields, "protocol", where),
        version=_count(fields, "version", where),
        title=_text(fields, "title", where),
        item=item,
        experts_per_item=_count(fields, "experts_per_item", where),
        instructions=str(fields["instructions"]),
        questions=questions,
        unusable_reasons=_read(parse_reasons, fields["unusable_reasons"], where),
        text=text,
        sets=_sets(fields["set"], item, questions, where),
    )


_PROTOCOL_DEFAULTS: dict[str, Json] = {
    "instructions": "",
    "experts_per_item": 3,
    "unusable_reasons": ["wrong view", "image quality", "wrong phase", "other"],
    "set": None,
}
_PROTOCOL_KEYS = {"protocol", "version", "title", "item", "questions", *_PROTOCOL_DEFAULTS}
_QUESTION_DEFAULTS: dict[str, Json] = {
    "options": {},
    "hotkey": None,
    "hue": None,
    "visibility": ["blurred", "off"],
    "required": True,
    "help": "",
    "when": {},
    "examples": [],
}
_QUESTION_KEYS = {"key", "title", "label", *_QUESTION_DEFAULTS}


def _yaml_fault(error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        mark = error.problem_mark
        return f"{error.problem} in line {mark.line + 1}, column {mark.column + 1}"
    return " ".join(str(error).split())


def _keys(raw: Json, where: str, keys: set[str], defaults: dict[str, Json]) -> dict[str, Json]:
    if not isinstance(raw, Mapping):
        raise ProtocolError(f"{where}: must be a mapping; got {type(raw).__name__}")
    unknown = sorted(str(k) for k in raw.keys() - keys)
    missing = sorted(keys - defaults.keys() - raw.keys())
    if unknown or missing:
        wrong = [f"missing {k}" for k in missing] + [f"unknown {k}" for k in unknown]
        raise ProtocolError(f"{where}: {', '.join(wrong)}; legal: {', '.join(sorted(keys))}")
    return {**defaults, **raw}


def _text(fields: dict[str, Json], key: str, where: str) -> str:
    value = fields[key]
    if not isinstance(value, str) or not value.strip():
        raise ProtocolError(f"{where}: {key} must be a text that is not empty; got {value!r}")
    return value


def _count(fields: dict[str, Json], key: str, where: str) -> int:
    value = fields[key]
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ProtocolError(f"{where}: {key} must be a whole number of 1 or more; got {value!r}")
    return value


def _question(raw: Json, index: int, where: str) -> Question:
    fields = _keys(raw, where, _QUESTION_KEYS, _QUESTION_DEFAULTS)
    types, name = label_types(), fields["label"]
    if name not in types:
        raise ProtocolError(f"{where}: unknown label type {name!r}; there are: {', '.join(types)}")
    options = fields["options"]
    if not isinstance(options, Mapping):
        raise ProtocolError(f"{where}: options must be a mapping; got {type(options).__name__}")
    parsed = _read(types[name].parse_options, options, where)
    hue = index % N_HUES if fields["hue"] is None else fields["hue"]
    if hue not in range(N_HUES):
        raise ProtocolError(f"{where}: hue must be 0 to {N_HUES - 1}; got {hue!r}")
    numbered = str(index + 1) if index < N_DIGITS else ""
    hotkey = numbered if fields["hotkey"] is None else str(fields["hotkey"]).lower()
    return Question(
        key=_text(fields, "key", where),
        title=_text(fields, "title", where),
        label_type=types[name],
        options=parsed,
        raw_options=dict(options),
        hotkey=hotkey,
        hue=hue,
        visibilities=_visibilities(fields["visibility"], where),
        required=bool(fields["required"]),
        help=str(fields["help"]),
        when=_read(parse_when, fields["when"], where),
        examples=_read(parse_examples, fields["examples"], where),
    )


def _read(parse: Callable[[Any], T], raw: Json, where: str) -> T:
    try:
        return parse(raw)
    except LabelError as error:
        raise ProtocolError(f"{where}: {error}") from None


def _sets(raw: Json, item: str, questions: tuple[Question, ...], where: str) -> SetPlan | None:
    orders = [Form.ORDER in q.label_type.forms for q in questions]
    if item != "set":
        if raw is not None or any(orders):
            raise ProtocolError(
                f"{where}: an order, and how its sets are made, needs the item set; got {item}"
            )
        return None
    if not all(orders):
        raise ProtocolError(f"{where}: every question about a set must be an order")
    return _read(parse_plan, {} if raw is None else raw, where)


def _visibilities(raw: Json, where: str) -> tuple[Visibility, ...]:
    offered = {v.value: v for v in (Visibility.BLURRED, Visibility.OFF)}
    if not isinstance(raw, list) or any(v not in offered for v in raw):
        raise ProtocolError(f"{where}: visibility must be a list out of {', '.join(offered)}; got {raw!r}")
    return tuple(offered[v] for v in raw)
