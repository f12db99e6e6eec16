"""The pictures of examples: files that ship beside the protocols, in ``protocols/examples``."""

from collections.abc import Iterator
from importlib.resources import files

from unisono.labels.learning import PICTURE
from unisono.labels.protocol import Protocol


def picture_bytes(name: str) -> bytes | None:
    """Return a picture by name, or None where there is none of that name."""
    if not PICTURE.match(name):
        return None
    path = files("unisono.annotate").joinpath("protocols", "examples", name)
    return path.read_bytes() if path.is_file() else None


def lacking(protocol: Protocol) -> Iterator[str]:
    """Tell of each example whose picture is not there."""
    for question in protocol.questions:
        for example in question.examples:
            if picture_bytes(example.picture) is None:
                yield f"{question.key}: there is no picture {example.picture!r} in protocols/examples"
