"""What a label format must say of itself, and the records that formats write and read.

A **record** is one label about one image: an expert's answer, or the settled one that a release stands for.
A **codec** turns records into the files of another system and back. Codecs know labels and nothing of the
catalog, so every one can be tested with made-up records. Which questions a codec carries follows from the
forms of their label types: a question without such a form is refused by name, never dropped in silence.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from unisono.base import plugins
from unisono.base.errors import FormatError
from unisono.formats.names import FRAME, Names
from unisono.labels.base import Form, Space, Visibility
from unisono.labels.protocol import Question

Files = Mapping[str, bytes]
"""Content by path inside the release, with ``/``."""
SPLITS = ("train", "tune", "ival")
"""Names of the parts of a release, Unity's words: train, tune, internal validation."""


@dataclass(frozen=True, slots=True)
class LabelRecord:
    """One label about one image.

    Parameters
    ----------
    image : str
        Frame code ``CC-<64 hex>-NNNN``, or clip code when the whole clip was asked about.
    question : str
        Key of the question.
    expert : str or None
        Pseudonym; None for the settled label of the release.
    label : dict
        ``{"visibility": ..., "instances": [...]}``, as the label type writes it.
    at : str
        When it was given, ISO 8601 with zone; empty when unknown.
    id : str
        Of the answer; empty for settled labels and foreign files.
    """

    image: str
    question: str
    expert: str | None
    label: dict[str, Any]
    at: str = ""
    id: str = ""

    @property
    def visibility(self) -> Visibility:
        """What was said of the structure."""
        return Visibility(self.label["visibility"])

    @property
    def instances(self) -> list[dict[str, Any]]:
        """The instances in JSON, empty unless the structure was seen."""
        return list(self.label.get("instances", ()))


@dataclass(frozen=True, slots=True)
class Dataset:
    """What a codec writes.

    Parameters
    ----------
    project : str
        Name of the project, for formats that say it.
    questions : sequence of Question
        Those whose labels are in the records, in the protocol's order.
    answers : sequence of LabelRecord
        One an expert, image and question.
    settled : sequence of LabelRecord
        One an image and question.
    split_of : mapping of str to str
        ``train``, ``tune`` or ``ival`` by image.
    """

    project: str
    questions: Sequence[Question]
    answers: Sequence[LabelRecord]
    settled: Sequence[LabelRecord]
    split_of: Mapping[str, str] = field(default_factory=dict)

    @property
    def images(self) -> list[str]:
        """The images with a settled label, sorted."""
        return sorted({r.image for r in self.settled})


@dataclass(frozen=True, slots=True)
class Reading:
    """What a codec read.

    Parameters
    ----------
    answers, settled : tuple of LabelRecord
    kinds : mapping of str to str
        Name of the label type of each question that was found.
    split_of : mapping of str to str
        By image; empty when the files do not say.
    """

    answers: tuple[LabelRecord, ...] = ()
    settled: tuple[LabelRecord, ...] = ()
    kinds: Mapping[str, str] = field(default_factory=dict)
    split_of: Mapping[str, str] = field(default_factory=dict)


class Codec(ABC):
    """One label format; subclasses live in ``formats/codecs``, one file each, as the constant ``CODEC``."""

    name: ClassVar[str]
    """What the command line calls it."""
    title: ClassVar[str]
    """What it is, in a line for the docs."""
    forms: ClassVar[frozenset[Form]]
    """The forms that it can carry."""
    loose: ClassVar[frozenset[str]] = frozenset()
    """Files that lie in the release itself, because outsiders look for them there, and not in its zip."""
    needs_consensus: ClassVar[bool] = False
    """Whether its settled labels are called a consensus and may be nothing else."""

    settled_in: ClassVar[str]
    """The file that holds the settled labels."""

    @abstractmethod
    def write(self, data: Dataset) -> dict[str, bytes]:
        """Return the format's files.

        Raises
        ------
        FormatError
            If a question has none of the format's forms; `lacks` tells beforehand.
        """

    @abstractmethod
    def read(self, files: Files, names: Names | None = None) -> Reading:
        """Read the format's files; files of other kinds are not looked at.

        Raises
        ------
        FormatError
            If none of the format's files is there, or one is malformed; names file, image and label.
        """

    def faults(self, files: Files, data: Dataset) -> Iterator[str]:  # noqa: ARG002  # most say nothing twice
        """Yield where the files contradict one another, or the answers; names file and image.

        Parameters
        ----------
        files : mapping of str to bytes
        data : Dataset
            Questions that the format carries, answers and parts, from elsewhere in the release.
        """
        yield from ()

    def lacks(self, question: Question) -> str:
        """Return why the format cannot carry a question; empty when it can."""
        if self.forms & question.label_type.forms:
            if question.label_type.space is Space.IMAGE:
                return ""
            return f"format {self.name!r} carries places in images; question {question.key!r} is of time"
        has, can = (", ".join(sorted(forms)) for forms in (question.label_type.forms, self.forms))
        return f"format {self.name!r} carries {can}; question {question.key!r} has form {has}"

    def check(self, data: Dataset) -> None:
        """Refuse what the format cannot carry.

        Raises
        ------
        FormatError
            By the question's name and form; or when a record belongs to no question, or to a whole clip.
        """
        for question in data.questions:
            reason = self.lacks(question)
            if reason:
                raise FormatError(reason)
        keys = {q.key for q in data.questions}
        for record in (*data.answers, *data.settled):
            if record.question not in keys:
                raise FormatError(f"{record.image}: label {record.question!r} is of no question given")
            if not FRAME.match(record.image):
                raise FormatError(f"{record.image}: format {self.name!r} carries labels of single frames")


def codecs() -> dict[str, Codec]:
    """Return the formats by name."""
    return plugins.load("unisono.formats.codecs", "CODEC", Codec)
